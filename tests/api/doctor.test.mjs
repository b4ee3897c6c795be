// doctor.test.mjs - one broken installation for each check of `aval doctor`: that check fails, and says what to do.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { aval, folder, root, run, runJson, serve, sound, caller } from './harness.mjs';
import { authority } from './pki.mjs';

let f, sample, ca, count = 0;
before(async () => {
  f = folder();
  ca = authority(f.dir, 'authority');
  sample = path.join(f.dir, 'sample');
  mkdirSync(sample, { mode: 0o700 });
  const db = path.join(sample, 'aval.db');
  runJson('tenant', 'create', 'acme', '--db', db);
  const { key } = runJson('key', 'create', '--tenant', 'acme', '--mode', 'test', '--db', db);
  const server = await serve(db);
  const call = caller(server.url, key);
  for (let i = 0; i < 20; i++) assert.equal((await call('POST', '/v1/decisions', sound())).status, 201);
  await server.stop();
});
after(() => f.remove());

// A copy of the sound installation, to be broken.
function installation() {
  const dir = path.join(f.dir, `copy-${count++}`);
  mkdirSync(dir, { mode: 0o700 });
  for (const name of ['aval.db', 'aval.db.audit-key']) {
    copyFileSync(path.join(sample, name), path.join(dir, name));
    chmodSync(path.join(dir, name), 0o600);
  }
  return { dir, db: path.join(dir, 'aval.db') };
}

const sql = (db, text) => execFileSync('sqlite3', [db, text], { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });

function doctor(args, options = {}) {
  const result = spawnSync(options.program ?? aval, [...(options.before ?? []), 'doctor', ...args, '--json'], { encoding: 'utf8', timeout: 60000, ...options });
  assert.equal(result.stderr, '', result.stderr);
  const report = JSON.parse(result.stdout);
  const of = (name) => report.checks.find((check) => check.name === name);
  assert.equal(result.status, report.fail > 0 ? 1 : 0);
  assert.equal(report.healthy, report.fail === 0);
  for (const check of report.checks) assert.equal(check.verdict === 'ok', check.remedy === '', JSON.stringify(check));
  return { report, of };
}

function expect(name, verdict, words, args, options) {
  const { report, of } = doctor(args, options);
  assert.equal(of(name)?.verdict, verdict, JSON.stringify(report.checks, null, 1));
  assert.match(`${of(name).found} -> ${of(name).remedy}`, words);
  return { report, of };
}

describe('a sound installation', () => {
  test('passes every check, and is left as it was', () => {
    const { dir, db } = installation();
    const pair = ca.issue('sound');
    const bytes = readFileSync(db);
    const { report, of } = doctor(['--db', db, '--tls-cert', pair.cert, '--tls-key', pair.key, '--listen', '127.0.0.1:0', '--deep']);
    assert.equal(report.fail, 0, JSON.stringify(report.checks, null, 1));
    for (const name of ['database', 'folder', 'signing_key', 'schema', 'pages', 'audit_chain', 'model', 'policies', 'certificate', 'listen']) {
      assert.equal(of(name).verdict, 'ok', JSON.stringify(of(name)));
    }
    assert.match(of('audit_chain').found, /all \d+ entries proved/);
    assert.deepEqual(readFileSync(db), bytes);
    assert.deepEqual(readdirSync(dir).filter((name) => !/^aval\.db(-wal|-shm|\.audit-key)?$/.test(name)), []);
  });

  test('passes beside its server, over TLS', async () => {
    const { db } = installation();
    const pair = ca.issue('beside');
    const server = await serve(db, ['--tls-cert', pair.cert, '--tls-key', pair.key]);
    const { report, of } = doctor(['--db', db, '--url', server.url, '--tls-cert', pair.cert, '--tls-key', pair.key]);
    await server.stop();
    assert.equal(report.fail, 0, JSON.stringify(report.checks, null, 1));
    for (const name of ['server', 'version', 'clock_skew', 'audit_chain']) assert.equal(of(name).verdict, 'ok', JSON.stringify(of(name)));
  });

  test('is told to people in lines, and needs no database', () => {
    const text = run('doctor');
    assert.match(text, /^ok {4}model {8}aval-default/m);
    assert.match(text, /\d+ ok, \d+ to look at, 0 failed\n$/);
  });
});

describe('the database', () => {
  // Nothing was signed and nothing has a schema: there is one thing to mend, not three.
  const alone = ({ report }) => assert.deepEqual(report.checks.filter((c) => c.verdict === 'fail').map((c) => c.name), ['database']);
  test('is missing', () => alone(expect('database', 'fail', /No such file.*tenant create/, ['--db', path.join(f.dir, 'none.db')])));
  test('is a folder', () => alone(expect('database', 'fail', /is no file/, ['--db', f.dir])));
  test('is empty', () => {
    writeFileSync(path.join(f.dir, 'empty.db'), '', { mode: 0o600 });
    alone(expect('database', 'fail', /empty\.db is empty -> Restore it from the backup; if nothing/, ['--db', path.join(f.dir, 'empty.db')]));
  });
  test('is open to others', () => {
    const { db } = installation();
    chmodSync(db, 0o644);
    expect('database', 'warn', /0644.*chmod/, ['--db', db]);
  });
  test('stands in a folder that everybody writes', () => {
    const { dir, db } = installation();
    chmodSync(dir, 0o777);
    expect('folder', 'warn', /everybody.*0700/, ['--db', db]);
  });
  test('stands in a folder that cannot be written', { skip: process.getuid() !== 0 && 'needs root, to become another user' }, () => {
    const { dir, db } = installation();
    for (const name of [db, `${db}.audit-key`]) chownSync(name, 65534, 65534);
    chmodSync(dir, 0o755);
    chmodSync(f.dir, 0o755);
    const { of } = expect('folder', 'fail', /Permission denied.*Give the folder/, ['--db', db], { uid: 65534, gid: 65534 });
    assert.equal(of('disk_speed').verdict, 'fail');
  });
  test('belongs to another user', { skip: process.getuid() !== 0 && 'needs root' }, () => {
    const { db } = installation();
    chownSync(db, 65534, 65534);
    expect('database', 'warn', /65534.*Run the doctor as/, ['--db', db]);
  });
  test('does not write ahead', () => {
    const { db } = installation();
    sql(db, 'PRAGMA journal_mode=DELETE');
    expect('schema', 'fail', /journal_mode=delete/, ['--db', db]);
  });
  test('is of a newer program', () => {
    const { db } = installation();
    sql(db, 'INSERT INTO migration (version, applied_ms) VALUES (99, 0)');
    expect('schema', 'fail', /99.*newer/s, ['--db', db]);
  });
  test('has a page with a flipped byte', () => {
    const { db } = installation();
    const bytes = readFileSync(db);
    const page = Number(sql(db, "SELECT rootpage FROM sqlite_master WHERE name = 'audit_entry'").trim());
    // The number of cells of the page: quick_check counts them.
    bytes[(page - 1) * 4096 + 4] ^= 0xff;
    writeFileSync(db, bytes);
    expect('pages', 'fail', /restore the database/i, ['--db', db]);
  });
  test('is no database', () => {
    const { db } = installation();
    writeFileSync(db, 'not a database at all, however long it is'.repeat(1000));
    expect('schema', 'fail', /not a database/, ['--db', db]);
  });
});

describe('the audit chain', () => {
  test('has an entry that was tampered with', () => {
    const { db } = installation();
    sql(db, 'UPDATE audit_entry SET time_ms = time_ms + 1 WHERE stream = \'main\' AND epoch = 1 AND seq = 3');
    expect('audit_chain', 'fail', /not whole at main.*evidence/, ['--db', db, '--deep']);
  });
  test('has a checkpoint that was tampered with, which a glance sees', () => {
    const { db } = installation();
    sql(db, 'UPDATE audit_checkpoint SET time_ms = time_ms + 1');
    expect('audit_chain', 'fail', /not what was signed.*verify/, ['--db', db]);
  });
  test('has a covered entry that was replaced, which a glance sees', () => {
    const { db } = installation();
    sql(db, "UPDATE audit_entry SET hash = zeroblob(32) WHERE (stream, epoch, seq) IN (SELECT stream, epoch, last_seq FROM audit_checkpoint ORDER BY epoch DESC, last_seq DESC LIMIT 1)");
    expect('audit_chain', 'fail', /gone or is another/, ['--db', db]);
  });
  test('was signed with another key than the one beside it', () => {
    const { db } = installation();
    writeFileSync(`${db}.audit-key`, `${'5'.repeat(64)}\n`);
    expect('audit_chain', 'fail', /another key.*backup/, ['--db', db]);
  });
  for (const [what, spoil, words] of [
    ['may be read by others', (key) => chmodSync(key, 0o644), /others may read.*chmod 600/],
    ['is missing', (key) => renameSync(key, `${key}.away`), /missing.*backup/],
    ['is cut', (key) => writeFileSync(key, 'abc'), /hexadecimal.*backup/],
  ]) {
    test(`has a key that ${what}`, () => {
      const { db } = installation();
      spoil(`${db}.audit-key`);
      expect('signing_key', 'fail', words, ['--db', db]);
    });
  }
});

describe('what decides', () => {
  test('is a model that does not score its own vectors', () => {
    const model = JSON.parse(readFileSync(path.join(root, 'models/default/model.json'), 'utf8'));
    model.blocks.financial.scorecard.intercept -= 0.01;
    const file = path.join(f.dir, 'model.json');
    writeFileSync(file, JSON.stringify(model));
    expect('model', 'fail', /vector.*another model/s, ['--model', file]);
  });
  test('is no model', () => expect('model', 'fail', /none\.json/, ['--model', path.join(f.dir, 'none.json')]));
  test('is a policy with a fault', () => {
    const file = path.join(f.dir, 'policy.json');
    writeFileSync(file, readFileSync(path.join(root, 'policies/trade-credit.json'), 'utf8').replace('"currency"', '"curency"'));
    expect('policies', 'fail', /policy\.json.*policy validate/, ['--policy', file]);
  });
});

describe('the certificate', () => {
  const pairs = (cert, key) => ['--tls-cert', cert, '--tls-key', key];
  test('has expired', () => {
    const pair = ca.issue('expired', { from: -30, until: -2 });
    expect('certificate', 'fail', /expired 2 days ago.*new certificate/, pairs(pair.cert, pair.key));
  });
  test('is not valid yet', () => {
    const pair = ca.issue('early', { from: 2, until: 30 });
    expect('certificate', 'fail', /not valid yet.*clock/, pairs(pair.cert, pair.key));
  });
  test('ends soon', () => {
    const pair = ca.issue('soon', { until: 5 });
    expect('certificate', 'warn', /[45] days left.*Renew/, pairs(pair.cert, pair.key));
  });
  test('has the key of another', () => {
    expect('certificate', 'fail', /not that of the certificate/, pairs(ca.issue('one').cert, ca.issue('other').key));
  });
  test('has a key that others may read', () => {
    const pair = ca.issue('open');
    chmodSync(pair.key, 0o644);
    expect('certificate', 'fail', /0644.*chmod 600/, pairs(pair.cert, pair.key));
  });
  test('has its chain in the wrong order', () => {
    const pair = ca.issue('chained');
    const stranger = authority(f.dir, 'stranger');
    const file = path.join(f.dir, 'chain.pem');
    writeFileSync(file, readFileSync(pair.cert, 'utf8').replace(/(-----END CERTIFICATE-----\n)[^]*/, '$1') + readFileSync(stranger.ca, 'utf8') + readFileSync(ca.ca, 'utf8'));
    expect('certificate', 'fail', /certificate 2 .*first/, pairs(file, pair.key));
  });
  test('is no certificate', () => expect('certificate', 'fail', /no certificate in it/, pairs(ca.issue('key').key, ca.issue('key2').key)));
  test('is not there', () => expect('certificate', 'fail', /No such file.*PEM/, pairs(path.join(f.dir, 'none.pem'), path.join(f.dir, 'none.key'))));
  test('is given without its key', () => expect('certificate', 'fail', /Give both/, ['--tls-cert', ca.issue('alone').cert]));
});

describe('the server', () => {
  let impostor, url, ready = 200;
  before(async () => {
    impostor = http.createServer((request, answer) => {
      answer.setHeader('Date', 'Fri, 01 Jan 2027 00:00:00 GMT');
      answer.statusCode = request.url === '/readyz' ? ready : 200;
      answer.end('{"info":{"title":"aval","version":"9.9.9"}}');
    });
    await new Promise((resolve) => impostor.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${impostor.address().port}`;
  });
  after(() => impostor.close());
  // The impostor answers on this process's own loop, so the doctor must not block it.
  const ask = (...args) => new Promise((resolve) => import('node:child_process').then(({ execFile }) => {
    execFile(aval, ['doctor', ...args, '--json'], (error, stdout) => resolve({ code: error?.code ?? 0, checks: Object.fromEntries(JSON.parse(stdout).checks.map((c) => [c.name, c])) }));
  }));

  test('is of another version, and its clock is far off', async () => {
    const { code, checks } = await ask('--url', url);
    assert.equal(code, 1);
    assert.equal(checks.server.verdict, 'ok');
    assert.equal(checks.version.verdict, 'warn');
    assert.match(checks.version.found, /9\.9\.9/);
    assert.equal(checks.clock_skew.verdict, 'fail');
    assert.match(checks.clock_skew.remedy, /NTP/);
  });
  test('is not ready', async () => {
    ready = 503;
    const { code, checks } = await ask('--url', url);
    assert.equal(code, 1);
    assert.match(`${checks.server.verdict} ${checks.server.found} ${checks.server.remedy}`, /^fail .*503.*writing_stopped/);
  });
  test('has a certificate that nobody here trusts', async () => {
    const { db } = installation();
    const pair = ca.issue('untrusted');
    const server = await serve(db, ['--tls-cert', pair.cert, '--tls-key', pair.key]);
    const { checks } = await ask('--url', server.url);
    await server.stop();
    assert.match(`${checks.server.verdict} ${checks.server.found} ${checks.server.remedy}`, /^fail .*handshake failed: .*--tls-cert/);
  });
  for (const bad of ['127.0.0.1:8443', 'ftp://x', 'https://', 'https://x:0', 'https://x:99999', 'https://x:8a', 'http://127.0.0.1:1']) {
    test(`is not at "${bad}"`, () => expect('server', 'fail', /expected https|no connection/, ['--url', bad]));
  }
  test('has an address that is taken', async () => {
    const { of } = doctor(['--listen', `127.0.0.1:${impostor.address().port}`]);
    assert.match(`${of('listen').verdict} ${of('listen').found} ${of('listen').remedy}`, /^fail .*in use.*free address/);
  });
  test('has an address that is none', () => expect('listen', 'fail', /port/, ['--listen', '127.0.0.1:99999']));
});

describe('the machine', () => {
  test('gives too few descriptors', () => {
    expect('descriptors', 'warn', /at most 1000;.*LimitNOFILE/, [], { program: 'bash', before: ['-c', 'ulimit -n 1000; exec "$0" "$@"', aval] });
  });
  for (const name of ['clock', 'memory', 'backlog']) {
    test(`is asked for its ${name}`, () => assert.ok(['ok', 'warn'].includes(doctor([]).of(name).verdict)));
  }
});
