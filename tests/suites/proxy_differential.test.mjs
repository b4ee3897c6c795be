// proxy_differential.test.mjs - behind nginx: whatever a client sends, the two see the same number of requests.
//
// A request is smuggled when a proxy and its server disagree on where one ends.  Each shape goes through nginx, which keeps its
// connection to us, and hides a request for a marked path.  Whatever nginx forwards or refuses, an answer made for the marked
// path must never come, and whoever else uses that connection gets the answers to their own requests.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { folder, send } from '../api/harness.mjs';
import { openDoor, patience, target } from './door.mjs';
import { answersIn, talk } from './http1_client.mjs';

const H = 'Host: localhost\r\n';
const POST = `POST ${target} HTTP/1.1\r\n${H}`;
const SMUGGLED = `GET ${target}?smuggled HTTP/1.1\r\n${H}X: `;
const shapes = [
  ['CL.TE', `${POST}Content-Length: ${SMUGGLED.length + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`],
  ['TE.CL', `${POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`],
  ...['\tchunked', ' chunked ', ' xchunked', ' "chunked"', '\x0bchunked', ' chunked, identity', ' identity', ' chunked;x', ' CHUNKED', ' chunked\r\nTransfer-Encoding: identity', '\r\n chunked'].map((value) =>
    [`TE:${JSON.stringify(value)}`, `${POST}Transfer-Encoding:${value}\r\n\r\n${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`]),
  ['TE with a blank before the colon', `${POST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`],
  ['two lengths', `${POST}Content-Length: 0\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`],
  ['a length with a sign', `${POST}Content-Length: +0\r\n\r\n${SMUGGLED}`],
  ['a length with a blank before the colon', `${POST}Content-Length : ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`],
  ['a length behind a bare LF', `${POST}X: y\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`],
  ['a length behind a bare CR', `${POST}X: y\rContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`],
  ['a chunk size with LF', `${POST}Transfer-Encoding: chunked\r\n\r\n2\nhi\r\n0\r\n\r\n`],
  ['a chunk extension with LF', `${POST}Transfer-Encoding: chunked\r\n\r\n2;\nhi\r\n0\r\n\r\n`],
  ['a chunk size of 17 digits', `${POST}Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n0\r\n\r\n${SMUGGLED}`],
  ['a chunk without its end', `${POST}Transfer-Encoding: chunked\r\n\r\n2\r\nhiXX0\r\n\r\n`],
  ['a trailer that ends in LF', `${POST}Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\n\n${SMUGGLED}`],
  ['GET with a body', `GET ${target} HTTP/1.1\r\n${H}Content-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`],
  ['HEAD with a body', `HEAD ${target} HTTP/1.1\r\n${H}Content-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`],
  ['a Host within a fold', `GET ${target} HTTP/1.1\r\n${H} X: y\r\n\r\n`],
  ['1.0 and chunked', `POST ${target} HTTP/1.0\r\n${H}Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`],
  ['Expect and a body at once', `${POST}Expect: 100-continue\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`],
  ['a body refused for its size, and more behind it', `${POST}Content-Length: 2000000\r\n\r\n${SMUGGLED}\r\n\r\n${'x'.repeat(100000)}`],
];

let door, f, nginx, front;
const freePort = () => new Promise((resolve) => { const s = net.createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => resolve(port)); }); });
before(async () => {
  door = await openDoor();
  f = folder();
  const port = await freePort();
  for (const name of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) mkdirSync(path.join(f.dir, name));
  const conf = path.join(f.dir, 'nginx.conf');
  writeFileSync(conf, `daemon off; master_process off; error_log /dev/null; pid ${f.dir}/pid;
events { worker_connections 256; }
http { access_log off; client_body_temp_path ${f.dir}/body; proxy_temp_path ${f.dir}/proxy; fastcgi_temp_path ${f.dir}/fastcgi; uwsgi_temp_path ${f.dir}/uwsgi; scgi_temp_path ${f.dir}/scgi;
  upstream us { server 127.0.0.1:${door.port}; keepalive 1; }
  server { listen 127.0.0.1:${port}; client_max_body_size 10m; location / { proxy_pass http://us; proxy_http_version 1.1; proxy_request_buffering off; proxy_set_header Connection ""; proxy_set_header Host localhost; } } }
`);
  nginx = spawn('/usr/sbin/nginx', ['-e', '/dev/null', '-c', conf], { stdio: 'ignore' });
  front = { secure: false, host: '127.0.0.1', port, url: `http://127.0.0.1:${port}` };
  for (const until = Date.now() + patience; ;) {
    if (await send(`${front.url}/livez`).then((a) => a.status === 200, () => false)) break;
    assert.ok(Date.now() < until, 'nginx does not serve');
  }
});
after(async () => {
  nginx.kill('SIGTERM');
  await new Promise((resolve) => nginx.on('exit', resolve));
  await door.stop();
  f.remove();
});

for (const [name, bytes] of shapes) {
  test(`nothing is smuggled: ${name}`, { timeout: 4 * patience }, async () => {
    const attacker = await talk(front);
    attacker.write(bytes);
    // A victim behind the same proxy, again and again: each gets the answer to what it asked.
    for (let i = 0; i < 5; i++) {
      const answer = await send(`${front.url}${target}?victim=${i}`);
      assert.equal(answer.status, 200);
      assert.equal(answer.json().query, `victim=${i}`);
    }
    const { answers } = answersIn(attacker.bytes, [bytes.slice(0, bytes.indexOf(' '))]);
    for (const answer of answers) assert.ok(!answer.body.includes('"query":"smuggled"'), 'what was smuggled was answered');
    attacker.destroy();
  });
}
