// draining.test.mjs - SIGTERM under load: what is in flight is answered, nothing is reset, exit 0 within ten seconds.
//
// A request counts as safe when it was answered, or refused in a way that says it was not begun: no connection to be had,
// or a stream above the last one that GOAWAY names (REFUSED_STREAM).  Everything else was cut.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { openDoor, target } from './door.mjs';
import { END_HEADERS, END_STREAM, GOAWAY, HEADERS, NO_ERROR, DATA, block, frame, open, request } from './http2_frames.mjs';

const body = Buffer.alloc(20000, 'x');
const isDone = (outcomes) => outcomes.answered >= 400;

async function overHttp1(door, outcomes, stopped) {
  const lib = door.secure ? https : http;
  const agent = new lib.Agent({ keepAlive: true, maxSockets: 1, ca: door.ca });
  while (!stopped()) {
    const code = await new Promise((resolve) => {
      const call = lib.request(door.url + target, { method: 'POST', agent, headers: { 'content-length': body.length } }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.complete ? answer.statusCode : 'cut'));
        answer.on('error', (error) => resolve(error.code));
      });
      call.on('error', (error) => resolve(error.code));
      call.end(body);
    });
    if (code === 200) outcomes.answered++;
    else if (code === 'ECONNREFUSED') { outcomes.refused++; return; } else { outcomes.cut.push(code); return; }
  }
}

// Sixteen streams at a time on one session; a new session when the server says that it goes.
async function overHttp2(door, outcomes, stopped) {
  while (!stopped()) {
    const client = http2.connect(door.url, { ca: door.ca });
    let isGoing = false;
    const refusal = new Promise((resolve) => { client.on('error', (error) => resolve(error.code)); client.on('connect', () => resolve(null)); });
    client.on('goaway', (code) => { isGoing = true; if (code !== 0) outcomes.cut.push(`goaway ${code}`); });
    client.on('close', () => { isGoing = true; });
    const refused = await refusal;
    if (refused) {
      if (refused === 'ECONNREFUSED') outcomes.refused++; else outcomes.cut.push(`connect: ${refused}`);
      return;
    }
    const one = async () => {
      while (!isGoing && !stopped()) {
        const result = await new Promise((resolve) => {
          let stream;
          try { stream = client.request({ ':method': 'POST', ':path': target }); } catch (error) { resolve(error.code); return; }
          let status, isEnded = false;
          stream.on('response', (h) => { status = h[':status']; });
          stream.on('end', () => { isEnded = true; });
          stream.on('error', () => {});
          stream.on('close', () => resolve(status === 200 && isEnded ? 200 : stream.rstCode === http2.constants.NGHTTP2_REFUSED_STREAM || stream.rstCode === undefined ? 'refused' : `reset ${stream.rstCode}`));
          stream.resume();
          stream.end(body);
        });
        if (result === 200) outcomes.answered++;
        else if (result === 'refused' || result === 'ERR_HTTP2_GOAWAY_SESSION' || result === 'ERR_HTTP2_INVALID_SESSION') outcomes.refused++;
        else outcomes.cut.push(result);
      }
    };
    await Promise.all(Array.from({ length: 16 }, one));
    client.close();
  }
}

async function drained(door, callers) {
  const outcomes = { answered: 0, refused: 0, cut: [] };
  let hasEnded = false, asked = 0;
  const running = callers(outcomes, () => hasEnded);
  const watch = setInterval(() => { if (isDone(outcomes) && asked === 0) { asked = performance.now(); door.child.kill('SIGTERM'); } }, 1);
  const end = await door.ended;
  const took = (performance.now() - asked) / 1000;
  hasEnded = true;
  clearInterval(watch);
  await Promise.all(running);
  assert.deepEqual(end, { code: 0, signal: null });
  assert.deepEqual(outcomes.cut, []);
  assert.ok(took < 10, `${took} s`);
  return { ...outcomes, took };
}

for (const secure of [true, false]) {
  describe(`stopping ${secure ? 'over TLS' : 'plain'}`, () => {
    const tell = (t, { answered, refused, took }) => t.diagnostic(`${answered} answered, ${refused} refused before they began, 0 cut, exit after ${took.toFixed(2)} s`);
    test('under HTTP/1.1 of node: nothing is cut', { timeout: 60000 }, async (t) => {
      const door = await openDoor({ secure });
      tell(t, await drained(door, (outcomes, stopped) => Array.from({ length: 16 }, () => overHttp1(door, outcomes, stopped))));
    });
    test('under HTTP/2 of node: nothing is cut', { timeout: 60000 }, async (t) => {
      const door = await openDoor({ secure });
      tell(t, await drained(door, (outcomes, stopped) => Array.from({ length: 4 }, () => overHttp2(door, outcomes, stopped))));
    });
    test('under both', { timeout: 60000 }, async (t) => {
      const door = await openDoor({ secure });
      tell(t, await drained(door, (outcomes, stopped) => Array.from({ length: 8 }, (_, i) => (i % 2 ? overHttp1 : overHttp2)(door, outcomes, stopped))));
    });
    test('under curl, a connection each', { timeout: 60000 }, async (t) => {
      const door = await openDoor({ secure });
      const args = ['-sS', '-o', '/dev/null', '-w', '%{http_code}', ...(secure ? ['--cacert', door.caFile, '--http2'] : []), '-d', body.toString().slice(0, 5000), door.url + target];
      const curl = async (outcomes, stopped) => {
        while (!stopped()) {
          const { code = 0, stdout } = await promisify(execFile)('curl', args).catch((error) => error);
          if (code === 0 && stdout === '200') outcomes.answered += 20; else if (code === 7) { outcomes.refused++; return; } else { outcomes.cut.push(`curl ${code} ${stdout}`); return; }
        }
      };
      tell(t, await drained(door, (outcomes, stopped) => Array.from({ length: 4 }, () => curl(outcomes, stopped))));
    });
    test('a stream begun is finished behind GOAWAY, a later one is not begun', { timeout: 60000 }, async () => {
      const door = await openDoor({ secure });
      const c = await open(door);
      c.send(HEADERS, END_HEADERS, 1, block(request(door, target, 'POST')));
      c.send(DATA, 0, 1, Buffer.alloc(10));
      c.send(6, 0, 0, Buffer.alloc(8)); // PING: once it is answered, the stream is known
      await c.wait((f) => f.type === 6, 'PING');
      door.child.kill('SIGTERM');
      const first = await c.wait((f) => f.type === GOAWAY, 'GOAWAY');
      assert.equal(first.code, NO_ERROR);
      assert.ok(first.last >= 1);
      c.raw(frame(DATA, END_STREAM, 1, Buffer.alloc(10)));
      assert.equal((await c.wait((f) => f.type === HEADERS && f.id === 1, 'the answer')).status, 200);
      await c.wait((f) => f.closed, 'closed');
      assert.deepEqual(await door.ended, { code: 0, signal: null });
    });
    test('idle connections do not hold it up', { timeout: 60000 }, async () => {
      const door = await openDoor({ secure });
      const held = [];
      for (let i = 0; i < 20; i++) held.push(await open(door));
      const began = performance.now();
      assert.deepEqual(await door.stop(), { code: 0, signal: null });
      assert.ok(performance.now() - began < 5000);
      for (const c of held) assert.ok(c.frames.some((f) => f.type === GOAWAY && f.code === NO_ERROR) || c.isClosed);
    });
  });
}
