// world.mjs - one program under one fault: a folder, a binary, perhaps a planted defect, and the books kept outside.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sound } from '../api/harness.mjs';

// Ends a run in which a planted defect has shown itself: more of the same proves nothing.
export class Caught extends Error {}

// splitmix32: the same seed makes the same storm, up to the scheduling of threads.
export function chance(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

export const request = (changes = {}) => JSON.stringify({ ...sound(), ...changes });

// A large application takes long to compute and to commit.
export const largeRequest = (transactions = 1500) => request({
  bank_accounts: [{ currency: 'EUR', transactions: Array.from({ length: transactions }, (_, i) =>
    ({ date: '2026-08-03', amount: `${i}.00`, label: `a transaction with a label of some length, number ${i}` })) }],
});

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class World {
  // `shows`: the violations by which the planted defect must be caught; empty for a sound program.
  constructor({ binary, faultio, crasher, defect = '', shows = [], seed, seconds, isLong }) {
    Object.assign(this, { binary, faultio, crasher, defect, shows, seed, seconds, isLong });
    this.dir = mkdtempSync(path.join(tmpdir(), 'aval-storm-'));
    this.db = path.join(this.dir, 'aval.db');
    this.random = chance(seed);
    this.violations = new Map(); // name -> {count, first}
    this.servers = new Set();
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
    this.until = performance.now() + seconds * 1000;
    this.answered = new Map(); // Idempotency-Key -> the bytes of its 201
    this.undo = [];
  }

  // At least `least` turns, and then as long as the time lasts.
  goesOn(turn, least = 1) { return turn < least || performance.now() < this.until; }

  violate(name, text = '') {
    const known = this.violations.get(name);
    if (known) known.count++;
    else this.violations.set(name, { count: 1, first: String(text).slice(0, 400) });
    if (this.shows.includes(name)) throw new Caught(name);
  }

  expect(isTrue, name, text) { if (!isTrue) this.violate(name, text); }

  env(extra = {}) { return { ...process.env, AVAL_TEST_DEFECT: this.defect, ...extra }; }

  run(args, extra) {
    return execFileSync(this.binary, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: this.env(extra) });
  }

  // A tenant and its key.
  setUp(db = this.db, extra = {}) {
    this.run(['tenant', 'create', 'storm', '--db', db], extra);
    this.key = JSON.parse(this.run(['key', 'create', '--tenant', 'storm', '--mode', 'test', '--db', db, '--json'], extra)).key;
  }

  // Start serving; `before` is a command that starts it, as prlimit does.
  serve({ db = this.db, extra = {}, before = [], options = [] } = {}) {
    const argv = [...before, this.binary, 'serve', '--db', db, '--listen', '127.0.0.1:0', '--no-tls', '--log', 'warn', ...options];
    const child = spawn(argv[0], argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], env: this.env(extra) });
    const server = { child, log: '', hasEnded: false };
    this.servers.add(server);
    child.stderr.setEncoding('utf8').on('data', (text) => { server.log = (server.log + text).slice(-20000); });
    server.ended = new Promise((resolve) => child.on('exit', (code, signal) => {
      server.hasEnded = true;
      this.servers.delete(server);
      resolve({ code, signal });
    }));
    server.kill = (signal = 'SIGKILL') => { server.isMeant = true; child.kill(signal); return server.ended; };
    server.stop = () => server.kill('SIGTERM');
    let out = '';
    return new Promise((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text) => {
        out += text;
        if (out.includes('\n')) {
          server.url = JSON.parse(out.slice(0, out.indexOf('\n'))).url;
          resolve(server);
        }
      });
      server.ended.then(({ code, signal }) => reject(new Error(`serve ended with ${code ?? signal}: ${server.log}`)));
    });
  }

  // One request; resolves to {status, headers, text}, rejects when there was no whole answer.
  send(server, method, target, { body, headers = {}, agent = this.agent, onHead, timeout = 20000 } = {}) {
    return new Promise((resolve, reject) => {
      const r = http.request(server.url + target, {
        method, agent, timeout,
        headers: {
          authorization: `Bearer ${this.key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          ...headers,
        },
      }, (answer) => {
        onHead?.();
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(chunks).toString() }));
        answer.on('error', reject);
        answer.on('aborted', () => reject(new Error('cut')));
      });
      r.on('timeout', () => r.destroy(new Error('no answer in time')));
      r.on('error', reject);
      r.end(body);
    });
  }

  // Apply with an Idempotency-Key, and keep the books: what was answered once is answered the same again.
  async apply(server, name, body = this.small ??= request(), options = {}) {
    const answer = await this.send(server, 'POST', '/v1/decisions', { ...options, body, headers: { 'idempotency-key': name, ...options.headers } });
    if (answer.status === 201) {
      const before = this.answered.get(name);
      this.expect(before === undefined || before === answer.text, 'differing', `${name}: ${before} and then ${answer.text}`);
      this.answered.set(name, answer.text);
    }
    return answer;
  }

  // The status of a request, or 0.
  async status(server, target) {
    return this.send(server, 'GET', target).then((answer) => answer.status, () => 0);
  }

  // A refusal is a problem document that says when to come back.
  refusal(answer, name = 'wrong_refusal') {
    const isProblem = answer.headers['content-type'] === 'application/problem+json' && answer.text.includes('"request_id"');
    const isRight = answer.status === 503 || answer.status === 429 ? isProblem && answer.headers['retry-after'] !== undefined : answer.status === 500 && isProblem;
    this.expect(isRight, name, `${answer.status} ${JSON.stringify(answer.headers)} ${answer.text}`);
  }

  // Every decision there is: id -> 1.
  async stored(server) {
    const ids = new Map();
    for (let target = '/v1/decisions?limit=200'; target;) {
      const page = await this.send(server, 'GET', target);
      if (page.status !== 200) throw new Error(`the list answers ${page.status}: ${page.text}`);
      for (const { id } of JSON.parse(page.text).data) ids.set(id, (ids.get(id) ?? 0) + 1);
      target = page.headers.link?.match(/<([^>]+)>/)?.[1];
    }
    return ids;
  }

  // The books against what is stored: nothing lost, nothing twice, the bytes as answered (`samples` of them are read whole).
  async balance(server, { samples = 50, names = this.answered } = {}) {
    const ids = await this.stored(server);
    const texts = [...names.values()];
    let lost = 0;
    for (const text of texts) {
      if (!ids.has(JSON.parse(text).id)) {
        lost++;
        this.violate('lost', `acknowledged and gone: ${text.slice(0, 120)}`);
      }
    }
    const step = Math.max(1, Math.floor(texts.length / samples));
    for (let i = 0; i < texts.length; i += step) {
      const id = JSON.parse(texts[i]).id;
      if (ids.has(id)) {
        const read = await this.send(server, 'GET', `/v1/decisions/${id}`);
        this.expect(read.status === 200 && read.text === texts[i], 'altered', `${read.status} ${read.text} for ${texts[i]}`);
      }
    }
    return { stored: ids.size, lost };
  }

  // The chain, as the program's own verifier and SQLite see the file.
  verify(db = this.db) {
    const verify = spawnSync(this.binary, ['verify', '--db', db, '--json'], { encoding: 'utf8', env: this.env() });
    this.expect(verify.status === 0, 'chain', verify.stdout + verify.stderr);
    const check = spawnSync('sqlite3', [db, 'PRAGMA integrity_check'], { encoding: 'utf8' });
    this.expect(check.error !== undefined || check.stdout.trim() === 'ok', 'integrity', check.stdout + check.stderr);
  }

  died(server, end) { if (!server.isMeant) this.violate('died', `${end.code ?? end.signal}: ${server.log.slice(-800)}`); }

  // What faultio.c maps: see struct control there.
  faults(dir = this.dir) {
    const file = path.join(dir, 'control');
    writeFileSync(file, Buffer.alloc(4096));
    const fd = openSync(file, 'r+');
    this.undo.push(() => closeSync(fd));
    const set = (at, ...numbers) => {
      const bytes = Buffer.alloc(8 * numbers.length);
      numbers.forEach((number, i) => bytes.writeBigUInt64LE(BigInt(number), 8 * i));
      writeSync(fd, bytes, 0, bytes.length, 8 * at);
    };
    const get = (at) => {
      const bytes = Buffer.alloc(8);
      readSync(fd, bytes, 0, 8, 8 * at);
      return Number(BigInt.asIntN(64, bytes.readBigUInt64LE()));
    };
    const kinds = { write: 1, sync: 2, allocation: 3 };
    return {
      env: { LD_PRELOAD: this.faultio, FAULTIO_CONTROL: file, FAULTIO_DIR: dir },
      begin: (kind, { error = 0, first = 1, times = 2 ** 40, suffix = '' } = {}) => {
        const text = Buffer.alloc(64);
        text.write(suffix);
        set(0, 0, error, first, times, 0, 0);
        writeSync(fd, text, 0, 64, 56);
        set(0, kinds[kind]);
      },
      end: () => set(0, 0),
      calls: () => get(4),
      given: () => get(5),
      allocations: () => get(6),
    };
  }

  async finish() {
    for (const server of [...this.servers]) await server.kill();
    this.agent.destroy();
    for (const undo of this.undo.reverse()) undo();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

// VmRSS or VmSize of a process, in bytes.
export const memoryOf = (pid, what) => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`${what}:\\s+(\\d+)`))[1]) * 1024;

// Seconds of processor time that a process has used.
export function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
