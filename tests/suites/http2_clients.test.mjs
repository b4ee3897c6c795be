// http2_clients.test.mjs - clients that others wrote: node, curl, nghttp, h2load and python3-h2, over TLS and plain.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { folder, root, send, sound } from '../api/harness.mjs';
import { openDoor, patience, target } from './door.mjs';
import { END_HEADERS, END_STREAM, HEADERS, INITIAL_WINDOW_SIZE, WINDOW_UPDATE, DATA, HEADER_TABLE_SIZE, block, number, open, request } from './http2_frames.mjs';

const exec = promisify(execFile);
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const sizes = [0, 1, 16384, 200000, 1048576];
const limit = { timeout: 60000 };

const session = (door) => http2.connect(door.url, { ca: door.ca });
// One request of node's client: {status, headers, body}.
function ask(client, fields, body, { trailers, onStream } = {}) {
  return new Promise((resolve, reject) => {
    const stream = client.request(fields, { endStream: body === undefined, waitForTrailers: trailers !== undefined });
    const chunks = [];
    let headers;
    onStream?.(stream);
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.on('response', (h) => { headers = h; });
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => headers && resolve({ status: headers[':status'], headers, body: Buffer.concat(chunks) }));
    stream.on('error', reject);
    stream.on('close', () => reject(new Error(`closed with ${stream.rstCode}`)));
    if (body !== undefined) stream.end(body);
  });
}
const fields = (method, p, more = {}) => ({ ':method': method, ':path': p, ...more });

for (const secure of [true, false]) {
  describe(`clients of HTTP/2 ${secure ? 'over TLS' : 'plain'}`, () => {
    let door, client, f;
    before(async () => {
      door = await openDoor({ secure });
      f = folder();
      client = session(door);
      client.on('error', () => {});
    });
    after(async () => { client.close(); f.remove(); assert.deepEqual(await door.stop(), { code: 0, signal: null }); });
    const file = (name, bytes) => { const p = path.join(f.dir, name); writeFileSync(p, bytes); return p; };

    for (const size of sizes) {
      const body = randomBytes(size);
      test(`node: POST of ${size} bytes arrives whole and comes back whole`, limit, async () => {
        const told = JSON.parse((await ask(client, fields('POST', target), body)).body);
        assert.deepEqual([told.method, told.path, told.body_len, told.body_sha256], ['POST', target, size, sha256(body)]);
        assert.equal(sha256((await ask(client, fields('POST', `${target}?body=1`), body)).body), sha256(body));
      });
      test(`curl: POST of ${size} bytes`, limit, async () => {
        const out = path.join(f.dir, 'curl.out');
        const { stdout } = await exec('curl', ['-sS', ...(secure ? ['--http2', '--cacert', door.caFile] : ['--http2-prior-knowledge']), '-o', out,
          '-w', '%{http_version} %{http_code}', '-H', 'Content-Type: application/octet-stream', '--data-binary', `@${file(`body-${size}`, body)}`, `${door.url}${target}`]);
        assert.equal(stdout, '2 200');
        assert.equal(JSON.parse((await exec('cat', [out])).stdout).body_sha256, sha256(body));
      });
    }
    test('node: what a handler sees', limit, async () => {
      const told = JSON.parse((await ask(client, fields('GET', `${target}?a=b%20c&d`, { 'x-one': '1', cookie: 'a=1' }))).body);
      assert.equal(told.query, 'a=b%20c&d');
      const by = new Map(told.headers.map(([n, v]) => [n.toLowerCase(), v]));
      assert.equal(by.get('x-one'), '1');
      assert.equal(by.get('host'), new URL(door.url).host);
      assert.ok([...by.keys()].every((name) => !name.startsWith(':')));
    });
    test('node: 2 MiB of answer, byte for byte', limit, async () => {
      const { body } = await ask(client, fields('GET', `${target}?bytes=2097152`));
      assert.equal(body.length, 2097152);
      for (let i = 0; i < body.length; i += 4099) assert.equal(body[i], 0x30 + i % 10);
    });
    test('node: HEAD has the length and no body', limit, async () => {
      const { status, headers, body } = await ask(client, fields('HEAD', `${target}?bytes=1000`));
      assert.deepEqual([status, headers['content-length'], body.length], [200, '1000', 0]);
    });
    test('node: a hundred streams at once, each with its own answer', limit, async () => {
      const bodies = Array.from({ length: 100 }, (_, i) => Buffer.alloc(3000, `${i}-`));
      const answers = await Promise.all(bodies.map((body) => ask(client, fields('POST', target), body)));
      answers.forEach((a, i) => assert.equal(JSON.parse(a.body).body_sha256, sha256(bodies[i])));
    });
    test('node: ten bodies of 1 MiB at once over one connection', limit, async () => {
      const bodies = Array.from({ length: 10 }, () => randomBytes(1048576));
      const answers = await Promise.all(bodies.map((body) => ask(client, fields('POST', target), body)));
      answers.forEach((a, i) => assert.equal(JSON.parse(a.body).body_sha256, sha256(bodies[i])));
    });
    test('node: trailers end a body and are not taken for headers', limit, async () => {
      const { status, body } = await ask(client, fields('POST', target), 'hello', { trailers: { 'x-trailer': 'yes' } });
      assert.equal(status, 200);
      const told = JSON.parse(body);
      assert.equal(told.body_len, 5);
      assert.ok(!told.headers.some(([n]) => n === 'x-trailer'));
    });
    test('node: streams cancelled in every state leave the others alone', limit, async () => {
      const kept = [];
      for (let i = 0; i < 60; i++) {
        if (i % 3 === 0) {
          const stream = client.request(fields('POST', `${target}?bytes=100000`));
          stream.on('error', () => {});
          if (i % 2 === 0) stream.write('begun');
          if (i % 4 === 0) stream.on('response', () => stream.close(http2.constants.NGHTTP2_CANCEL)).end(); else stream.close(http2.constants.NGHTTP2_CANCEL);
        } else {
          kept.push(ask(client, fields('GET', `${target}?bytes=5000`)));
        }
      }
      for (const answer of await Promise.all(kept)) assert.equal(answer.body.length, 5000);
    });
    test('node: a thousand streams in a row with a reset now and then are not cut', limit, async () => {
      const own = session(door);
      let gone = null;
      own.on('goaway', (code) => { gone = code; });
      for (let i = 0; i < 1000; i++) {
        if (i % 100 === 50) {
          const stream = own.request(fields('GET', target));
          stream.on('error', () => {});
          stream.close(http2.constants.NGHTTP2_CANCEL);
        } else {
          assert.equal((await ask(own, fields('GET', target))).status, 200);
        }
        if (i % 250 === 0) await new Promise((resolve, reject) => own.ping((error) => error ? reject(error) : resolve()));
      }
      assert.equal(gone, null);
      own.close();
    });
    test('a window that opens byte by byte lets the answer through byte by byte', limit, async () => {
      const c = await open(door, { ours: [[HEADER_TABLE_SIZE, 0], [INITIAL_WINDOW_SIZE, 1]] });
      c.send(HEADERS, END_STREAM | END_HEADERS, 1, block(request(door, `${target}?bytes=200`)));
      let got = '';
      for (;;) {
        const f = await c.wait((f) => f.type === DATA, 'DATA', patience);
        got += f.payload.toString('latin1');
        if (f.flags & END_STREAM) break;
        assert.equal(f.payload.length, 1);
        c.send(WINDOW_UPDATE, 0, 1, number(1));
      }
      assert.equal(got, '0123456789'.repeat(20));
      c.destroy();
    });
    test('answers and problems are those of HTTP/1.1', limit, async () => {
      const key = { authorization: `Bearer ${door.key}` };
      const json = { ...key, 'content-type': 'application/json' };
      const loose = (text) => text.replace(/"request_id":"[^"]*"/g, '"request_id":""').replace(/dec_[0-9a-z]{26}/g, 'dec_').replace(/"created_at":"[^"]*"/g, '').replace(/"seq":\d+/g, '');
      const own = new Set(['connection', 'keep-alive', 'date', 'request-id', 'server-timing', 'traceparent', ':status', 'content-length']);
      const compared = (headers) => Object.fromEntries(Object.entries(headers).filter(([n]) => !own.has(n)).map(([n, v]) => [n, loose(String(v))]).sort());
      for (const [method, p, headers, body] of [
        ['GET', '/livez'], ['HEAD', '/livez'], ['GET', '/readyz'], ['GET', '/openapi.json'], ['GET', '/problems/not-found'], ['GET', '/nowhere'], ['DELETE', '/livez'], ['GET', '/v1/decisions'],
        ['GET', '/v1/decisions', key], ['GET', '/v1/decisions?nonsense=1', key], ['POST', '/v1/decisions', json, '{'], ['POST', '/v1/decisions', json, '{}'], ['POST', '/v1/decisions', key, '{}'],
        ['POST', '/v1/decisions?dry_run=true', json, JSON.stringify(sound())], ['POST', '/v1/decisions', json, JSON.stringify(sound())], ['POST', '/v1/decisions', json, 'x'.repeat(262145)], ['POST', '/livez', {}, 'x'],
        ['GET', `/${'a'.repeat(5000)}`], ['GET', '/livez', { 'x-large': 'a'.repeat(20000) }], ['GET', '/livez', { 'api-version': '1999-01-01' }], ['OPTIONS', '/livez'],
      ]) {
        const one = await send(`${door.url}${p}`, { method, headers, body, ca: door.ca });
        const two = await ask(client, fields(method, p, { ...headers, ...(body === undefined ? {} : { 'content-length': String(body.length) }) }), body);
        const what = `${method} ${p.slice(0, 40)}`;
        assert.equal(two.status, one.status, what);
        assert.deepEqual(compared(two.headers), compared(one.headers), what);
        assert.equal(loose(two.body.toString()), loose(one.text), what);
      }
    });

    // curl 7.88 fails with any server when it uses a plain connection of HTTP/2 again.
    if (secure) {
      test('curl: twenty requests over one connection', limit, async () => {
        const urls = Array.from({ length: 20 }, (_, i) => `${door.url}${target}?n=${i}`);
        const { stdout } = await exec('curl', ['-sS', '--parallel', '--http2', '--cacert', door.caFile, '-w', '\n%{http_version} %{http_code}\n', ...urls]);
        assert.equal(stdout.match(/^2 200$/gm)?.length, 20);
      });
    }
    test('curl: where both are offered, HTTP/1.1 is there for the asking', limit, async () => {
      const { stdout } = await exec('curl', ['-sS', '--http1.1', ...(secure ? ['--cacert', door.caFile] : []), '-o', '/dev/null', '-w', '%{http_version} %{http_code}', `${door.url}${target}`]);
      assert.equal(stdout, '1.1 200');
    });
    for (const args of [['-d'], ['--trailer', 'x-digest: sent', '-d'], ['-p', '32', '-d']]) {
      test(`nghttp: POST of 200 KB${args.length > 1 ? `, ${args[0]}` : ''}`, limit, async () => {
        const body = randomBytes(200000);
        const { stdout } = await exec('nghttp', [...args, file('nghttp.body', body), `${door.url}${target}`], { maxBuffer: 1 << 26 });
        assert.equal(JSON.parse(stdout).body_sha256, sha256(body));
      });
    }
    test('nghttp: a window of one byte and padding', limit, async () => {
      const { stdout } = await exec('nghttp', ['-w', '4', '-W', '4', '-b', '64', `${door.url}${target}?bytes=3000`]);
      assert.equal(stdout, '0123456789'.repeat(300));
    });
    test('nghttp: a hundred times the same, with statistics', limit, async () => {
      const { stdout } = await exec('nghttp', ['-n', '-s', '-m', '100', `${door.url}${target}`]);
      assert.equal(stdout.match(/ 200 /g)?.length, 100, stdout.slice(0, 500));
    });
    for (const [title, args, count] of [
      ['20,000 requests, 10 connections, 100 streams each', ['-n', '20000', '-c', '10', '-m', '100'], 20000],
      ['1,000 bodies of 16 KiB', ['-n', '1000', '-c', '4', '-m', '20', '-d', 'BODY'], 1000],
      ['windows of 1 KiB', ['-n', '1000', '-c', '4', '-m', '10', '-w', '10', '-W', '10'], 1000],
    ]) {
      test(`h2load: ${title}: none is cut`, limit, async () => {
        const body = file('h2load.body', randomBytes(16384));
        const { stdout } = await exec('h2load', [...args.map((a) => a === 'BODY' ? body : a), `${door.url}${target}`]);
        assert.match(stdout, new RegExp(`${count} succeeded, 0 failed, 0 errored, 0 timeout`), stdout);
        assert.match(stdout, new RegExp(`${count} 2xx`));
      });
    }
    test('python3-h2: GET and POSTs with trailers on one connection', limit, async () => {
      const { stdout } = await exec('/usr/bin/python3', [path.join(root, 'tests/suites/h2_client.py'), door.host, String(door.port), secure ? door.caFile : '-', target], { maxBuffer: 1 << 26 });
      const told = JSON.parse(stdout);
      assert.deepEqual(told.map((a) => a.status), [200, 200, 200, 200]);
      for (const a of told) assert.equal(a.answer.body_sha256, a.sent);
    });
  });
}
