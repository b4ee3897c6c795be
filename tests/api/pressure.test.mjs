// pressure.test.mjs - too much at once: exactly as many as have places are admitted, the others are told when to come again, that
// is true, and nobody who was admitted is forgotten.
//
// The disk is held still by holding the database's write lock from outside: the committer waits for it, and so do the decisions.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { caller, runJson, send, sound, start } from './harness.mjs';
import { read, sum } from './prometheus.mjs';
import { CANCEL, END_HEADERS, HEADERS, PREFACE, RST_STREAM, SETTINGS, block, frame, number } from '../suites/http2_frames.mjs';

const HOLD = 'import sqlite3,sys;d=sqlite3.connect(sys.argv[1],isolation_level=None,timeout=30);d.execute("BEGIN IMMEDIATE");print(1,flush=True);sys.stdin.read()';

// Hold what is written until release() is called; the committer gives up after five seconds.
async function hold(db) {
  const child = spawn('python3', ['-c', HOLD, db], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  await new Promise((resolve, reject) => { child.stdout.once('data', resolve); child.once('exit', () => reject(new Error('no lock'))); });
  return { release: async () => { child.stdin.end(); await ended; } };
}

const metrics = async (s) => read((await send(`${s.url}/metrics`)).text);
const inFlight = async (s, kind) => sum(await metrics(s), 'aval_requests_in_flight', { kind });

async function until(what, isTrue) {
  for (let i = 0; i < 2000; i++) {
    if (await isTrue()) return;
    await pause(2);
  }
  assert.fail(`in vain: ${what}`);
}

const decide = (call, name) => call('POST', '/v1/decisions', sound(), { 'idempotency-key': name });

function assertTurnedAway(answer, status, slug) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  const problem = answer.json();
  assert.equal(problem.type, `/problems/${slug}`);
  assert.equal(problem.request_id, answer.headers['request-id']);
  assert.equal(answer.headers['server-timing'], undefined, 'nothing was computed');
  const seconds = Number(answer.headers['retry-after']);
  assert.ok(Number.isInteger(seconds) && seconds >= 1 && seconds <= 30, answer.headers['retry-after']);
  assert.match(problem.detail, new RegExp(`Retry-After says ${seconds} s\\.$`), 'the text says what the header says');
  return seconds;
}

// A server that does not outlive a test that failed.
async function serving(t, ...extra) {
  const s = await start({ extra: ['--no-tls', ...extra] });
  t.after(() => s.kill());
  return s;
}

describe('four requests at a time', () => {
  test('of one key two are admitted, of all three decisions; reads and probes live; all that was admitted is answered', { timeout: 60000 }, async (t) => {
    const s = await serving(t, '--in-flight', '4'); // three of a kind, two of a key
    for (const call of [s.call, s.live]) assert.equal((await decide(call, 'before')).status, 201);
    const lock = await hold(s.db);
    const admitted = [decide(s.call, 'a'), decide(s.call, 'b')];
    await until('two in flight', async () => await inFlight(s, 'decision') === 2);

    // The share of the key.
    const seconds = assertTurnedAway(await decide(s.call, 'c'), 429, 'too-many-requests');
    assertTurnedAway(await s.call('GET', '/v1/decisions'), 429, 'too-many-requests');

    // The share of decisions; one place is left, for reads.
    admitted.push(decide(s.live, 'd'));
    await until('three in flight', async () => await inFlight(s, 'decision') === 3);
    assertTurnedAway(await decide(s.live, 'e'), 503, 'temporary-reduced-capacity');
    assert.equal((await s.live('GET', '/v1/decisions')).status, 200);
    for (const target of ['/livez', '/readyz', '/metrics', '/openapi.json']) assert.equal((await send(s.url + target)).status, 200, target);

    const families = await metrics(s);
    assert.equal(sum(families, 'aval_requests_in_flight_limit'), 4);
    assert.equal(sum(families, 'aval_requests_turned_away_total', { limit: 'key' }), 2);
    assert.equal(sum(families, 'aval_requests_turned_away_total', { limit: 'kind' }), 1);
    assert.equal(sum(families, 'aval_requests_turned_away_total', { limit: 'all' }), 0);

    await lock.release();
    for (const answer of await Promise.all(admitted)) assert.equal(answer.status, 201, answer.text);
    assert.equal(await inFlight(s, 'decision'), 0);

    // Whoever waits just as long as he was told is served, with the same key.
    await pause(seconds * 1000);
    assert.equal((await decide(s.call, 'c')).status, 201);
    assert.equal((await decide(s.live, 'e')).status, 201);
    assert.equal((await s.stop()).code, 0);
  });

  test('with all places taken everybody with a key is told so, and nobody without one', { timeout: 60000 }, async (t) => {
    const s = await serving(t, '--in-flight', '1');
    assert.equal((await decide(s.call, 'before')).status, 201);
    const lock = await hold(s.db);
    const admitted = decide(s.call, 'a');
    await until('one in flight', async () => await inFlight(s, 'decision') === 1);
    assertTurnedAway(await s.call('GET', '/v1/decisions'), 503, 'temporary-reduced-capacity');
    // Before its key is looked at: a wrong one costs no more.
    assertTurnedAway(await caller(s.url, 'sk_test_wrong')('GET', '/v1/decisions'), 503, 'temporary-reduced-capacity');
    assert.equal((await send(`${s.url}/readyz`)).status, 200);
    await lock.release();
    assert.equal((await admitted).status, 201);
    assert.equal((await s.call('GET', '/v1/decisions')).json().data.length, 2);
    assert.equal((await s.stop()).code, 0);
  });

  test('over HTTP/2 whoever would be refused is refused before his body is read', { timeout: 60000 }, async (t) => {
    const s = await serving(t, '--in-flight', '4'); // three of a kind, two of a key
    for (const key of [s.testKey, s.liveKey]) assert.equal((await decide(caller(s.url, key), 'before')).status, 201);
    const session = http2.connect(s.url);
    t.after(() => session.destroy());
    // The head of a request, and its answer while the body is still to come.
    const head = (key, method = 'POST', path = '/v1/decisions') => new Promise((resolve, reject) => {
      const stream = session.request({
        ':method': method, ':path': path, authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-length': '2',
      }, { endStream: false });
      let text = '';
      stream.on('error', reject).on('response', (headers) => {
        stream.setEncoding('utf8').on('data', (part) => { text += part; })
          .on('end', () => resolve({ status: headers[':status'], headers, text, json: () => JSON.parse(text), finish: () => stream.end('{}') }));
      });
    });
    const lock = await hold(s.db);
    t.after(() => lock.release());
    const admitted = [decide(s.call, 'a'), decide(s.call, 'b')];
    await until('two in flight', async () => await inFlight(s, 'decision') === 2);
    assertTurnedAway(await head(s.testKey), 429, 'too-many-requests');
    admitted.push(decide(s.live, 'c'));
    await until('three in flight', async () => await inFlight(s, 'decision') === 3);
    const early = await head(s.liveKey);
    assertTurnedAway(early, 503, 'temporary-reduced-capacity');
    // Who is refused for another reason hears that one.
    assert.equal((await head(s.liveKey.slice(0, -1) + (s.liveKey.endsWith('a') ? 'b' : 'a'))).status, 401);
    early.finish(); // a body that comes all the same disturbs nobody
    // Who goes in the same breath is refused nothing, and counted under the path he asked for.
    const url = new URL(s.url);
    const gone = net.connect(url.port, url.hostname);
    t.after(() => gone.destroy());
    gone.on('error', () => {});
    gone.write(Buffer.concat([PREFACE, frame(SETTINGS, 0, 0),
      frame(HEADERS, END_HEADERS, 1, block([[':method', 'POST'], [':scheme', 'http'], [':path', '/v1/decisions'], [':authority', url.host],
        ['authorization', `Bearer ${s.liveKey}`]])),
      frame(RST_STREAM, 0, 1, number(CANCEL))]));
    const cut = async (route) => sum(await metrics(s), 'aval_http_requests_total', { method: 'POST', route, code: 'none' });
    await until('one that was cut', async () => await cut('/v1/decisions') + await cut('unknown') === 1);
    assert.equal(await cut('/v1/decisions'), 1);
    const families = await metrics(s);
    assert.equal(sum(families, 'aval_requests_turned_away_total', { limit: 'key' }), 1);
    assert.equal(sum(families, 'aval_requests_turned_away_total', { limit: 'kind' }), 1);
    await lock.release();
    for (const answer of await Promise.all(admitted)) assert.equal(answer.status, 201, answer.text);
    assert.equal(await inFlight(s, 'decision'), 0, 'what was refused holds nothing');
    assert.equal((await decide(s.live, 'd')).status, 201);
    assert.equal((await s.stop()).code, 0);
  });

  test('refusals of every kind give their place back', { timeout: 60000 }, async (t) => {
    const s = await serving(t, '--in-flight', '1');
    const readOnly = caller(s.url, runJson('key', 'create', '--tenant', 'acme', '--mode', 'test', '--scopes', 'decisions:read', '--db', s.db).key);
    const rows = [
      [401, () => caller(s.url, undefined)('GET', '/v1/decisions')],
      [401, () => caller(s.url, s.testKey.slice(0, -1) + (s.testKey.endsWith('a') ? 'b' : 'a'))('GET', '/v1/decisions')],
      [403, () => readOnly('POST', '/v1/decisions', sound())],
      [404, () => s.call('GET', '/v1/decisions/dec_0000000000000000000000000')],
      [400, () => s.call('GET', '/v1/decisions?limt=1')],
      [400, () => s.call('POST', '/v1/decisions', '{')],
      [415, () => s.call('POST', '/v1/decisions', '{}', { 'content-type': 'text/plain' })],
      [422, () => s.call('POST', '/v1/decisions', {})],
      [200, () => s.call('POST', '/v1/decisions?dry_run=true', sound())],
      [201, () => decide(s.call, 'once')],
      [201, () => decide(s.call, 'once')],
      [200, async () => s.call('POST', '/v1/decisions:simulate', { from: (await s.call('GET', '/v1/decisions')).json().data[0].id, changes: { request: { terms_days: 30 } } })],
    ];
    for (let round = 0; round < 2; round++) {
      for (const [status, ask] of rows) assert.equal((await ask()).status, status);
    }
    for (const kind of ['decision', 'read', 'unknown_key']) assert.equal(await inFlight(s, kind), 0, kind);
    assert.equal((await s.stop()).code, 0);
  });
});

describe('told to stop while all is held', () => {
  test('is not ready at once, answers what it has admitted, and ends with 0, whoever does not read', { timeout: 60000 }, async (t) => {
    const s = await serving(t);
    assert.equal((await decide(s.call, 'before')).status, 201);
    const lock = await hold(s.db);
    const admitted = Array.from({ length: 40 }, (_, i) => decide(s.call, `held-${i}`));
    // One asks and never reads.
    const body = JSON.stringify(sound());
    const deaf = net.connect(Number(new URL(s.url).port), '127.0.0.1');
    deaf.on('error', () => {});
    deaf.pause();
    deaf.write(`POST /v1/decisions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${s.testKey}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    await until('all in flight', async () => await inFlight(s, 'decision') === 41);

    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const ready = () => new Promise((resolve, reject) => {
      http.get(`${s.url}/readyz`, { agent }, (answer) => { answer.resume(); answer.on('end', () => resolve({ status: answer.statusCode, connection: answer.headers.connection })); }).on('error', reject);
    });
    assert.equal((await ready()).status, 200);
    const began = performance.now();
    s.child.kill('SIGTERM');
    let answer;
    do { answer = await ready(); } while (answer.status === 200 && answer.connection !== 'close');
    assert.equal(answer.status, 503);
    await lock.release();
    for (const one of await Promise.all(admitted)) assert.equal(one.status, 201, one.text);
    assert.deepEqual(await s.ended, { code: 0, signal: null });
    assert.ok(performance.now() - began < 10000);
    deaf.destroy();
    agent.destroy();
    assert.equal(runJson('verify', '--db', s.db).valid, true);
  });
});
