// metrics.test.mjs - /metrics says what was done, no more; its labels stay few; and not everybody may read it.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { aval, caller, distressed, folder, run, runJson, send, serve, sound, start } from './harness.mjs';
import { authority } from './pki.mjs';
import { read, sum } from './prometheus.mjs';

let s;
before(async () => { s = await start(); });
after(async () => { assert.equal((await s.stop()).code, 0); });

const page = async () => {
  const answer = await send(`${s.url}/metrics`);
  assert.equal(answer.status, 200);
  return answer.text;
};
const look = async () => read(await page());

// What these requests changed: by(name, labels) is the difference.  A request counts once its answer is out, which its client may
// see a moment earlier: so look again until all are there, looks before this one among them.
async function change(work) {
  const asked = (families) => sum(families, 'aval_http_requests_total');
  const before = await look();
  const requests = await work();
  let now;
  let looks = 0;
  do {
    now = await look();
    looks++;
  } while (asked(now) - asked(before) < requests + looks && looks < 1000);
  assert.equal(asked(now) - asked(before), requests + looks, 'no request is lost or counted twice');
  return (name, labels) => sum(now, name, labels) - sum(before, name, labels);
}

test('the page is what a scraper wants', async () => {
  const answer = await send(`${s.url}/metrics`);
  assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.ok(read(answer.text).size > 40);
});

test('promtool finds nothing to mind', (t) => {
  const tool = process.env.PROMTOOL ?? '/usr/bin/promtool';
  if (!existsSync(tool)) {
    t.skip('promtool is not here');
    return undefined;
  }
  return page().then((text) => {
    const result = spawnSync(tool, ['check', 'metrics'], { input: text, encoding: 'utf8' });
    assert.equal(result.status, 0, result.stdout + result.stderr);
    assert.equal(result.stdout + result.stderr, '');
  });
});

test('it says what runs', async () => {
  const families = await look();
  const build = families.get('aval_build_info').samples[0].labels;
  assert.ok(run('version').includes(build.version));
  for (const library of ['sqlite', 'openssl', 'nghttp2', 'llhttp']) assert.match(build[library], /^\d+\.\d+\.\d+/, library);
  const decision = (await s.call('POST', '/v1/decisions?dry_run=true', sound())).json();
  const model = families.get('aval_model_info').samples[0].labels;
  const policy = families.get('aval_policy_info').samples[0].labels;
  assert.deepEqual(model, { ...decision.body.model });
  assert.deepEqual(policy, { ...decision.body.policy });
});

test('decisions are counted by recommendation, status and mode; what is not recorded is not', async () => {
  const retry = { 'idempotency-key': 'metrics-1' };
  const answers = [];
  const by = await change(async () => {
    for (let i = 0; i < 3; i++) answers.push(await s.call('POST', '/v1/decisions', sound()));
    for (let i = 0; i < 2; i++) answers.push(await s.call('POST', '/v1/decisions', distressed()));
    answers.push(await s.live('POST', '/v1/decisions', sound(), retry));
    const again = await s.live('POST', '/v1/decisions', sound(), retry);
    assert.equal(again.headers['idempotent-replayed'], 'true');
    assert.equal((await s.call('POST', '/v1/decisions?dry_run=true', sound())).status, 200);
    assert.equal((await s.call('POST', '/v1/decisions', { company: 1 })).status, 422);
    assert.equal((await s.call('POST', '/v1/decisions', '{')).status, 400);
    return 10;
  });
  const wanted = new Map();
  for (const answer of answers) {
    assert.equal(answer.status, 201);
    const { body, livemode } = answer.json();
    const key = JSON.stringify({ recommendation: body.recommendation, status: body.status, mode: livemode ? 'live' : 'test' });
    wanted.set(key, (wanted.get(key) ?? 0) + 1);
  }
  assert.ok(wanted.size >= 3);
  for (const [labels, count] of wanted) assert.equal(by('aval_decisions_total', JSON.parse(labels)), count, labels);
  assert.equal(by('aval_decisions_total'), 6);
  const scores = answers.map((a) => a.json().body.score?.value).filter((v) => v !== undefined && v !== null);
  assert.equal(by('aval_decision_score_count'), scores.length);
  assert.equal(by('aval_decision_score_sum'), scores.reduce((a, b) => a + b, 0));
  assert.equal(by('aval_idempotent_replays_total'), 1);
  const created = { method: 'POST', route: '/v1/decisions' };
  assert.equal(by('aval_http_requests_total', { ...created, code: '201' }), 7);
  assert.equal(by('aval_http_requests_total', { ...created, code: '200' }), 1);
  assert.equal(by('aval_http_requests_total', { ...created, code: '422' }), 1);
  assert.equal(by('aval_http_requests_total', { ...created, code: '400' }), 1);
  assert.equal(by('aval_http_request_duration_seconds_count', { route: '/v1/decisions' }), 10);
  assert.equal(by('aval_commit_batch_units_sum'), 7, 'six decisions, and the retry that was refused');
  assert.equal(by('aval_commit_duration_seconds_count'), by('aval_commit_batch_units_count'));
  assert.equal(by('aval_audit_head_sequence'), 6);
});

test('refusals are counted where they belong', async () => {
  const nobody = caller(s.url, `sk_test_${'a'.repeat(43)}`);
  const by = await change(async () => {
    for (let i = 0; i < 4; i++) assert.equal((await nobody('GET', '/v1/decisions')).status, 401);
    assert.equal((await send(`${s.url}/v1/decisions`)).status, 401);
    assert.equal((await send(`${s.url}/livez`, { method: 'DELETE' })).status, 405);
    assert.equal((await s.call('GET', '/v1/decisions/dec_nothing')).status, 404);
    return 7;
  });
  assert.equal(by('aval_key_lookups_total', { result: 'unknown' }), 4, 'what has not even the form of a key is not looked up');
  assert.equal(by('aval_http_requests_total', { route: '/v1/decisions', code: '401', method: 'GET' }), 5);
  assert.equal(by('aval_http_requests_total', { route: 'unknown', code: '405', method: 'DELETE' }), 1);
  assert.equal(by('aval_http_requests_total', { route: '/v1/decisions/{id}', code: '404' }), 1);
  assert.equal(by('aval_decisions_total'), 0);
});

test('malformed requests, and those that are cut, are counted too', async () => {
  const { port, hostname } = new URL(s.url);
  const say = (bytes) => new Promise((resolve) => {
    const socket = net.connect(port, hostname, () => socket.end(bytes));
    socket.on('error', () => {});
    socket.on('close', resolve).resume();
  });
  const by = await change(async () => {
    await say('GET / HTTP/1.1\r\n\r\n'); // no Host
    await say('GET /livez HTTP/1.1\r\nHost: a\r\nBad\x01: b\r\n\r\n');
    await say('POST /v1/decisions HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345');
    await say(''); // nothing was asked
    return 3;
  });
  assert.equal(by('aval_http_requests_total', { code: '400' }), 2);
  assert.equal(by('aval_http_requests_refused_total'), 2);
  assert.equal(by('aval_http_requests_total', { code: 'none', method: 'POST', route: '/v1/decisions' }), 1);
});

test('a thousand paths nobody knows make one label', async () => {
  const by = await change(async () => {
    const paths = Array.from({ length: 1000 }, (_, i) => `/x${i}/%22%7D%0A${Math.random()}/${'a'.repeat(i % 50)}?q=${i}`);
    for (let i = 0; i < paths.length; i += 50) {
      await Promise.all(paths.slice(i, i + 50).map((p) => s.call(i % 100 ? 'GET' : 'PUT', p)));
    }
    return 1000;
  });
  assert.equal(by('aval_http_requests_total', { route: 'unknown', code: '404' }), 1000);
  const routes = new Set(run('routes').trim().split('\n').map((line) => line.split(' ')[1]));
  for (const { labels } of (await look()).get('aval_http_requests_total').samples) {
    assert.ok(labels.route === 'unknown' || routes.has(labels.route), labels.route);
    assert.match(labels.method, /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|other)$/);
    assert.match(labels.code, /^(\d{3}|none|other)$/);
  }
  assert.ok((await page()).length < 100000);
});

test('gauges are about right', async () => {
  const families = await look();
  const value = (name) => sum(families, name);
  assert.equal(value('aval_writing_healthy'), 1);
  assert.equal(value('aval_commit_queue_limit_units'), 8192);
  assert.equal(value('aval_commit_queue_units'), 0);
  assert.equal(value('aval_commit_queue_oldest_age_seconds'), 0);
  assert.ok(value('aval_worker_threads') >= 1);
  assert.equal(value('aval_log_lines_dropped_total'), 0);
  assert.ok(value('aval_audit_checkpoint_age_seconds') < 120);
  assert.ok(value('process_resident_memory_bytes') > 1e6);
  assert.ok(value('process_cpu_seconds_total') > 0);
  assert.ok(value('process_open_fds') > 3);
  assert.ok(value('process_max_fds') >= value('process_open_fds'));
  assert.ok(Math.abs(value('process_start_time_seconds') - Date.now() / 1000) < 600);
  assert.ok(value('aval_http_connections_open') >= 1);
  assert.ok(value('aval_http_loop_turn_seconds_count') > 0);
  assert.ok(!families.has('aval_tls_certificate_expiry_timestamp_seconds'), 'there is no certificate');
});

const forwarded = ['Forwarded', 'forwarded', 'FORWARDED', 'X-Forwarded-For', 'x-forwarded-for', 'X-Real-IP', 'Via', 'via'];
for (const name of forwarded) {
  for (const value of ['for=127.0.0.1', '127.0.0.1', '']) {
    test(`a request with ${name}: ${value || 'nothing'} is not local`, async () => {
      const answer = await send(`${s.url}/metrics`, { headers: { [name]: value } });
      assert.equal(answer.status, 403);
      assert.equal(answer.json().type, '/problems/address-not-allowed');
      assert.ok(!answer.text.includes('aval_'));
    });
  }
}

test('a key opens nothing here', async () => {
  assert.equal((await s.live('GET', '/metrics', undefined, { via: '1.1 x' })).status, 403);
});

test('it is for reading', async () => {
  assert.equal((await send(`${s.url}/metrics`, { method: 'POST' })).status, 405);
  assert.equal((await send(`${s.url}/metrics`, { method: 'HEAD' })).text, '');
  assert.equal((await send(`${s.url}/metrics`, { method: 'GET', body: 'x' })).status, 413);
});

test('--metrics-allow admits a range, forwarded or not', async () => {
  const f = folder();
  const other = await serve(path.join(f.dir, 'a.db'), ['--no-tls', '--metrics-allow', '192.0.2.0/24', '--metrics-allow', '127.0.0.0/8']);
  assert.equal((await send(`${other.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status, 200);
  await other.stop();
  f.remove();
});

for (const range of ['', 'all', '10.0.0.0/33', '10.1.0.0/8', '10.0.0.0/8,11.0.0.0/8', '::/200', 'localhost']) {
  test(`--metrics-allow "${range}" is refused at the start`, () => {
    const f = folder();
    const result = spawnSync(aval, ['serve', '--db', path.join(f.dir, 'a.db'), '--no-tls', '--metrics-allow', range], { timeout: 20000 });
    assert.equal(result.status, 64);
    f.remove();
  });
}

// This machine's own address outside loopback: what is sent there stays here, but does not come from 127.0.0.1.
const address = Object.values(networkInterfaces()).flat().find((i) => !i.internal && i.family === 'IPv4')?.address;
test('a peer that is not local needs to be named; and with TLS the certificate is told', { skip: !address && 'no such address' }, async () => {
  const f = folder();
  const trusted = authority(f.dir, 'trusted');
  const pair = trusted.issue('pair');
  const db = path.join(f.dir, 'a.db');
  runJson('tenant', 'create', 'acme', '--db', db);
  for (const [extra, status] of [[[], 403], [['--metrics-allow', '203.0.113.0/24'], 403], [['--metrics-allow', `${address}/32`], 200]]) {
    const other = await serve(db, ['--listen', '0.0.0.0:0', '--tls-cert', pair.cert, '--tls-key', pair.key, ...extra]);
    const port = JSON.parse(JSON.stringify(other.urls ?? [])).at?.(-1)?.split(':').at(-1) ?? new URL(other.url).port;
    const ask = (host) => execFileSync('curl', ['-sk', '-o', path.join(f.dir, 'out'), '-w', '%{http_code}', '--interface', host,
      `https://${host}:${port}/metrics`], { encoding: 'utf8' });
    assert.equal(Number(ask(address)), status, `${extra}`);
    await other.stop();
  }
  f.remove();
});
