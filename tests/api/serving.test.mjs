// serving.test.mjs - starting, stopping, TLS, keys that go, and what remains when the server is gone.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';
import { after, before, describe, test } from 'node:test';
import { aval, caller, folder, root, run, runJson, serve, sound, start } from './harness.mjs';

// A certificate made the way the demonstration makes one: by an independent tool here.
function certificate(dir) {
  const cert = path.join(dir, 'cert.pem');
  const key = path.join(dir, 'key.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { cert, key };
}

const failing = (...args) => {
  const result = spawnSync(aval, args, { encoding: 'utf8', timeout: 20000 });
  assert.notEqual(result.status, 0);
  return result;
};

describe('TLS', () => {
  let f, server, ca, key;
  before(async () => {
    f = folder();
    const files = certificate(f.dir);
    const db = path.join(f.dir, 'aval.db');
    runJson('tenant', 'create', 'acme', '--db', db);
    key = runJson('key', 'create', '--tenant', 'acme', '--mode', 'test', '--db', db).key;
    ca = readFileSync(files.cert);
    server = await serve(db, ['--tls-cert', files.cert, '--tls-key', files.key]);
  });
  after(async () => { await server.stop(); f.remove(); });

  test('answers decisions', async () => {
    assert.match(server.url, /^https:/);
    const answer = await caller(server.url, key, ca)('POST', '/v1/decisions', sound());
    assert.equal(answer.status, 201);
    assert.match(answer.headers['strict-transport-security'], /max-age=\d+/);
  });

  const connect = (options) => new Promise((resolve, reject) => {
    const socket = tls.connect({ host: '127.0.0.1', port: new URL(server.url).port, ca, ...options }, () => {
      resolve({ protocol: socket.getProtocol(), cipher: socket.getCipher().standardName });
      socket.destroy();
    });
    socket.on('error', reject);
  });
  test('speaks 1.3 and, with an AEAD cipher, 1.2', async () => {
    assert.equal((await connect({})).protocol, 'TLSv1.3');
    const old = await connect({ maxVersion: 'TLSv1.2' });
    assert.equal(old.protocol, 'TLSv1.2');
    assert.match(old.cipher, /ECDHE.*(GCM|POLY1305)/);
  });
  test('refuses 1.1, and 1.2 with CBC', async () => {
    await assert.rejects(connect({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }));
    await assert.rejects(connect({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-SHA' }));
  });
});

describe('stopping', () => {
  test('answers what is in flight, exits 0, and leaves a chain that verifies', async () => {
    const f = folder();
    const db = path.join(f.dir, 'aval.db');
    runJson('tenant', 'create', 'acme', '--db', db);
    const key = runJson('key', 'create', '--tenant', 'acme', '--mode', 'test', '--db', db).key;
    const server = await serve(db);
    const call = caller(server.url, key);
    let stopping = false;
    const outcomes = { answered: 0, refused: 0, reset: 0 };
    const callers = Array.from({ length: 16 }, async () => {
      while (!stopping) {
        try {
          const answer = await call('POST', '/v1/decisions', sound());
          outcomes[answer.status === 201 ? 'answered' : 'refused']++;
        } catch (error) {
          // A new connection after the listener closed is turned away; one with a request on it must not be cut.
          outcomes[error.code === 'ECONNREFUSED' ? 'refused' : 'reset']++;
          return;
        }
        if (outcomes.answered === 300) server.child.kill('SIGTERM');
      }
    });
    const end = await server.ended;
    stopping = true;
    await Promise.all(callers);
    assert.deepEqual(end, { code: 0, signal: null });
    assert.ok(outcomes.answered >= 300);
    assert.equal(outcomes.reset, 0);
    const report = runJson('verify', '--db', db);
    assert.equal(report.valid, true);
    assert.equal(report.unsigned_tail, 0);
    f.remove();
  });
});

describe('a queue that is full', () => {
  test('is answered with 503 and when to come back, and loses nothing', async () => {
    const s = await start({ extra: ['--no-tls', '--queue', '1'] });
    const answers = await Promise.all(Array.from({ length: 64 }, (_, i) =>
      s.call('POST', '/v1/decisions', sound(), { 'idempotency-key': `full-${i}` })));
    const turned = answers.filter((a) => a.status === 503);
    assert.ok(turned.length > 0, 'no caller was turned away');
    for (const answer of turned) {
      assert.equal(answer.json().type, '/problems/temporary-reduced-capacity');
      assert.match(answer.headers['retry-after'], /^\d+$/);
    }
    assert.ok(answers.every((a) => a.status === 201 || a.status === 503));
    // What the answer promises is true: the same request with the same key goes through.
    for (let i = 0; i < 64; i++) {
      const again = await s.call('POST', '/v1/decisions', sound(), { 'idempotency-key': `full-${i}` });
      assert.equal(again.status, 201);
      if (answers[i].status === 201) assert.equal(again.text, answers[i].text);
    }
    const { data } = (await s.call('GET', '/v1/decisions?limit=200')).json();
    assert.equal(data.length, 64);
    await s.stop();
  });
});

describe('a backup on a medium that takes no writes', () => {
  test('verifies, exports and replays; with an unmerged log it is refused', async () => {
    const s = await start();
    const { id } = (await s.call('POST', '/v1/decisions', sound())).json();
    await s.child.kill('SIGTERM');
    await s.ended;
    // A folder without the right to write stands for the medium; root has every right, so nobody runs there.
    const backup = folder();
    const db = path.join(backup.dir, 'backup ?#%.db');
    const program = path.join(backup.dir, 'aval');
    cpSync(s.db, db);
    cpSync(aval, program);
    chmodSync(db, 0o444);
    const lock = (mode) => chmodSync(backup.dir, mode);
    const asNobody = (...args) => {
      lock(0o555);
      const command = process.getuid() === 0
        ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', program, ...args] : [program, ...args];
      const result = spawnSync(command[0], command.slice(1), { encoding: 'utf8' });
      lock(0o755);
      return result;
    };
    const verified = asNobody('verify', '--db', db, '--json');
    assert.equal(verified.status, 0, verified.stderr);
    assert.equal(JSON.parse(verified.stdout).valid, true);
    assert.equal(asNobody('replay', id, '--db', db).status, 0);
    assert.equal(asNobody('audit', 'export', '--db', db).status, 0);
    writeFileSync(`${db}-wal`, 'not merged');
    const refused = asNobody('verify', '--db', db);
    assert.notEqual(refused.status, 0);
    assert.match(refused.stderr, /-wal/);
    backup.remove();
  });
});

describe('proof', () => {
  let s;
  before(async () => { s = await start(); });
  after(async () => { await s.stop(); });

  test('the chain verifies with every kind of decision in it', async () => {
    const bank = sound();
    bank.company.activity.code = '6419Z';
    const bare = sound();
    delete bare.financial_statements;
    const nameOnly = { company: { name: 'Nobody & Söhne', country: 'DE' } };
    const insolvent = { ...sound(), legal_events: [{ type: 'insolvency.liquidation_opened', date: '2026-03-01' }] };
    const referenceless = sound();
    delete referenceless.client_reference;
    for (const request of [bank, bare, nameOnly, insolvent, referenceless]) {
      const answer = await s.call('POST', '/v1/decisions', request);
      assert.equal(answer.status, 201, answer.text);
      assert.equal(runJson('verify', '--db', s.db).valid, true, answer.json().body.status);
      assert.equal((await s.call('POST', answer.json().links.replay)).json().matches, true);
    }
  });

  test('a receipt is there once a checkpoint is signed, and names the decision\'s place', async () => {
    const created = (await s.call('POST', '/v1/decisions', sound())).json();
    const early = await s.call('GET', created.links.receipt);
    assert.equal(early.status, 404);
    assert.equal(early.json().type, '/problems/receipt-pending');
    // A checkpoint is signed every 1,000 entries at the latest.
    await Promise.all(Array.from({ length: 16 }, async () => {
      for (let i = 0; i < 64; i++) assert.equal((await s.call('POST', '/v1/decisions', sound())).status, 201);
    }));
    const receipt = await s.call('GET', created.links.receipt);
    assert.equal(receipt.status, 200, receipt.text);
    assert.ok(receipt.text.includes(created.audit.stream));
  });

  test('an export verifies without the database, and not when a byte of it changed', async () => {
    const file = path.join(s.dir, 'audit.jsonl');
    run('audit', 'export', '--db', s.db, '--out', file);
    const report = runJson('verify', file);
    assert.equal(report.valid, true);
    assert.ok(report.entries > 1000);
    const bytes = readFileSync(file);
    const at = Math.floor(bytes.length / 2);
    bytes[at] = bytes[at] === 0x61 ? 0x62 : 0x61;
    writeFileSync(file, bytes);
    const result = failing('verify', file, '--json');
    assert.equal(result.status, 1);
    const bad = JSON.parse(result.stdout);
    assert.equal(bad.valid, false);
    assert.ok(bad.first_bad.seq > 0 && bad.first_bad.fault.length > 10);
  });

  test('an export of a database that is not there leaves the file as it was', () => {
    const file = path.join(s.dir, 'kept.jsonl');
    writeFileSync(file, 'kept');
    failing('audit', 'export', '--db', path.join(s.dir, 'nonsuch.db'), '--out', file);
    assert.equal(readFileSync(file, 'utf8'), 'kept');
  });

  test('a log without the checkpoint that was kept outside was cut', async () => {
    const file = path.join(s.dir, 'cut.jsonl');
    run('audit', 'export', '--db', s.db, '--out', file);
    const kept = runJson('verify', file).last_checkpoint;
    assert.equal(runJson('verify', file, '--checkpoint', kept).valid, true);
    assert.equal(failing('verify', file, '--checkpoint', '0'.repeat(64), '--json').status, 1);
  });
});

describe('keys', () => {
  test('made and revoked beside a running server count at once, and within a second', async () => {
    const s = await start();
    const made = runJson('key', 'create', '--tenant', 'acme', '--mode', 'test', '--db', s.db);
    const call = caller(s.url, made.key);
    assert.equal((await call('GET', '/v1/decisions')).status, 200);
    run('key', 'revoke', made.id, '--db', s.db);
    const until = Date.now() + 1500;
    let status = 200;
    while (status === 200 && Date.now() < until) status = (await call('GET', '/v1/decisions')).status;
    assert.equal(status, 401);
    await s.stop();
  });

  test('are not stored: the database does not hold them', async () => {
    const s = await start();
    await s.call('POST', '/v1/decisions', sound());
    const secret = s.testKey.slice('sk_test_'.length);
    for (const suffix of ['', '-wal']) assert.ok(!readFileSync(s.db + suffix).includes(secret));
    await s.stop();
  });

  for (const [name, args] of [
    ['an unknown tenant', ['key', 'create', '--tenant', 'nobody', '--mode', 'test']],
    ['an unknown scope', ['key', 'create', '--tenant', 'acme', '--mode', 'test', '--scopes', 'decisions:raed']],
    ['a third mode', ['key', 'create', '--tenant', 'acme', '--mode', 'prod']],
    ['a date that is none', ['key', 'create', '--tenant', 'acme', '--mode', 'test', '--expires', '2027-02-30']],
    ['a tenant twice', ['tenant', 'create', 'acme']],
    ['a tenant without a name', ['tenant', 'create', '']],
    ['an id that is none', ['key', 'revoke', 'key_x']],
  ]) {
    test(`refuse ${name} and say why`, () => {
      const f = folder();
      const db = path.join(f.dir, 'aval.db');
      run('tenant', 'create', 'acme', '--db', db);
      assert.match(failing(...args, '--db', db).stderr, /^aval (key|tenant): ./);
      f.remove();
    });
  }
});

describe('starting', () => {
  let f, db;
  before(() => { f = folder(); db = path.join(f.dir, 'aval.db'); runJson('tenant', 'create', 'acme', '--db', db); });
  after(() => f.remove());

  const refused = (args, what) => {
    const result = failing('serve', '--db', db, '--listen', '127.0.0.1:0', ...args);
    assert.match(result.stderr, what);
    assert.equal(result.stdout, '');
  };
  test('needs a certificate', () => refused([], /--tls-cert/));
  test('refuses plain HTTP beyond loopback', () => {
    const result = failing('serve', '--db', db, '--listen', '0.0.0.0:0', '--no-tls');
    assert.match(result.stderr, /loopback/);
  });
  test('names a certificate that is not there', () => refused(['--tls-cert', '/nonexistent.pem', '--tls-key', '/nonexistent.pem'], /nonexistent\.pem/));
  test('names a model file that is not there', () => refused(['--no-tls', '--model', '/nonexistent.json'], /nonexistent\.json/));
  test('refuses a policy with a fault, and points at it', () => {
    const policy = JSON.parse(readFileSync(path.join(root, 'policies/trade-credit.json'), 'utf8'));
    policy.currency = 'EURO';
    const file = path.join(f.dir, 'policy.json');
    writeFileSync(file, JSON.stringify(policy));
    refused(['--no-tls', '--policy', file], /policy\.json.*\/currency/);
    assert.match(failing('policy', 'validate', file).stderr, /\/currency/);
  });
  test('refuses a model whose vectors do not reproduce', () => {
    const model = JSON.parse(readFileSync(path.join(root, 'models/default/model.json'), 'utf8'));
    model.vectors[3].pd_ppm += 1;
    const file = path.join(f.dir, 'model.json');
    writeFileSync(file, JSON.stringify(model));
    refused(['--no-tls', '--model', file], /model\.json.*\/vectors\/3/);
  });
  test('refuses a second server on the same database', async () => {
    const server = await serve(db);
    refused(['--no-tls'], /./);
    await server.stop();
  });
  test('refuses a database of a later version', () => {
    const later = path.join(f.dir, 'later.db');
    run('tenant', 'create', 'acme', '--db', later);
    execFileSync('sqlite3', [later, 'INSERT INTO migration (version, applied_ms) VALUES (99, 0)'], { stdio: 'pipe' });
    const result = failing('serve', '--db', later, '--listen', '127.0.0.1:0', '--no-tls');
    assert.equal(result.status, 78);
    assert.match(result.stderr, /newer/);
  });
  test('says which option or command is unknown', () => {
    assert.equal(failing('serve', '--nonsense').status, 64);
    assert.match(failing('scroe').stderr, /Did you mean "score"/);
  });
});
