// slow.mjs - clients that take their time: drips, silence, slowhttptest, and thousands that only stand there.
//
// Used small by slow_clients.test.mjs and large by the scripts in tests/storm/.
import { spawn } from 'node:child_process';
import net from 'node:net';
import tls from 'node:tls';
import { connect, openDoor, residentBytes, target } from './door.mjs';
import { talk } from './http1_client.mjs';
import { END_HEADERS, END_STREAM, HEADERS, HEADER_TABLE_SIZE, INITIAL_WINDOW_SIZE, RST_STREAM, block, frame, open, request } from './http2_frames.mjs';

const GET = `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const every = (ms, act) => { act(); const timer = setInterval(act, ms); return () => clearInterval(timer); };

// Resolves to the seconds until the server closes, or null when it has not in `most` seconds.
function untilClosed(socket, most) {
  const began = performance.now();
  socket.resume();
  return new Promise((resolve) => {
    const give = (value) => { clearTimeout(timer); resolve(value); };
    const timer = setTimeout(() => give(null), most * 1000);
    const end = () => give((performance.now() - began) / 1000);
    socket.on('error', () => {});
    socket.on('end', end);
    socket.on('close', end);
  });
}
async function dripping(socket, piece, ms, most) {
  socket.on('error', () => {});
  const stop = every(ms, () => { if (!socket.destroyed) socket.write(piece()); });
  try { return await untilClosed(socket, most); } finally { stop(); socket.destroy(); }
}

// Each: name, the seconds at which the server must have closed, whether it is for the TLS door only, and how.
export const drips = [
  ['a head of which a byte comes each half second', 10, null, async (door, most) => {
    const socket = await connect(door);
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Drip: ');
    return dripping(socket, () => 'a', 500, most);
  }],
  ['headers of which one comes each second', 10, null, async (door, most) => {
    const socket = await connect(door);
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n');
    let i = 0;
    return dripping(socket, () => `X-${i++}: a\r\n`, 1000, most);
  }],
  ['nothing, ever', 10, null, async (door, most) => dripping(await connect(door), () => '', 1000, most)],
  ['a handshake that stops', 10, true, async (door, most) => {
    const socket = net.connect(door.port, door.host);
    socket.write(Buffer.from('16030100c8010000c40303', 'hex'));
    return dripping(socket, () => Buffer.from([0]), 1000, most);
  }],
  ['no handshake at all', 10, true, async (door, most) => dripping(net.connect(door.port, door.host), () => '', 1000, most)],
  ['half a preface of HTTP/2', 10, null, async (door, most) => {
    const socket = await connect(door, ['h2']);
    socket.write('PRI * HTTP/2.0\r\n\r\nSM');
    return dripping(socket, () => '', 1000, most);
  }],
  ['a block of HTTP/2 that does not end', 10, null, async (door, most) => {
    const c = await open(door);
    c.send(HEADERS, 0, 1, block(request(door, target)));
    return dripping(c.socket, () => '', 1000, most);
  }],
  ['a frame of HTTP/2 that comes byte by byte', 10, null, async (door, most) => {
    const c = await open(door);
    c.raw(frame(HEADERS, END_STREAM | END_HEADERS, 1, block(request(door, target))).subarray(0, 8), Buffer.from([1]));
    return dripping(c.socket, () => Buffer.from([0]), 1000, most);
  }],
  ['a body of which nothing comes', 30, null, async (door, most) => {
    const socket = await connect(door);
    socket.write(`POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n`);
    return dripping(socket, () => '', 1000, most);
  }],
  ['an answer of HTTP/1.1 that is not read', 30, null, async (door, most) => {
    const socket = await connect(door);
    socket.pause();
    // More than the kernels hold between the two.
    for (let i = 0; i < 32; i++) socket.write(GET.replace(' HTTP', '?bytes=2000000 HTTP'));
    return unread(door, socket, most);
  }],
  ['answers of HTTP/2 without a window', 30, null, async (door, most) => {
    const c = await open(door, { ours: [[HEADER_TABLE_SIZE, 0], [INITIAL_WINDOW_SIZE, 0]] });
    // The streams are given up, one by one or with their connection.
    const left = new Set(Array.from({ length: 100 }, (_, i) => 2 * i + 1));
    c.onFrame = (f) => { if (f.type === RST_STREAM && left.delete(f.id) && left.size === 0) c.destroy(); };
    c.raw(...[...left].map((id) => frame(HEADERS, END_STREAM | END_HEADERS, id, block(request(door, target)))));
    return dripping(c.socket, () => '', 1000, most);
  }],
  ['a connection of HTTP/2 with nothing on it', 60, null, async (door, most) => dripping((await open(door)).socket, () => '', 1000, most)],
];
// A paused socket does not see its end; the server's side tells.
async function unread(door, socket, most) {
  const began = performance.now();
  const port = socket.localPort;
  const { readFileSync } = await import('node:fs');
  const hex = (n) => n.toString(16).toUpperCase().padStart(4, '0');
  const stands = () => readFileSync('/proc/net/tcp', 'utf8').split('\n').some((line) => {
    const [, local, remote, state] = line.trim().split(/\s+/);
    return local?.endsWith(`:${hex(door.port)}`) && remote?.endsWith(`:${hex(port)}`) && state === '01';
  });
  for (;;) {
    if (!stands()) { socket.destroy(); return (performance.now() - began) / 1000; }
    if (performance.now() - began > most * 1000) { socket.destroy(); return null; }
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}

// Seconds from before it connects until it was cut, or null.
export async function timed(run, door, most) {
  const began = performance.now();
  return await run(door, most) === null ? null : (performance.now() - began) / 1000;
}

// slowhttptest against the door: its own words about the service, and the connections at the end.
export const slowModes = { H: 'slow headers', B: 'slow bodies', R: 'ranges', X: 'slow reading' };
export function slowhttptest(door, mode, { connections, seconds }) {
  const args = [`-${mode}`, '-c', String(connections), '-r', String(connections), '-i', '1', '-l', String(seconds), '-p', '5', '-u', `${door.url}${mode === 'X' ? '/openapi.json' : target}`,
    ...(mode === 'X' ? ['-w', '1', '-y', '10', '-n', '1', '-z', '5', '-k', '3'] : [])];
  return new Promise((resolve) => {
    const child = spawn('slowhttptest', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.on('data', (text) => { out += text; });
    child.on('close', () => {
      const plain = out.replace(/\x1b\[[0-9;]*[A-Za-z]/g, '');
      const words = [...plain.matchAll(/service available:\s+(\w+)/g)].map((m) => m[1]);
      resolve({ words, last: plain.slice(plain.lastIndexOf('initializing:')) });
    });
  });
}

// `count` connections that say nothing further: over TLS the handshake is done, with `asked` one request was answered.
// They come from several loopback addresses, for one has only so many ports and handshakes.
export async function idle(door, count, { asked = false } = {}) {
  const sockets = [];
  const one = (i) => new Promise((resolve, reject) => {
    const raw = net.connect({ host: door.host, port: door.port, localAddress: `127.0.0.${2 + i % 200}` });
    const socket = door.secure ? tls.connect({ socket: raw, ca: door.ca, servername: 'localhost', ALPNProtocols: ['http/1.1'] }) : raw;
    const done = () => { socket.off('error', reject); socket.on('error', () => {}); sockets.push(socket); resolve(); };
    raw.once('error', reject);
    socket.once('error', reject);
    socket.once(door.secure ? 'secureConnect' : 'connect', () => {
      if (!asked) { done(); return; }
      socket.write(GET);
      socket.once('data', done);
    });
  });
  for (let i = 0; i < count;) {
    const batch = [];
    for (let k = 0; k < 64 && i < count; k++, i++) batch.push(one(i));
    await Promise.all(batch);
  }
  return sockets;
}

// Milliseconds of `count` requests, each on a connection of its own, while the others stand.
export async function served(door, count) {
  const times = [];
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    const c = await talk(door);
    c.write(GET);
    const { answers } = await c.answers(1);
    if (answers[0]?.status !== 200) throw new Error(`answered ${answers[0]?.status}`);
    times.push(performance.now() - began);
    c.destroy();
  }
  return times;
}

export const mebibytes = (door) => residentBytes(door) / 1048576;
export { openDoor };
