// contract.test.mjs - what is answered is what the contract says, and what it says is refused is refused.
//
// The contract is taken from the server itself.  Answers are held against it with every object closed: a member that is
// answered and not described is a failure, too.  In the end every operation must have been seen to succeed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { caller, distressed, root, serve, sound, start } from './harness.mjs';

let s, contract, ajv;
const seen = new Set();

// A copy in which no object takes members that are not described.  A branch of anyOf only says what must be there.
function closed(node, isBranch = false) {
  if (Array.isArray(node)) return node.map((value) => closed(value, isBranch));
  if (node === null || typeof node !== 'object') return node;
  const copy = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, closed(value, name === 'anyOf')]));
  if (typeof copy.type === 'string' && copy.properties && !('additionalProperties' in copy) && !isBranch) {
    copy.additionalProperties = false;
  }
  return copy;
}

const resolve = (node) => (node.$ref ? node.$ref.slice(2).split('/').reduce((at, name) => at[name], contract) : node);

function operationOf(method, target) {
  const path = target.split('?')[0];
  for (const [pattern, item] of Object.entries(contract.paths)) {
    const exact = pattern.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+');
    if (new RegExp(`^${exact}$`).test(path) && item[method.toLowerCase()]) {
      return { pattern, operation: item[method.toLowerCase()] };
    }
  }
  throw new Error(`${method} ${target} is not in the contract`);
}

// Call, and hold the answer against the contract.
async function hold(method, target, body, headers, call = s.call) {
  const answer = await call(method, target, body, headers);
  const { pattern, operation } = operationOf(method, target);
  const response = resolve(operation.responses[answer.status] ?? operation.responses.default);
  const type = answer.headers['content-type'];
  const content = response.content[type] ?? response.content[type.split(';')[0]];
  assert.ok(content, `${method} ${target} ${answer.status}: ${type} is not in the contract`);
  for (const name of ['Request-Id', 'API-Version', ...(answer.status < 300 ? ['Server-Timing'] : [])]) {
    assert.ok(response.headers[name], `${method} ${target}: ${name} is not in the contract`);
    assert.ok(answer.headers[name.toLowerCase()], `${method} ${target}: no ${name}`);
  }
  if (type.includes('json')) {
    const schema = JSON.parse(JSON.stringify(content.schema).replaceAll('"#/', '"contract#/'));
    const validate = ajv.compile(schema);
    assert.ok(validate(answer.json()), `${method} ${target} ${answer.status}: ${ajv.errorsText(validate.errors)}\n${answer.text}`);
  }
  if (answer.status < 300) seen.add(`${method} ${pattern}`);
  return answer;
}

before(async () => {
  s = await start();
  contract = (await s.call('GET', '/openapi.json')).json();
  ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ $id: 'contract', components: closed(contract.components) });
});
after(async () => { await s.stop(); });

const post = (body, headers) => hold('POST', '/v1/decisions', body, headers);
const change = (edit) => { const request = sound(); edit(request); return request; };

describe('answers', () => {
  test('of every kind of decision are as described', async () => {
    const kinds = {
      scored: sound(),
      distressed: distressed(),
      inSpanish: change((r) => { r.language = 'es'; r.audience = 'applicant'; }),
      thin: change((r) => { delete r.financial_statements; }),
      onlyAnIdentifier: { company: { identifiers: [{ scheme: 'siren', value: '732829320' }] } },
      onlyAName: { company: { name: 'Someone', country: 'FR' } },
      byRule: change((r) => { r.legal_events = [{ type: 'insolvency.liquidation_opened', date: '2026-01-05' }]; }),
      notScorable: change((r) => { r.company.activity = { nomenclature: 'naf_rev2', code: '6419Z' }; }),
      otherCurrency: change((r) => { r.request.amount.currency = 'USD'; }),
      naturalPerson: change((r) => { r.company.legal_form = 'EI'; r.legal_basis = 'consent'; r.consent = 'c-1'; }),
      naturalPersonDeclined: change((r) => {
        r.company.legal_form = 'EI';
        r.legal_events = [{ type: 'struck_off', date: '2026-01-05' }];
      }),
      longTerms: change((r) => { r.request.terms_days = 90; }),
      nothingAsked: change((r) => { delete r.request; }),
      oldAccounts: change((r) => { r.financial_statements[0].period_end = '2022-12-31'; }),
      shortExercise: change((r) => { r.financial_statements[0].months = 9; }),
      unusableAccounts: change((r) => { r.financial_statements[0].months = 3; }),
      everyBlock: change((r) => {
        r.bank_accounts = [{ iban: 'FR1420041010050500013M02606', currency: 'EUR', balances: [{ date: '2026-08-01', amount: '-8200.10' }],
          transactions: [{ date: '2026-08-03', amount: -1200, label: 'URSSAF', counterparty: '' }] }];
        r.payment_experiences = [{ invoice: 'F-118', issued_on: '2026-05-02', due_on: '2026-07-01', amount: '4300.00', currency: 'EUR', paid_on: null, disputed: false }];
        r.links = [{ type: 'owns', from: { scheme: 'siren', value: '732829320' }, to: { scheme: 'siren', value: '812345676' },
          share_ratio: 0.6, exposure: { amount: '40000.00', currency: 'EUR' }, pd: '0.04' }];
      }),
    };
    const statuses = new Set();
    for (const [name, request] of Object.entries(kinds)) {
      const answer = await post(request);
      assert.equal(answer.status, 201, `${name}: ${answer.text}`);
      statuses.add(answer.json().body.status);
      assert.equal((await hold('POST', '/v1/decisions?dry_run=true', request)).status, 200);
    }
    assert.deepEqual([...statuses].sort(), ['decided_by_rule', 'not_scorable', 'scored', 'thin']);
  });

  test('about a decision are as described', async () => {
    const { id } = (await post(sound())).json();
    assert.equal((await hold('GET', `/v1/decisions/${id}`)).status, 200);
    assert.equal((await hold('GET', '/v1/decisions?limit=1')).status, 200);
    assert.equal((await hold('GET', '/v1/decisions?client_reference=nobody')).status, 200);
    assert.equal((await hold('POST', `/v1/decisions/${id}/replay`)).status, 200);
    assert.equal((await hold('POST', '/v1/decisions:simulate', { from: id, changes: { request: { terms_days: 30 } } })).status, 200);
    assert.equal((await hold('POST', '/v1/decisions:simulate', { request: sound() })).status, 200);
    assert.ok([200, 404].includes((await hold('GET', `/v1/decisions/${id}/receipt`)).status));
    for (const audience of ['analyst', 'applicant', 'regulator']) {
      assert.equal((await hold('GET', `/v1/decisions/${id}/explanation?lang=es&audience=${audience}`)).status, 200);
    }
  });

  test('about outcomes are as described', async () => {
    const { id: decision } = (await post(sound())).json();
    const outcome = { decision, type: 'default', definition: 'insolvency_12m', observed_on: '2026-01-05', source: 'ledger', amount: { amount: '7.00', currency: 'EUR' } };
    const reported = await hold('POST', '/v1/outcomes', outcome);
    assert.equal(reported.status, 201, reported.text);
    assert.equal((await hold('POST', '/v1/outcomes', outcome)).status, 200);
    const { id } = reported.json();
    assert.equal((await hold('POST', '/v1/outcomes', { outcomes: [outcome, { supersedes: id, type: 'retracted', observed_on: '2026-01-06', source: 'ledger' }] })).status, 201);
    assert.equal((await hold('GET', '/v1/outcomes?limit=1')).status, 200);
    assert.equal((await hold('GET', `/v1/outcomes/${id}`)).status, 200);
    assert.equal((await hold('GET', `/v1/outcomes/${id}/labels`)).status, 200);
  });

  test('about models are as described', async () => {
    const bundle = JSON.parse(readFileSync(path.join(root, 'models/default/model.json'), 'utf8'));
    bundle.version = '2026.11.1';
    const imported = await hold('POST', '/v1/models', bundle);
    assert.equal(imported.status, 201, imported.text);
    assert.equal((await hold('POST', '/v1/models', bundle)).status, 200);
    const { id } = imported.json();
    assert.equal((await hold('POST', `/v1/models/${id}/challenge`, { reason: 'to see' })).status, 200);
    const { id: decision } = (await post(sound())).json();
    assert.equal((await hold('GET', `/v1/decisions/${decision}/shadow`)).json().data.length, 1);
    assert.equal((await hold('GET', `/v1/models/${id}/comparison?from=2026-01-01`)).status, 200);
    assert.equal((await hold('POST', `/v1/models/${id}/unchallenge`)).status, 200);
    assert.equal((await hold('POST', `/v1/models/${id}/promote`)).status, 200);
    assert.equal((await hold('GET', `/v1/models/${id}`)).json().changes.length, 3);
    assert.equal((await hold('GET', '/v1/models')).status, 200);
    assert.equal((await hold('POST', `/v1/models/${id}/challenge`)).status, 409);
    assert.equal((await hold('POST', `/v1/models/${id}/unchallenge`, undefined, { 'if-match': '"0"' })).status, 200);
    assert.equal((await hold('POST', `/v1/models/${id}/withdraw`, undefined, { 'if-match': '"0"' })).status, 412);
    assert.equal((await hold('POST', `/v1/models/${id}/withdraw`)).status, 200);
    assert.equal((await hold('POST', `/v1/models/${id}/withdraw`)).status, 409);
    assert.equal((await hold('POST', '/v1/models', {})).status, 422);
    assert.equal((await hold('GET', `/v1/models/${id.replace(/.$/, '0')}`)).status, 404);
    assert.equal((await hold('POST', `/v1/models/${id}/promote`, { why: 1 })).status, 422);
  });

  test('about a whole book are as described', async () => {
    const { body } = (await post(sound())).json();
    await post(distressed());
    assert.equal((await hold('GET', `/v1/models/${body.model.id}/metrics`)).status, 200);
    assert.equal((await hold('GET', `/v1/models/${body.model.sha256}/metrics?from=2026-06-01&baseline_from=2020-01-01&baseline_to=2026-05-31`)).status, 200);
    assert.equal((await hold('GET', '/v1/reports/consistency?unreported=left_out')).status, 200);
  });

  test('without a key are as described', async () => {
    const open = caller(s.url);
    const page = (await open('GET', '/docs')).text;
    const parts = [...page.matchAll(/"(\/docs\/[^"]+)"/g)].map(([, part]) => part);
    assert.ok(parts.length > 5);
    for (const target of ['/livez', '/readyz', '/metrics', '/openapi.json', '/docs', '/docs/', ...parts, '/problems', '/problems/', '/problems/not-found']) {
      assert.equal((await hold('GET', target, undefined, {}, open)).status, 200, target);
    }
  });

  test('to what is refused are as described', async () => {
    const open = caller(s.url);
    const id = 'dec_00000000000000000000000000';
    const refusals = [
      [401, 'GET', '/v1/decisions', undefined, {}, open],
      [401, 'GET', '/v1/decisions', undefined, { authorization: 'Bearer sk_test_no' }, open],
      [403, 'GET', '/metrics', undefined, { via: '1.1 proxy' }, open],
      [400, 'GET', '/v1/decisions?limits=3'],
      [400, 'GET', '/v1/decisions?limit=0'],
      [400, 'GET', '/v1/decisions', undefined, { 'api-version': '2020-01-01' }],
      [404, 'GET', `/v1/decisions/${id}`],
      [404, 'GET', `/v1/decisions/${id}/receipt`],
      [404, 'POST', `/v1/decisions/${id}/replay`],
      [404, 'GET', `/v1/decisions/${id}/explanation`],
      [400, 'GET', `/v1/decisions/${id}/explanation?lang=de`],
      [404, 'POST', '/v1/decisions:simulate', { from: id }],
      [404, 'GET', '/problems/nothing-of-the-kind', undefined, {}, open],
      [400, 'POST', '/v1/decisions', '{'],
      [415, 'POST', '/v1/decisions', '{}', { 'content-type': 'text/plain' }],
      [413, 'POST', '/v1/decisions', ' '.repeat(256 * 1024 + 1)],
      [422, 'POST', '/v1/decisions', {}],
      [422, 'POST', '/v1/decisions:simulate', {}],
      [400, 'POST', '/v1/decisions', sound(), {}, s.live],
      [403, 'POST', '/v1/decisions:simulate', { request: sound() }, {}, s.live],
      [404, 'GET', '/v1/models/nobody/metrics'],
      [400, 'GET', '/v1/models/nobody/metrics?from=yesterday'],
      [400, 'GET', '/v1/reports/consistency?to=never'],
      [422, 'POST', '/v1/outcomes', {}],
      [400, 'POST', '/v1/outcomes', '['],
      [400, 'GET', '/v1/outcomes?type=lost'],
      [413, 'POST', '/v1/outcomes', ' '.repeat(512 * 1024 + 1)],
      [404, 'GET', '/v1/outcomes/out_00000000000000000000000000'],
      [404, 'GET', '/v1/outcomes/out_00000000000000000000000000/labels'],
    ];
    for (const [status, ...call] of refusals) {
      const answer = await hold(...call);
      assert.equal(answer.status, status, `${call[0]} ${call[1]}: ${answer.text}`);
      assert.equal(answer.headers['content-type'], 'application/problem+json');
      const page = await open('GET', answer.json().type);
      assert.equal(page.status, 200, `${answer.json().type} has no page`);
    }
  });
});

describe('requests', () => {
  test('of the examples are taken', async () => {
    for (const [, item] of Object.entries(contract.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        for (const example of Object.values(operation.requestBody?.content['application/json'].examples ?? {})) {
          const pattern = Object.keys(contract.paths).find((name) => contract.paths[name] === item);
          const answer = await hold(method.toUpperCase(), pattern, resolve(example).value);
          assert.ok(answer.status < 300, `${pattern}: ${answer.text}`);
        }
      }
    }
  });

  test('that the contract refuses are refused, and null is absent where it says so', async () => {
    const validate = ajv.compile({ $ref: 'contract#/components/schemas/DecisionRequest' });
    const whole = change((r) => {
      r.as_of = '2026-11-01'; r.policy = 'trade-credit'; r.audience = 'analyst'; r.consent = 'c'; r.file = false;
      r.bank_accounts = [{ iban: 'FR1420041010050500013M02606', currency: 'EUR', balances: [], transactions: [{ date: '2026-08-03', amount: '-1200.00', label: 'x', counterparty: 'y' }] }];
      r.payment_experiences = [{ invoice: 'F-118', issued_on: '2026-05-02', due_on: '2026-07-01', amount: '4300.00', currency: 'EUR', paid_on: '2026-07-02', disputed: false }];
      r.legal_events = [{ type: 'director.changed', date: '2024-02-10', source: 'bodacc', reference: 'x', amount: { amount: '1.00', currency: 'EUR' } }];
      r.links = [{ type: 'owns', from: { scheme: 'siren', value: '732829320', country: 'FR' }, to: { scheme: 'siren', value: '812345676' }, share_ratio: 0.6, exposure: { amount: '4.00', currency: 'EUR' }, pd: 0.04 }];
    });
    assert.equal((await post(whole)).status, 201);
    // Every place of the request, as a path of names and indices.
    const places = (node, at) => (node === null || typeof node !== 'object' ? [at]
      : [at, ...Object.keys(node).flatMap((name) => places(node[name], [...at, name]))]);
    let refused = 0, taken = 0;
    for (const place of places(whole, []).filter((at) => at.length > 0)) {
      for (const wrong of [null, true, 7.5, 'wrong\u0007', [], [[]], { wrong: 1 }, undefined]) {
        const request = structuredClone(whole);
        const parent = place.slice(0, -1).reduce((at, name) => at[name], request);
        const name = place.at(-1);
        if (wrong !== undefined) parent[name] = wrong;
        else if (Array.isArray(parent)) continue;
        else delete parent[name];
        const isValid = validate(request);
        const answer = await post(request);
        const where = `/${place.join('/')} = ${JSON.stringify(wrong)}`;
        assert.ok(answer.status === 201 || answer.status === 422, `${where}: ${answer.text}`);
        if (!isValid) assert.equal(answer.status, 422, `${where}: the contract refuses it, the server does not`);
        if (answer.status === 201) assert.ok(isValid, `${where}: the server takes it, the contract does not`);
        // Where the contract takes null, so does the server, unless the pair of members is needed.
        if (wrong === null && isValid) assert.equal(answer.status, 201, `${where}: ${answer.text}`);
        if (answer.status === 422) refused++; else taken++;
      }
    }
    assert.ok(refused > 500 && taken > 60, `${refused} refused, ${taken} taken`);
  });
});

test('every operation was seen to succeed', async () => {
  const { id } = (await post(sound())).json();
  // A server that stops signs a last checkpoint, so the receipt is there at once.
  s.child.kill('SIGTERM');
  await s.ended;
  const again = await serve(s.db);
  try {
    const call = caller(again.url, s.testKey);
    assert.equal((await hold('GET', `/v1/decisions/${id}/receipt`, undefined, {}, call)).status, 200);
  } finally {
    await again.stop();
  }
  for (const [pattern, item] of Object.entries(contract.paths)) {
    for (const method of Object.keys(item)) {
      assert.ok(seen.has(`${method.toUpperCase()} ${pattern}`), `${method.toUpperCase()} ${pattern} was not tried`);
    }
  }
});
