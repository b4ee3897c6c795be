// harness.mjs - the real binary on a free port, with a database of its own, for each test file that asks.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const aval = path.resolve(root, process.env.AVAL_BUILD ?? 'build', 'aval');

// Run a command of the binary; returns its standard output.  Throws with its standard error.
export function run(...args) {
  return execFileSync(aval, args, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
}
export const runJson = (...args) => JSON.parse(run(...args, '--json'));

// A folder that goes away with the test.
export function folder() {
  const dir = mkdtempSync(path.join(tmpdir(), 'aval-test-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

// Start serving `db`; resolves when it says that it is ready.
export function serve(db, extra = ['--no-tls'], env = {}) {
  const child = spawn(aval, ['serve', '--db', db, '--listen', '127.0.0.1:0', ...extra],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const log = [];
  let out = '';
  child.stderr.setEncoding('utf8').on('data', (text) => log.push(text));
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
  const ready = new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
      if (out.includes('\n')) resolve(JSON.parse(out.slice(0, out.indexOf('\n'))));
    });
    child.on('exit', (code) => reject(new Error(`serve ended with ${code}: ${log.join('')}`)));
  });
  return ready.then(({ url, urls }) => ({
    url, urls, child, ended,
    log: () => log.join(''),
    stop: async () => { child.kill('SIGTERM'); return ended; },
    kill: async () => { child.kill('SIGKILL'); return ended; },
  }));
}

// A tenant with a test and a live key, and a server: what most tests need.
export async function start({ extra, tenant = 'acme' } = {}) {
  const f = folder();
  const db = path.join(f.dir, 'aval.db');
  const tenantId = runJson('tenant', 'create', tenant, '--db', db).id;
  const testKey = runJson('key', 'create', '--tenant', tenant, '--mode', 'test', '--db', db).key;
  const liveKey = runJson('key', 'create', '--tenant', tenant, '--mode', 'live', '--db', db).key;
  const server = await serve(db, extra);
  return {
    ...server, db, dir: f.dir, tenantId, testKey, liveKey,
    call: caller(server.url, testKey), live: caller(server.url, liveKey),
    stop: async () => { const end = await server.stop(); f.remove(); return end; },
  };
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
const secureAgent = (ca) => new https.Agent({ keepAlive: true, ca });

// One request; resolves to {status, headers, text, json()}.  `body` may be a string, bytes or anything JSON; `onHead` is
// called the moment the answer begins.
export function send(url, { method = 'GET', headers = {}, body, ca, onHead } = {}) {
  const payload = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const secure = url.startsWith('https:');
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request(url, {
      method, agent: secure ? secureAgent(ca) : agent,
      headers: { ...(payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) }), ...headers },
    }, (answer) => {
      onHead?.();
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: answer.statusCode, headers: answer.headers, text, json: () => JSON.parse(text) });
      });
      answer.on('error', reject);
    });
    request.on('error', reject);
    request.end(payload);
  });
}

// call('POST', '/v1/decisions', body, headers) with a key.
export function caller(url, key, ca, onHead) {
  return (method, target, body, headers = {}) => send(url + target, {
    method, body, ca, onHead,
    headers: {
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
  });
}

// The company of the demonstration: a sound wholesaler.
export const sound = () => JSON.parse(readFileSync(path.join(root, 'src/main/demo_request.json'), 'utf8'));

// The same company in deep trouble.
export function distressed() {
  const request = sound();
  request.client_reference = 'distressed';
  Object.assign(request.financial_statements[0].items, {
    equity: '-180000.00', retained_earnings: '-260000.00', total_liabilities: '1422000.00', current_liabilities: '1290000.00',
    cash: '9000.00', inventories: '506000.00', ebitda: '-140000.00', ebit: '-192000.00', depreciation_and_amortization: '52000.00',
    profit_before_tax: '-231000.00', income_tax: '0.00', net_income: '-231000.00', interest_expense: '36000.00', financial_charges: '39000.00',
  });
  return request;
}
