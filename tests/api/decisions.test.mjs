// decisions.test.mjs - asking for a decision and getting all of it, over HTTP, from the real binary.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { caller, distressed, run, runJson, sound, start } from './harness.mjs';

let s;
before(async () => { s = await start(); });
after(async () => { await s.stop(); });

describe('a decision', () => {
  test('is created with everything the contract names', async () => {
    const answer = await s.call('POST', '/v1/decisions', sound());
    assert.equal(answer.status, 201, answer.text);
    const d = answer.json();
    assert.equal(d.object, 'decision');
    assert.match(d.id, /^dec_[0-9a-z]{26}$/);
    assert.equal(d.livemode, false);
    assert.equal(d.client_reference, 'demo');
    assert.equal(answer.headers.location, `/v1/decisions/${d.id}`);
    assert.match(answer.headers['request-id'], /^req_[0-9a-z]{26}$/);
    assert.equal(answer.headers['api-version'], '2026-11-01');
    assert.match(answer.headers['server-timing'], /compute;dur=[\d.]+, commit;dur=[\d.]+/);
    const b = d.body;
    assert.equal(b.status, 'scored');
    assert.deepEqual([b.score.min, b.score.max, b.score.direction], [0, 1000, 'higher_is_better']);
    assert.ok(b.pd.interval.low <= b.pd.value && b.pd.value <= b.pd.interval.high);
    assert.equal(b.pd.default_definition, 'insolvency_12m');
    assert.ok(['accept', 'accept_with_guarantees', 'refer', 'decline'].includes(b.recommendation));
    assert.ok(b.limit.constraints.some((c) => c.name === b.limit.binding_constraint));
    assert.equal(b.purpose, 'credit_granting');
    assert.equal(b.legal_basis, 'contract');
    assert.equal(b.data_quality.sanctions, 'not_checked');
    assert.equal(b.model.sha256.length, 64);
    assert.equal(b.policy.id, 'trade-credit');
    assert.ok(d.words.justification.length > 100);
    assert.ok(d.audit.seq > 0);
  });

  test('has contributions that sum to its score, to the tenth of a point', async () => {
    for (const request of [sound(), distressed()]) {
      const { body } = (await s.call('POST', '/v1/decisions', request)).json();
      const tenths = Math.round(body.contributions.base * 10) +
        body.contributions.items.reduce((sum, item) => sum + Math.round(item.points * 10), 0);
      assert.equal(tenths, body.score.value * 10);
      assert.equal(body.contributions.total, body.score.value);
    }
  });

  test('states reasons unless it accepts, and lends nothing when it declines', async () => {
    const { body } = (await s.call('POST', '/v1/decisions', distressed())).json();
    assert.notEqual(body.recommendation, 'accept');
    assert.ok(body.reasons.length > 0);
    if (body.recommendation === 'decline' || body.recommendation === 'refer') {
      assert.equal(body.limit.recommended, '0.00');
    }
  });

  test('speaks three languages about the same body', async () => {
    const bodies = new Set();
    const texts = new Set();
    for (const language of ['en', 'es', 'fr']) {
      const d = (await s.call('POST', '/v1/decisions?dry_run=true', { ...sound(), language })).json();
      assert.equal(d.words.language, language);
      delete d.body.input_sha256;
      bodies.add(JSON.stringify(d.body));
      texts.add(d.words.justification);
    }
    assert.equal(bodies.size, 1);
    assert.equal(texts.size, 3);
  });

  test('is read back as the bytes that were answered', async () => {
    const created = await s.call('POST', '/v1/decisions', sound());
    const read = await s.call('GET', created.headers.location);
    assert.equal(read.status, 200);
    assert.equal(read.text, created.text);
  });

  test('is not found with the other environment\'s key, like an id that never was', async () => {
    const { id } = (await s.call('POST', '/v1/decisions', sound())).json();
    const other = (await s.live('GET', `/v1/decisions/${id}`));
    const never = (await s.live('GET', `/v1/decisions/dec_${'0'.repeat(26)}`));
    const strip = (text) => text.replace(/"request_id":"[^"]*"/, '');
    assert.deepEqual([other.status, never.status], [404, 404]);
    assert.equal(strip(other.text), strip(never.text));
  });

  test('equals what the command line makes of the same request, byte for byte', async () => {
    const file = path.join(s.dir, 'request.json');
    for (const request of [sound(), distressed()]) {
      request.as_of = '2026-11-20';
      writeFileSync(file, JSON.stringify(request));
      const offline = run('score', file, '--json');
      const online = (await s.call('POST', '/v1/decisions', request)).text;
      const body = (text) => text.slice(text.indexOf('"body":') + 7, text.indexOf(',"words":'));
      assert.equal(body(offline), body(online));
    }
  });

  test('is decided by rule when proceedings are open, without a score', async () => {
    const request = { ...sound(), legal_events: [{ type: 'insolvency.liquidation_opened', date: '2026-03-01', source: 'bodacc' }] };
    const { body } = (await s.call('POST', '/v1/decisions', request)).json();
    assert.equal(body.status, 'decided_by_rule');
    assert.equal(body.recommendation, 'decline');
    assert.equal(body.grade, 'P');
    assert.ok(!('score' in body) && !('pd' in body));
  });

  test('of a company without accounts is thin and never an accept', async () => {
    const request = sound();
    delete request.financial_statements;
    const { body } = (await s.call('POST', '/v1/decisions', request)).json();
    assert.equal(body.status, 'thin');
    assert.notEqual(body.recommendation, 'accept');
    assert.equal(body.limit.recommended, '0.00');
  });

  test('is not made for a bank, and says why', async () => {
    const request = sound();
    request.company.activity.code = '6419Z';
    const { body } = (await s.call('POST', '/v1/decisions', request)).json();
    assert.equal(body.status, 'not_scorable');
    assert.ok(body.not_scorable_reason);
    assert.ok(!('score' in body));
  });

  test('freezes a block with too little in it to score, and says so', async () => {
    const request = { ...sound(), bank_accounts: [{ currency: 'EUR', transactions: [{ date: '2026-08-03', amount: '-1200.00', label: 'URSSAF' }] }] };
    const { body } = (await s.call('POST', '/v1/decisions', request)).json();
    assert.equal(body.data_quality.blocks.bank, 'not_usable');
    assert.equal(body.data_quality.blocks.payment, 'missing');
  });
});

describe('idempotency', () => {
  test('answers a retry with the first answer\'s bytes', async () => {
    const key = { 'idempotency-key': '"po-2026-0042"' };
    const first = await s.call('POST', '/v1/decisions', sound(), key);
    const again = await s.call('POST', '/v1/decisions', sound(), { 'idempotency-key': 'po-2026-0042' });
    assert.equal(first.status, 201);
    assert.equal(again.status, 201);
    assert.equal(again.text, first.text);
    assert.equal(first.headers['idempotent-replayed'], undefined);
    assert.equal(again.headers['idempotent-replayed'], 'true');
  });

  test('takes the same request with its members in another order for the same', async () => {
    const request = sound();
    const turned = Object.fromEntries(Object.entries(request).reverse());
    const key = { 'idempotency-key': 'order' };
    const first = await s.call('POST', '/v1/decisions', request, key);
    const again = await s.call('POST', '/v1/decisions', turned, key);
    assert.equal(again.text, first.text);
  });

  test('refuses another body under a used key', async () => {
    const key = { 'idempotency-key': 'reused' };
    assert.equal((await s.call('POST', '/v1/decisions', sound(), key)).status, 201);
    const other = await s.call('POST', '/v1/decisions', distressed(), key);
    assert.equal(other.status, 422);
    assert.equal(other.json().type, '/problems/idempotency-key-reused');
  });

  test('releases the key of a request that was refused', async () => {
    const key = { 'idempotency-key': 'released' };
    assert.equal((await s.call('POST', '/v1/decisions', { company: {} }, key)).status, 422);
    assert.equal((await s.call('POST', '/v1/decisions', sound(), key)).status, 201);
  });

  test('gives 32 callers with one key one decision', async () => {
    for (let round = 0; round < 5; round++) {
      const key = { 'idempotency-key': `race-${round}` };
      const answers = await Promise.all(Array.from({ length: 32 }, () => s.call('POST', '/v1/decisions', sound(), key)));
      const made = answers.filter((a) => a.status === 201);
      assert.ok(made.length >= 1);
      assert.equal(new Set(made.map((a) => a.json().id)).size, 1);
      assert.ok(answers.every((a) => a.status === 201 || a.status === 409), answers.map((a) => a.status).join());
      assert.equal(made.filter((a) => !a.headers['idempotent-replayed']).length, 1);
    }
  });

  test('is required on live keys', async () => {
    const bare = await s.live('POST', '/v1/decisions', sound());
    assert.equal(bare.status, 400);
    assert.equal(bare.json().type, '/problems/idempotency-key-required');
    const keyed = await s.live('POST', '/v1/decisions', sound(), { 'idempotency-key': 'live-1' });
    assert.equal(keyed.status, 201);
    assert.equal(keyed.json().livemode, true);
  });

  for (const [name, value] of [['an empty key', '""'], ['256 characters', 'x'.repeat(256)], ['a quote inside', 'a"b']]) {
    test(`refuses ${name}`, async () => {
      const answer = await s.call('POST', '/v1/decisions', sound(), { 'idempotency-key': value });
      assert.equal(answer.status, 400);
      assert.equal(answer.json().type, '/problems/invalid-idempotency-key');
    });
  }

  test('takes a key of 255 characters', async () => {
    assert.equal((await s.call('POST', '/v1/decisions', sound(), { 'idempotency-key': 'x'.repeat(255) })).status, 201);
  });
});

describe('a list', () => {
  test('pages through everything once, newest first', async () => {
    const mine = { ...sound(), client_reference: 'paged' };
    const ids = [];
    for (let i = 0; i < 7; i++) ids.push((await s.call('POST', '/v1/decisions', mine)).json().id);
    const seen = [];
    let target = '/v1/decisions?client_reference=paged&limit=3';
    while (target) {
      const page = await s.call('GET', target);
      assert.equal(page.status, 200, page.text);
      const list = page.json();
      assert.equal(list.object, 'list');
      seen.push(...list.data.map((d) => d.id));
      const link = page.headers.link?.match(/<([^>]+)>; rel="next"/)?.[1];
      assert.equal(Boolean(link), list.has_more);
      assert.equal(list.next_cursor === null, !list.has_more);
      target = link;
    }
    assert.deepEqual(seen, ids.reverse());
  });

  test('finds a company by its identifier, and nothing of another environment', async () => {
    const found = (await s.call('GET', '/v1/decisions?company=siren:812345676&limit=1')).json();
    assert.equal(found.data.length, 1);
    const none = (await s.call('GET', '/v1/decisions?company=siren:732829320')).json();
    assert.equal(none.data.length, 0);
    const lives = (await s.live('GET', '/v1/decisions?limit=200')).json();
    assert.ok(lives.data.every((d) => d.livemode));
  });

  test('filters by recommendation', async () => {
    const { data } = (await s.call('GET', '/v1/decisions?recommendation=decline&limit=5')).json();
    assert.ok(data.every((d) => d.body.recommendation === 'decline'));
  });

  for (const [query, type] of [
    ['limit=0', 'invalid-parameter'], ['limit=201', 'invalid-parameter'], ['limit=x', 'invalid-parameter'],
    ['cursor=nonsense', 'invalid-parameter'], ['company=siren:123', 'invalid-parameter'], ['company=nope', 'invalid-parameter'],
    ['recommendation=maybe', 'invalid-parameter'], ['created_from=yesterday', 'invalid-parameter'],
    ['limt=5', 'unknown-parameter'], ['limit=5&limit=6', 'invalid-parameter'], ['limit=%ff', 'invalid-parameter'], ['limit=%4', 'invalid-parameter'],
  ]) {
    test(`refuses ?${query}`, async () => {
      const answer = await s.call('GET', `/v1/decisions?${query}`);
      assert.equal(answer.status, 400);
      assert.equal(answer.json().type, `/problems/${type}`);
    });
  }

  test('guesses a misspelt parameter', async () => {
    assert.match((await s.call('GET', '/v1/decisions?limt=5')).json().detail, /Did you mean "limit"/);
  });
});

describe('replay', () => {
  test('makes the same bytes again, over the API and offline', async () => {
    const { id } = (await s.call('POST', '/v1/decisions', distressed())).json();
    const online = (await s.call('POST', `/v1/decisions/${id}/replay`)).json();
    assert.equal(online.matches, true);
    assert.equal(online.stored_sha256, online.replayed_sha256);
    assert.equal(online.divergence, null);
    assert.equal(runJson('replay', id, '--db', s.db).matches, true);
  });

  test('of an unknown decision is not found', async () => {
    assert.equal((await s.call('POST', `/v1/decisions/dec_${'0'.repeat(26)}/replay`)).status, 404);
    assert.throws(() => run('replay', `dec_${'0'.repeat(26)}`, '--db', s.db));
  });
});

describe('simulation', () => {
  test('changes one fact of a recorded decision and records nothing', async () => {
    const { id, body } = (await s.call('POST', '/v1/decisions', distressed())).json();
    const before = (await s.call('GET', '/v1/decisions?limit=1')).json().data[0].id;
    const answer = await s.call('POST', '/v1/decisions:simulate', { from: id, changes: { request: { terms_days: 30 } } });
    assert.equal(answer.status, 200, answer.text);
    const simulated = answer.json();
    assert.equal(simulated.object, 'simulation');
    assert.equal(simulated.body.as_of, body.as_of);
    assert.equal(simulated.body.score.value, body.score.value);
    assert.equal((await s.call('GET', '/v1/decisions?limit=1')).json().data[0].id, before);
  });

  test('without changes gives the recorded body', async () => {
    const { id, body } = (await s.call('POST', '/v1/decisions', sound())).json();
    const { body: same } = (await s.call('POST', '/v1/decisions:simulate', { from: id })).json();
    assert.deepEqual(same, body);
  });

  test('takes any input with a test key, none with a live key', async () => {
    assert.equal((await s.call('POST', '/v1/decisions:simulate', { request: sound() })).status, 200);
    const live = await s.live('POST', '/v1/decisions:simulate', { request: sound() });
    assert.equal(live.status, 403);
    assert.equal(live.json().type, '/problems/livemode-mismatch');
  });

  for (const [name, body] of [['nothing', {}], ['both', { from: 'dec_x', request: {} }], ['changes without from', { request: {}, changes: {} }],
    ['a list', []], ['an unknown member', { form: 'dec_x' }], ['a number', { from: 7 }]]) {
    test(`refuses ${name}`, async () => {
      assert.equal((await s.call('POST', '/v1/decisions:simulate', body)).status, 422);
    });
  }

  test('refuses changes that break the request, pointing at them', async () => {
    const { id } = (await s.call('POST', '/v1/decisions', sound())).json();
    const answer = await s.call('POST', '/v1/decisions:simulate', { from: id, changes: { request: { terms_days: -1 } } });
    assert.equal(answer.status, 422);
    assert.equal(answer.json().errors[0].pointer, '/request/terms_days');
  });
});

describe('credentials', () => {
  test('are needed', async () => {
    const answer = await caller(s.url)('POST', '/v1/decisions', sound());
    assert.equal(answer.status, 401);
    assert.equal(answer.json().type, '/problems/authentication-required');
    assert.match(answer.headers['www-authenticate'], /^Bearer/);
  });

  test('may come as the user of Basic authentication', async () => {
    const basic = `Basic ${Buffer.from(`${s.testKey}:`).toString('base64')}`;
    assert.equal((await caller(s.url)('GET', '/v1/decisions?limit=1', undefined, { authorization: basic })).status, 200);
  });

  for (const [name, value] of [['a wrong key', `Bearer sk_test_${'A'.repeat(43)}`], ['half a key', 'Bearer sk_test_abc'], ['another scheme', 'Digest x'],
    ['nothing behind the scheme', 'Bearer'], ['broken base64', 'Basic ###'], ['a key with something behind it', null]]) {
    test(`refuse ${name}`, async () => {
      const authorization = value ?? `Bearer ${s.testKey}x`;
      const answer = await caller(s.url)('GET', '/v1/decisions', undefined, { authorization });
      assert.equal(answer.status, 401);
    });
  }

  test('are bound to their scopes', async () => {
    const reader = runJson('key', 'create', '--tenant', 'acme', '--mode', 'test', '--scopes', 'decisions:read', '--db', s.db).key;
    const call = caller(s.url, reader);
    assert.equal((await call('GET', '/v1/decisions?limit=1')).status, 200);
    const answer = await call('POST', '/v1/decisions', sound());
    assert.equal(answer.status, 403);
    assert.match(answer.json().detail, /decisions:write/);
  });

  test('expire', async () => {
    const soon = new Date(Date.now() + 3000).toISOString().replace(/[.]\d+/, '');
    const old = runJson('key', 'create', '--tenant', 'acme', '--mode', 'test', '--expires', soon, '--db', s.db).key;
    let answer;
    do {
      answer = await caller(s.url, old)('GET', '/v1/decisions');
    } while (answer.status === 200 && Date.now() < Date.parse(soon) + 20000);
    assert.equal(answer.status, 401);
    assert.equal(answer.json().type, '/problems/key-expired');
  });

  test('never stand in the log', async () => {
    assert.ok(s.log().includes('"event":"request"'));
    assert.ok(!s.log().includes(s.testKey) && !s.log().includes(s.testKey.slice(8, 24)));
    for (const line of s.log().trim().split('\n')) JSON.parse(line);
  });
});
