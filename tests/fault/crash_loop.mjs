#!/usr/bin/env node
// crash_loop - kill -9 under load, again and again, with the books kept outside.
//
// Callers post decisions, each application with an Idempotency-Key of its own.  The server is killed at a random
// moment, or the instant an answer has come in, which is the worst one: whoever answers before the commit is caught
// there.  Whatever was not answered is sent again with the same key once the server is back.  In the end every answered decision
// must be there with the bytes that were answered, no key may have made two, and the audit chain must verify after each cycle.
//
//   crash_loop [CYCLES [CALLERS [SEED]]]        AVAL_BUILD names the build directory
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { aval, caller, folder, runJson, serve, sound } from '../api/harness.mjs';

const [cycles = 50, callers = 32, seed = Date.now() % 100000] = process.argv.slice(2).map(Number);

// splitmix32: the same seed kills at the same moments.
let state = seed;
const random = () => {
  state = (state + 0x9e3779b9) | 0;
  let z = state ^ (state >>> 16);
  z = Math.imul(z, 0x21f0aaad);
  z ^= z >>> 15;
  z = Math.imul(z, 0x735a2d97);
  return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
};

// A large application takes long to commit: whoever answers first and commits later is caught in between.
const small = JSON.stringify(sound());
const large = JSON.stringify({
  ...sound(), bank_accounts: [{ currency: 'EUR', transactions: Array.from({ length: 1500 }, (_, i) =>
    ({ date: '2026-08-03', amount: `${i}.00`, label: `a transaction with a label of some length, number ${i}` })) }],
});
const f = folder();
const db = path.join(f.dir, 'aval.db');
runJson('tenant', 'create', 'crash', '--db', db);
const key = runJson('key', 'create', '--tenant', 'crash', '--mode', 'test', '--db', db).key;

const answered = new Map(); // idempotency key -> the bytes that were answered
let unknown = [];           // keys that were sent and not answered
let sent = 0, retried = 0, differing = 0;

async function apply(call, name) {
  const answer = await call('POST', '/v1/decisions', name.startsWith('large') ? large : small, { 'idempotency-key': name });
  if (answer.status === 409 || answer.status === 503) return false;
  assert.equal(answer.status, 201, answer.text);
  const before = answered.get(name);
  if (before !== undefined && before !== answer.text) differing++;
  answered.set(name, answer.text);
  return true;
}

async function callUntilItDies(call, dead, kind) {
  while (!dead.is) {
    const again = unknown.pop();
    const name = again ?? `${kind}-${sent++}`;
    if (again !== undefined) retried++;
    try {
      if (!(await apply(call, name))) unknown.push(name);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      unknown.push(name);
      return;
    }
  }
}

let failures = 0;
for (let cycle = 0; cycle < cycles; cycle++) {
  const server = await serve(db, ['--no-tls', '--log', 'error']);
  const dead = { is: false };
  const die = () => {
    dead.is = true;
    server.child.kill('SIGKILL');
  };
  // Every other cycle dies with the first answer of a batch: the first after a pause.
  const killAt = cycle % 2 === 0 ? answered.size + 10 + Math.floor(random() * 100) : Infinity;
  let last = 0;
  const call = caller(server.url, key, undefined, () => {
    const now = performance.now();
    if (!dead.is && answered.size >= killAt && now - last > 0.5) die();
    last = now;
  });
  const work = Promise.all(Array.from({ length: callers }, () => callUntilItDies(call, dead, killAt === Infinity ? 'small' : 'large')));
  if (killAt === Infinity) setTimeout(die, 20 + random() * 180);
  await server.ended;
  await work;
  try {
    execFileSync(aval, ['verify', '--db', db, '--json'], { stdio: 'pipe' });
  } catch (error) {
    failures++;
    console.log(`cycle ${cycle}: the chain does not verify: ${error.stdout}${error.stderr}`);
  }
}

// Now in peace: what was unknown gets its answer, and the books are compared.
const server = await serve(db, ['--no-tls', '--log', 'error']);
const call = caller(server.url, key);
for (const name of unknown.splice(0)) assert.ok(await apply(call, name));
let lost = 0;
for (const text of answered.values()) {
  const read = await call('GET', `/v1/decisions/${JSON.parse(text).id}`);
  if (read.status !== 200 || read.text !== text) lost++;
}
let stored = 0;
for (let target = '/v1/decisions?limit=200'; target;) {
  const page = await call('GET', target);
  stored += page.json().data.length;
  target = page.headers.link?.match(/<([^>]+)>/)?.[1];
}
const duplicated = stored - answered.size;
const report = JSON.parse(execFileSync(aval, ['verify', '--db', db, '--json']));
await server.stop();
f.remove();

console.log(`seed ${seed}: ${cycles} kills, ${answered.size} acknowledged, ${retried} retried: ${lost} lost, ${duplicated} duplicated, ` +
  `${differing} answered differently, ${failures} broken chains, ${report.entries} entries`);
const checks = [lost === 0, duplicated === 0, differing === 0, failures === 0, report.valid, answered.size > cycles];
const failed = checks.filter((ok) => !ok).length;
console.log(`${checks.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
