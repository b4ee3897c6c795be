// large.mjs - what the large forms of the door's tests share: named checks, their figures, the closing count.
let passed = 0, failed = 0;

// Runs `check`, which returns its figures or throws.
export async function claim(name, check) {
  const began = performance.now();
  try {
    const figures = await check();
    passed++;
    console.log(`ok     ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)${figures ? `: ${figures}` : ''}`);
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}: ${error.message}`);
  }
}
export function hold(is, what) {
  if (!is) throw new Error(what);
}
export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
