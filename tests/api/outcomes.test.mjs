// outcomes.test.mjs - what became of debtors: recorded once, corrected, listed, proved, and nobody else's.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { caller, run, runJson, serve, sound, start } from './harness.mjs';

let s;
before(async () => { s = await start(); });
after(async () => { await s.stop(); });

const unknown = 'out_00000000000000000000000000';
const outcome = (more = {}) => ({
  company: 'siren:732829320', type: 'default', definition: 'insolvency_12m', observed_on: '2026-01-05', source: 'ledger', ...more });
const report = (body, call = s.call) => call('POST', '/v1/outcomes', body);
const faults = (answer) => answer.json().errors.map(({ pointer, code }) => `${pointer} ${code}`);
const decide = async (edit = () => {}, call = s.call) => {
  const request = sound();
  edit(request);
  return (await call('POST', '/v1/decisions', request)).json();
};
// A problem without what tells one request from another.
const anonymous = (answer) => answer.text.replace(/"request_id":"[^"]+"/, '');

describe('a report', () => {
  test('is recorded, answered and read back the same', async () => {
    const answer = await report(outcome({ client_reference: 'read-back', amount: { amount: '4300.00', currency: 'EUR' } }));
    assert.equal(answer.status, 201);
    const told = answer.json();
    assert.equal(answer.headers.location, `/v1/outcomes/${told.id}`);
    assert.equal(told.company, 'FR:siren:732829320');
    assert.deepEqual(told.amount, { amount: '4300.00', currency: 'EUR' });
    assert.deepEqual((await s.call('GET', answer.headers.location)).json(), told);
  });

  test('sent again is the same outcome, whatever the order of its members', async () => {
    const body = outcome({ client_reference: 'twice' });
    const first = await report(body);
    const again = await report(Object.fromEntries(Object.entries(body).reverse()));
    assert.deepEqual([first.status, again.status], [201, 200]);
    assert.equal(again.text, first.text);
    assert.equal(again.headers.location, undefined);
  });

  test('sent twenty times at once is one outcome', async () => {
    const body = outcome({ client_reference: 'race' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => report(body)));
    assert.equal(new Set(answers.map((a) => a.json().id)).size, 1);
    assert.deepEqual(answers.map((a) => a.status).sort(), [...Array(19).fill(200), 201]);
  });

  test('of many is recorded whole or not at all', async () => {
    const many = Array.from({ length: 500 }, (_, i) => outcome({ client_reference: `many-${i}` }));
    const refused = await report({ outcomes: [...many.slice(0, 499), outcome({ type: 'lost' })] });
    assert.deepEqual([refused.status, faults(refused)], [422, ['/outcomes/499/type not_one_of']]);
    const before = (await s.call('GET', '/v1/outcomes?limit=1')).json().data[0].id;
    const taken = await report({ outcomes: many });
    assert.equal(taken.status, 201);
    assert.equal(new Set(taken.json().data.map(({ id }) => id)).size, 500);
    assert.notEqual((await s.call('GET', '/v1/outcomes?limit=1')).json().data[0].id, before);
    const partly = await report({ outcomes: [many[7], outcome({ client_reference: 'many-new' })] });
    assert.equal(partly.status, 201);
    assert.equal(partly.json().data[0].id, taken.json().data[7].id);
    const over = await report({ outcomes: [...many, outcome()] });
    assert.deepEqual([over.status, faults(over)], [422, ['/outcomes too_many']]);
  });

  test('with faults is told all of them, each at its place', async () => {
    const rows = [
      [{}, ['/type required', '/observed_on required', '/source required', '/company required']],
      [{ outcomes: [] }, ['/outcomes empty']],
      [outcome({ company: 'siren:732829321' }), ['/company bad_checksum']],
      [outcome({ company: 'acme' }), ['/company bad_form']],
      [outcome({ observed_on: '2999-01-01' }), ['/observed_on not_a_date']],
      [outcome({ observed_on: '2190-01-01' }), ['/observed_on in_future']],
      [outcome({ definition: undefined }), ['/definition required']],
      [outcome({ company: undefined, decision: 'dec_1' }), ['/decision unknown_decision']],
      [outcome({ company: undefined, decision: 'dec_00000000000000000000000000' }), ['/decision unknown_decision']],
      [outcome({ supersedes: unknown }), ['/supersedes unknown_outcome']],
      [outcome({ supersedes: 'dec_00000000000000000000000000' }), ['/supersedes unknown_outcome']],
      [{ outcomes: [outcome({ client_reference: 'x' }), outcome({ client_reference: 'x' })] }, ['/outcomes/1 duplicate']],
      [outcome({ amount: { amount: '0', currency: 'EUR' } }), ['/amount/amount not_positive']],
      [outcome({ amount: { amount: '1.234', currency: 'EUR' } }), ['/amount/amount too_many_decimals']],
      [outcome({ seen: true }), ['/seen unknown_member']],
    ];
    for (const [body, want] of rows) {
      const answer = await report(body);
      assert.equal(answer.status, 422, JSON.stringify(body));
      assert.deepEqual(faults(answer), want, answer.text);
    }
  });
});

describe('a correction', () => {
  test('takes the place of what it supersedes, once', async () => {
    const first = (await report(outcome({ client_reference: 'wrong' }))).json();
    const correction = { supersedes: first.id, type: 'retracted', observed_on: '2026-01-06', source: 'ledger' };
    const second = (await report(correction)).json();
    assert.equal(second.company, first.company);
    assert.equal((await s.call('GET', `/v1/outcomes/${first.id}`)).json().superseded_by, second.id);
    assert.equal((await report(correction)).json().id, second.id);
    const other = await report({ ...correction, source: 'someone else' });
    assert.deepEqual([other.status, faults(other)], [422, ['/supersedes superseded']]);
    const list = async (query) => (await s.call('GET', `/v1/outcomes?company=siren:732829320&limit=200${query}`)).json().data.map(({ id }) => id);
    assert.ok((await list('')).includes(first.id));
    assert.ok(!(await list('&current=true')).includes(first.id));
  });

  test('is about the same company, and corrections of one race to one', async () => {
    const first = (await report(outcome({ client_reference: 'corrected' }))).json();
    const elsewhere = await report(outcome({ company: 'siren:552100554', supersedes: first.id }));
    assert.deepEqual([elsewhere.status, faults(elsewhere)], [422, ['/supersedes contradicts']]);
    const twice = await report({ outcomes: ['a', 'b'].map((source) => outcome({ supersedes: first.id, source })) });
    assert.deepEqual([twice.status, faults(twice)], [422, ['/outcomes/1/supersedes superseded']]);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => report(outcome({ supersedes: first.id, source: `s${i}` }))));
    assert.deepEqual(answers.map((a) => a.status).sort(), [201, ...Array(7).fill(422)]);
  });
});

describe('what an outcome bears on', () => {
  const labels = async (id) => (await s.call('GET', `/v1/outcomes/${id}/labels`)).json().data;

  test('follows from its day, the horizon and the definition', async () => {
    const company = { identifiers: [{ scheme: 'ext', value: 'labelled' }], name: 'Labelled', country: 'FR' };
    const at = (as_of) => decide((r) => {
      r.company = company; r.as_of = as_of;
      r.financial_statements = r.financial_statements.slice(0, 1);
      r.financial_statements[0].period_end = '2023-12-31';
      for (const name of ['bank_accounts', 'payment_experiences', 'legal_events', 'links']) delete r[name];
    });
    const early = await at('2024-06-01'), inside = await at('2025-01-10'), after = await at('2025-08-01');
    const on = async (more) => (await report(outcome({ company: 'ext:labelled', observed_on: '2025-07-01', ...more }))).json().id;
    const seen = (data) => Object.fromEntries(data.map(({ decision, label }) => [decision, label]));
    assert.deepEqual(seen(await labels(await on({}))), { [inside.id]: 'bad', [early.id]: 'none' });
    assert.deepEqual(seen(await labels(await on({ definition: 'dpd90' }))), { [inside.id]: 'none', [early.id]: 'none' });
    assert.deepEqual(seen(await labels(await on({ type: 'bankruptcy', definition: undefined }))), { [inside.id]: 'bad', [early.id]: 'none' });
    const mine = (await report(outcome({ company: undefined, decision: early.id, type: 'repaid', definition: undefined }))).json();
    assert.equal(mine.company, ':ext:labelled');
    assert.deepEqual(await labels(mine.id), [{ decision: early.id, as_of: '2024-06-01', default_definition: 'insolvency_12m', label: 'good' }]);
    assert.ok(after.id);
  });
});

describe('the list', () => {
  test('runs page by page without loss or repetition', async () => {
    const whole = [];
    let target = '/v1/outcomes?limit=7&company=siren:552100554';
    await report({ outcomes: Array.from({ length: 20 }, (_, i) => outcome({ company: 'siren:552100554', client_reference: `p${i}` })) });
    while (target) {
      const page = await s.call('GET', target);
      whole.push(...page.json().data.map(({ id }) => id));
      target = page.headers.link?.match(/<([^>]+)>; rel="next"/)[1];
    }
    assert.equal(whole.length, 20);
    assert.deepEqual(whole, [...new Set(whole)].sort().reverse());
  });

  test('refuses what it does not know', async () => {
    for (const query of ['limit=0', 'limit=201', 'cursor=x', `cursor=dec_00000000000000000000000000`, 'type=lost', 'company=acme', 'decision=x',
      'current=yes', 'companies=x', 'company=siren:732829320&decision=dec_00000000000000000000000000']) {
      assert.equal((await s.call('GET', `/v1/outcomes?${query}`)).status, 400, query);
    }
  });
});

describe('another tenant', () => {
  test('sees none of it, and is answered as if it were not there', async () => {
    const { id } = (await report(outcome({ client_reference: 'mine' }))).json();
    const { id: decision } = await decide();
    runJson('tenant', 'create', 'globex', '--db', s.db);
    const other = caller(s.url, runJson('key', 'create', '--tenant', 'globex', '--mode', 'test', '--db', s.db).key);
    for (const stranger of [other, s.live]) {
      for (const tail of ['', '/labels']) {
        const foreign = await stranger('GET', `/v1/outcomes/${id}${tail}`);
        const missing = await stranger('GET', `/v1/outcomes/${unknown}${tail}`);
        assert.deepEqual([foreign.status, anonymous(foreign)], [404, anonymous(missing)]);
      }
      const about = await stranger('POST', '/v1/outcomes', outcome({ company: undefined, decision }));
      const correcting = await stranger('POST', '/v1/outcomes', outcome({ supersedes: id }));
      const never = await stranger('POST', '/v1/outcomes', outcome({ company: undefined, decision: 'dec_00000000000000000000000000' }));
      assert.deepEqual([about.status, correcting.status], [422, 422]);
      assert.equal(anonymous(about).replaceAll(decision, ''), anonymous(never).replaceAll('dec_00000000000000000000000000', ''));
      assert.deepEqual((await stranger('GET', '/v1/outcomes')).json().data, []);
      assert.deepEqual((await stranger('GET', `/v1/outcomes?decision=${decision}`)).json().data, []);
    }
    // The same words from another tenant are another outcome.
    assert.equal((await report(outcome({ client_reference: 'mine' }), other)).status, 201);
  });

  test('and a key without the scope are refused', async () => {
    const key = (scopes) => caller(s.url, runJson('key', 'create', '--tenant', 'acme', '--mode', 'test', '--scopes', scopes, '--db', s.db).key);
    const reader = key('outcomes:read'), decider = key('decisions:*');
    assert.equal((await report(outcome(), reader)).status, 403);
    assert.equal((await reader('GET', '/v1/outcomes')).status, 200);
    for (const [method, target] of [['GET', '/v1/outcomes'], ['GET', `/v1/outcomes/${unknown}`], ['GET', `/v1/outcomes/${unknown}/labels`], ['POST', '/v1/outcomes']]) {
      assert.equal((await decider(method, target, method === 'POST' ? outcome() : undefined)).status, 403, target);
      assert.equal((await caller(s.url)(method, target, method === 'POST' ? outcome() : undefined)).status, 401, target);
    }
  });
});

test('what was recorded outlives kill -9, and the chain proves it', async () => {
  const body = outcome({ client_reference: 'durable' });
  const { id } = (await report(body)).json();
  await s.kill();
  assert.match(run('verify', '--db', s.db), /valid|verified|ok/i);
  const again = await serve(s.db);
  Object.assign(s, { url: again.url, child: again.child, kill: again.kill, call: caller(again.url, s.testKey) });
  const { stop } = again;
  try {
    const repeated = await report(body);
    assert.deepEqual([repeated.status, repeated.json().id], [200, id]);
  } finally {
    await stop();
  }
});
