#!/usr/bin/env node
// storm - every fault against the sound program, and against the program with each defect that the fault must show.
//
//   storm [FAULT...] [--short] [--json] [--seed N] [--seconds N] [--no-defects]
//
// AVAL_BUILD names the build of the program, AVAL_STORM_BUILD the one with defects to choose from.  --short is for every
// change, --seconds sets the time of each fault.  A failing run is replayed with its fault and its --seed.
// With --json the last line is one object of counts a fault; otherwise it counts what passed.
import path from 'node:path';
import { root } from '../api/harness.mjs';
import { commit, crash } from './crash.mjs';
import { diskError, diskFull } from './disk.mjs';
import { powerCut } from './power.mjs';
import { allocation, ceiling } from './memory.mjs';
import { descriptors } from './descriptors.mjs';
import { race } from './race.mjs';
import { scan } from './scan.mjs';
import { Caught, World } from './world.mjs';

const all = [crash, commit, race, diskFull, diskError, powerCut, allocation, ceiling, descriptors, scan];

function options(argv) {
  const o = { names: [], seed: Date.now() % 1000000, seconds: 0, isShort: false, isJson: false, hasDefects: true };
  const number = (text) => { if (!/^\d+$/.test(text ?? '')) throw new Error(`not a number: ${text}`); return Number(text); };
  for (let i = 0; i < argv.length; i++) {
    switch (argv[i]) {
      case '--short': o.isShort = true; break;
      case '--json': o.isJson = true; break;
      case '--no-defects': o.hasDefects = false; break;
      case '--seed': o.seed = number(argv[++i]); break;
      case '--seconds': o.seconds = number(argv[++i]); break;
      default:
        if (!all.some((fault) => fault.name === argv[i])) throw new Error(`no fault is called ${argv[i]}: ${all.map((f) => f.name).join(', ')}`);
        o.names.push(argv[i]);
    }
  }
  return o;
}

async function storm(fault, setting) {
  const w = new World(setting);
  const began = performance.now();
  let counts = {};
  try {
    counts = await fault.run(w);
  } catch (error) {
    if (!(error instanceof Caught)) w.violations.set('broken', { count: 1, first: error.stack });
  } finally {
    await w.finish();
  }
  return { counts, violations: w.violations, seconds: (performance.now() - began) / 1000 };
}

const told = (violations) => [...violations].map(([name, { count, first }]) => `    ${name} x ${count}: ${first}`).join('\n');

let o;
try {
  o = options(process.argv.slice(2));
} catch (error) {
  console.error(`storm: ${error.message}`);
  process.exit(64);
}
const build = path.resolve(root, process.env.AVAL_BUILD ?? 'build', 'aval');
const stormBuild = path.resolve(root, process.env.AVAL_STORM_BUILD ?? 'build-storm');
const results = {};
let passed = 0, failed = 0, planted = 0, caughtCount = 0;
for (const fault of all.filter(({ name }) => o.names.length === 0 || o.names.includes(name))) {
  const seconds = o.seconds || (o.isShort ? fault.seconds : 60);
  const setting = {
    binary: build, seed: o.seed, seconds, isLong: !o.isShort,
    faultio: path.join(stormBuild, 'tests/storm/faultio.so'), crasher: path.join(stormBuild, 'tests/storm/commit_crash'),
  };
  const { counts, violations, seconds: took } = await storm(fault, setting);
  const isSound = violations.size === 0;
  isSound ? passed++ : failed++;
  const result = results[fault.name] = { ...counts, violations: violations.size, caught: [] };
  console.log(`${isSound ? 'ok    ' : 'FAILED'} ${fault.name}: ${fault.title} (${took.toFixed(1)} s, seed ${o.seed})`);
  console.log(`       ${Object.entries(counts).map(([name, value]) => `${name} ${value}`).join(', ')}`);
  if (!isSound) console.log(told(violations));
  for (const [defect, shows] of Object.entries(o.hasDefects ? fault.defects : {})) {
    // What hangs on a moment gets three chances.
    let run, isCaught = false;
    for (let i = 0; i < 3 && !isCaught; i++) {
      run = await storm(fault, { ...setting, binary: path.join(stormBuild, 'aval'), defect, shows, seed: o.seed + i, seconds: Math.min(seconds, fault.seconds), isLong: false });
      isCaught = shows.some((name) => run.violations.has(name));
    }
    planted++;
    if (isCaught) {
      passed++;
      caughtCount++;
      result.caught.push(defect);
      console.log(`caught ${fault.name} with ${defect}, by ${shows.filter((name) => run.violations.has(name)).join()} (${run.seconds.toFixed(1)} s)`);
    } else {
      failed++;
      console.log(`MISSED ${fault.name} with ${defect}: wanted ${shows.join(' or ')}\n${told(run.violations)}`);
    }
  }
}
if (o.isJson) console.log(JSON.stringify({ seed: o.seed, faults: results, defects: planted, caught: caughtCount, passed, failed }));
else console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
