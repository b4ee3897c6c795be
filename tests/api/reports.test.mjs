// reports.test.mjs - figures of a book with known answers, worked out here anew from the decisions themselves.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { caller, distressed, run, runJson, sound, start } from './harness.mjs';

let s;
const book = []; // {company, pd, grade, as_of, id, recommendation}
const bads = new Set();
const logit = (p) => Math.log(p / (1 - p));

// A company of its own, with accounts that leave the PD to chance of `i`; decided as of a day long past.
function application(i, as_of) {
  const request = i % 5 === 0 ? distressed() : sound();
  const items = request.financial_statements[0].items;
  for (const name of ['bank_accounts', 'payment_experiences', 'legal_events', 'links']) delete request[name];
  request.company.identifiers = [{ scheme: 'ext', value: `b${i}` }];
  request.company.country = i % 3 === 0 ? 'ES' : 'FR';
  request.client_reference = `b${i}`;
  request.as_of = as_of;
  request.financial_statements = request.financial_statements.slice(0, 1);
  request.financial_statements[0].period_end = '2023-12-31';
  items.net_income = String(Math.round(Number(items.net_income) * (0.2 + (i * 7 % 23) / 12)));
  items.ebitda = String(Math.round(Number(items.ebitda) * (0.3 + (i * 11 % 19) / 10)));
  for (const name of ['profit_before_tax', 'income_tax', 'depreciation_and_amortization', 'ebit']) delete items[name];
  return request;
}

before(async () => {
  s = await start();
  for (let i = 0; i < 240; i++) {
    const as_of = i < 200 ? `2025-03-${String(1 + i % 28).padStart(2, '0')}` : '2026-06-01';
    const answer = await s.call('POST', '/v1/decisions', application(i, as_of));
    assert.equal(answer.status, 201, answer.text);
    const { id, body } = answer.json();
    book.push({ company: `ext:b${i}`, pd: body.pd.value, grade: body.grade, as_of, id, recommendation: body.recommendation });
    if (i % 5 === 0 ? i % 15 !== 0 : i % 17 === 0) bads.add(`ext:b${i}`);
  }
  const outcomes = [...bads].map((company) => ({ company, type: 'bankruptcy', source: 'test',
    observed_on: Number(company.slice(5)) < 200 ? '2025-10-01' : '2026-09-01' }));
  assert.equal((await s.call('POST', '/v1/outcomes', { outcomes })).status, 201);
});
after(async () => { if (s.child.exitCode === null) await s.stop(); });

const metrics = async (query = '', call = s.call) => (await call('GET', `/v1/models/aval-default/metrics${query}`)).json();
const near = (got, want, most) => assert.ok(Math.abs(got - want) <= most, `${got} is not ${want}`);

describe('metrics', () => {
  test('are those of the decisions that are mature', async () => {
    const m = await metrics();
    const mature = book.slice(0, 200).map((d) => ({ ...d, bad: bads.has(d.company) }));
    const [bad, good] = [true, false].map((is) => mature.filter((d) => d.bad === is));
    assert.equal(m.outcomes.mature, 200);
    assert.equal(m.outcomes.defaults, bad.length);
    assert.equal(m.outcomes.immature, 40);
    assert.equal(m.outcomes.immature_defaults, [...bads].filter((c) => Number(c.slice(5)) >= 200).length);
    let wins = 0;
    for (const b of bad) for (const g of good) wins += b.pd > g.pd ? 1 : b.pd === g.pd ? 0.5 : 0;
    near(m.discrimination.auc, wins / bad.length / good.length, 1e-6);
    near(m.discrimination.gini, 2 * m.discrimination.auc - 1, 2e-6);
    assert.ok(m.discrimination.interval.low < m.discrimination.auc && m.discrimination.auc < m.discrimination.interval.high);
    near(m.accuracy.brier, mature.reduce((sum, d) => sum + (d.pd - d.bad) ** 2, 0) / 200, 1e-6);
    near(m.calibration.mean_pd, mature.reduce((sum, d) => sum + d.pd, 0) / 200, 1e-6);
    near(m.calibration.default_rate, bad.length / 200, 1e-6);
    for (const grade of m.calibration.grades) {
      const of = mature.filter((d) => d.grade === grade.grade);
      assert.deepEqual([grade.n, grade.defaults], [of.length, of.filter((d) => d.bad).length]);
    }
    // In the large: at this shift the PDs add up to the defaults.
    const shifted = mature.reduce((sum, d) => sum + 1 / (1 + Math.exp(-logit(d.pd) - m.calibration.in_the_large.intercept)), 0);
    near(shifted, bad.length, 0.01);
    assert.equal(m.population.grades.reduce((sum, g) => sum + g.companies, 0), 240);
    assert.equal(m.decisions.companies, 240);
    assert.ok(m.stability.inputs.length > 0);
    assert.equal(m.overrides.count, 0);
  });

  test('are of the window, of the definition, and of the unreported as asked', async () => {
    const window = await metrics('?from=2025-03-01&to=2025-03-07');
    assert.equal(window.decisions.scored, book.filter((d) => d.as_of >= '2025-03-01' && d.as_of <= '2025-03-07').length);
    const strict = await metrics('?unreported=left_out');
    assert.equal(strict.outcomes.companies, strict.outcomes.companies_defaulted);
    assert.equal(strict.discrimination.why, 'all of them defaulted');
    const other = await metrics('?definition=dpd90');
    assert.equal(other.outcomes.defaults, window.outcomes.defaults + (await metrics('?from=2025-03-08')).outcomes.defaults);
    const drift = await metrics('?from=2026-01-01&baseline_from=2025-01-01&baseline_to=2025-12-31');
    assert.equal(drift.stability.score.reference, 'baseline');
    assert.equal(drift.stability.score.reference_n, 200);
    const nothing = await metrics('?from=2026-11-01');
    assert.equal(nothing.decisions.scored, 0);
    assert.ok(nothing.discrimination.why);
  });

  test('count a company once, and follow it from grade to grade', async () => {
    const key = runJson('key', 'create', '--tenant', 'acme', '--mode', 'live', '--db', s.db).key;
    const call = caller(s.url, key);
    for (const [i, as_of] of [[1, '2025-02-01'], [0, '2025-04-01'], [1, '2025-05-01']]) {
      const request = application(i, as_of);
      request.company.identifiers = [{ scheme: 'ext', value: 'moving' }];
      assert.equal((await call('POST', '/v1/decisions', request, { 'idempotency-key': as_of })).status, 201);
    }
    const m = await metrics('', call);
    assert.deepEqual([m.decisions.scored, m.decisions.companies, m.livemode], [3, 1, true]);
    assert.deepEqual([m.migration.companies, m.migration.same], [1, 1]);
    const until = await metrics('?to=2025-04-30', call);
    assert.deepEqual([until.migration.companies, until.migration.worse], [1, 1]);
  });

  test('by digest are of one version, and of an unknown one there are none', async () => {
    const all = await metrics();
    const one = (await s.call('GET', `/v1/models/${all.model.sha256}/metrics`)).json();
    assert.deepEqual({ ...one, all_versions: true, known_at: 0 }, { ...all, known_at: 0 });
    for (const id of ['nobody', '0'.repeat(64), 'aval-defaul']) {
      assert.equal((await s.call('GET', `/v1/models/${id}/metrics`)).status, 404, id);
    }
  });

  test('a correction moves the figures from then on', async () => {
    const before = await metrics();
    const company = [...bads][0];
    const { data: [{ id }] } = (await s.call('GET', `/v1/outcomes?company=${company}`)).json();
    const retract = { supersedes: id, type: 'retracted', observed_on: '2026-01-01', source: 'test' };
    const { id: retraction } = (await s.call('POST', '/v1/outcomes', retract)).json();
    assert.equal((await metrics()).outcomes.defaults, before.outcomes.defaults - 1);
    const again = { supersedes: retraction, type: 'bankruptcy', observed_on: '2025-10-01', source: 'test' };
    assert.equal((await s.call('POST', '/v1/outcomes', again)).status, 201);
    assert.equal((await metrics()).outcomes.defaults, before.outcomes.defaults);
  });

  test('refuse what they do not know', async () => {
    for (const query of ['from=2025', 'to=2025-02-30', 'from=2025-02-02&to=2025-02-01', 'unreported=bad', 'definition=', 'baseline_from=2025-01-01',
      'from=2025-03-01&baseline_from=2025-01-01&baseline_to=2025-03-01', 'baseline_from=2025-01-01&baseline_to=2025-01-02', `definition=${'x'.repeat(65)}`, 'since=2025-01-01']) {
      assert.equal((await s.call('GET', `/v1/models/aval-default/metrics?${query}`)).status, 400, query);
    }
  });
});

test('a challenger is measured by what it said in shadow', async () => {
  const out = path.join(s.dir, 'challenger.json');
  run('model', 'recalibrate', '--tenant', 'acme', '--mode', 'test', '--db', s.db, '--out', out, '--version', 'challenger.1');
  const imported = await s.call('POST', '/v1/models', readFileSync(out, 'utf8'));
  assert.equal(imported.status, 201, imported.text);
  const { id } = imported.json();
  const none = await s.call('GET', `/v1/models/${id}/metrics`);
  assert.deepEqual([none.status, none.json().decisions.scored, none.json().model.version], [200, 0, 'challenger.1']);
  assert.equal((await s.call('POST', `/v1/models/${id}/challenge`)).status, 200);
  const before = await metrics();
  for (const i of [301, 302, 305]) {
    const answer = await s.call('POST', '/v1/decisions', application(i, '2025-03-01'));
    assert.equal(answer.status, 201);
    book.push({ company: `ext:b${i}`, recommendation: answer.json().body.recommendation });
  }
  const outcome = { company: 'ext:b302', type: 'bankruptcy', observed_on: '2025-06-01', source: 'test' };
  assert.equal((await s.call('POST', '/v1/outcomes', outcome)).status, 201);
  const m = (await s.call('GET', `/v1/models/${id}/metrics`)).json();
  assert.deepEqual([m.scanned.by_this_model, m.scanned.in_shadow, m.decisions.scored], [0, 3, 3]);
  assert.deepEqual([m.outcomes.companies, m.outcomes.companies_defaulted], [3, 1]);
  const champion = await metrics();
  assert.equal(champion.decisions.scored, before.decisions.scored + 3);
  assert.ok(m.calibration.mean_pd > champion.calibration.mean_pd);
  // Nobody else's.
  const key = runJson('key', 'create', '--tenant', 'acme', '--mode', 'live', '--db', s.db).key;
  const [foreign, missing] = await Promise.all([id, id.replace(/.$/, (c) => (c === '0' ? '1' : '0'))].map((name) =>
    caller(s.url, key)('GET', `/v1/models/${name}/metrics`)));
  const anonymous = ({ text }) => text.replace(/"request_id":"[^"]+"/, '');
  assert.deepEqual([foreign.status, anonymous(foreign)], [404, anonymous(missing)]);
  assert.equal((await s.call('POST', `/v1/models/${id}/unchallenge`)).status, 200);
});

describe('consistency', () => {
  test('makes every decision again, and finds no difference', async () => {
    const report = (await s.call('GET', '/v1/reports/consistency')).json();
    assert.deepEqual(report.replay, { same: 243, different: 0, not_replayed: 0 });
    assert.equal(report.same_facts.decided_differently, 0);
    const country = report.dimensions.find(({ dimension }) => dimension === 'country');
    assert.equal(country.reference, 'FR');
    for (const group of country.groups) {
      const of = book.filter((d) => (Number(d.company.slice(5)) % 3 === 0) === (group.group === 'ES'));
      assert.equal(group.companies, of.length);
      near(group.acceptance.rate, of.filter((d) => d.recommendation === 'accept').length / of.length, 1e-6);
    }
    assert.ok(report.reading.cannot_show.length > 0);
  });

  test('sees like facts under other names', async () => {
    const before = (await s.call('GET', '/v1/reports/consistency')).json();
    const twin = application(7, '2025-03-08');
    twin.company.name = 'Somebody else';
    twin.company.identifiers = [{ scheme: 'ext', value: 'twin' }];
    twin.language = 'es';
    assert.equal((await s.call('POST', '/v1/decisions', twin)).status, 201);
    const report = (await s.call('GET', '/v1/reports/consistency')).json();
    assert.equal(report.same_facts.repeated, before.same_facts.repeated + 1);
    assert.equal(report.same_facts.decided_differently, 0);
  });
});

test('fictitious companies of known fate give the figures that follow from it', async () => {
  const out = path.join(s.dir, 'economy.ndjson'), truth = path.join(s.dir, 'truth.csv');
  runJson('tenant', 'create', 'fiction', '--db', s.db);
  const call = caller(s.url, runJson('key', 'create', '--tenant', 'fiction', '--mode', 'test', '--db', s.db).key);
  run('economy', '--seed', '11', '--companies', '400', '--as-of', '2025-06-30', '--out', out, '--truth', truth);
  const [head, ...rows] = readFileSync(truth, 'utf8').trim().split('\n').map((line) => line.split(','));
  const column = (name) => head.indexOf(name);
  const fates = new Map(rows.map((row) => [`sandbox:${row[column('id')]}`, row[column('default_12m')] === '1']));
  const requests = readFileSync(out, 'utf8').trim().split('\n');
  const decided = [];
  for (const request of requests) {
    const { body } = (await call('POST', '/v1/decisions', request)).json();
    const { scheme, value } = body.company.identifiers[0];
    decided.push({ bad: fates.get(`${scheme}:${value}`), pd: body.pd?.value });
  }
  const outcomes = [...fates].filter(([, bad]) => bad).map(([company]) => ({ company, type: 'bankruptcy', observed_on: '2026-01-15', source: 'economy' }));
  assert.equal((await call('POST', '/v1/outcomes', { outcomes })).status, 201);
  const m = await metrics('', call);
  const scored = decided.filter(({ pd }) => pd !== undefined);
  const [bad, good] = [true, false].map((is) => scored.filter((d) => d.bad === is));
  assert.deepEqual([m.outcomes.mature, m.outcomes.defaults], [scored.length, bad.length]);
  assert.ok(bad.length >= 5, `${bad.length} defaults`);
  let wins = 0;
  for (const b of bad) for (const g of good) wins += b.pd > g.pd ? 1 : b.pd === g.pd ? 0.5 : 0;
  near(m.discrimination.auc, wins / bad.length / good.length, 1e-6);
  assert.equal(m.stability.score.reference, 'bundle');
  const report = (await call('GET', '/v1/reports/consistency')).json();
  assert.deepEqual(report.replay, { same: 400, different: 0, not_replayed: 0 });
});

describe('who may', () => {
  test('another tenant sees an empty book, a key without the scope nothing', async () => {
    runJson('tenant', 'create', 'globex', '--db', s.db);
    const other = caller(s.url, runJson('key', 'create', '--tenant', 'globex', '--mode', 'test', '--db', s.db).key);
    const m = await metrics('', other);
    assert.deepEqual([m.decisions.scored, m.decisions.companies, m.scanned.by_other_models], [0, 0, 0]);
    assert.equal((await other('GET', '/v1/reports/consistency')).json().decisions, 0);
    const decider = caller(s.url, runJson('key', 'create', '--tenant', 'acme', '--mode', 'test', '--scopes', 'decisions:*', '--db', s.db).key);
    for (const target of ['/v1/models/aval-default/metrics', '/v1/reports/consistency']) {
      assert.equal((await decider('GET', target)).status, 403);
      assert.equal((await caller(s.url)('GET', target)).status, 401);
    }
  });

  test('reports and decisions at once keep out of each other\'s way', async () => {
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, () => s.call('GET', '/v1/reports/consistency')),
      ...Array.from({ length: 6 }, () => s.call('GET', '/v1/models/aval-default/metrics')),
      ...Array.from({ length: 20 }, (_, i) => s.call('POST', '/v1/decisions?dry_run=true', application(i, '2025-03-01'))),
    ]);
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  });
});

describe('the command line', () => {
  const here = (...args) => [...args, '--tenant', 'acme', '--mode', 'test', '--db', s.db];

  test('tells the same figures', async () => {
    const [told, answered] = [JSON.parse(run(...here('model', 'metrics', 'aval-default'))), await metrics()];
    assert.deepEqual({ ...told, known_at: 0 }, { ...answered, known_at: 0 });
    assert.equal(JSON.parse(run(...here('report', 'consistency'))).replay.different, 0);
  });

  test('recalibrates into a new bundle that scores at the book\'s level', async () => {
    const out = path.join(s.dir, 'new.json');
    const told = JSON.parse(run(...here('model', 'recalibrate', '--out', out)));
    assert.equal(told.method, 'platt');
    near(told.mean_pd_after, told.default_rate, 1e-5);
    const bundle = JSON.parse(readFileSync(out, 'utf8'));
    assert.notEqual(bundle.version, told.base.version);
    assert.equal(bundle.card.recalibration.defaults, told.defaults);
    const file = path.join(s.dir, 'request.json');
    for (const i of [1, 2, 5, 9]) {
      writeFileSync(file, JSON.stringify(application(i, '2025-03-01')));
      const [old, moved] = [[], ['--model', out]].map((more) => JSON.parse(run('score', file, '--json', ...more)).body.pd.value);
      near(logit(moved), told.slope * logit(old) + told.intercept, 0.01);
    }
    const few = JSON.parse(run(...here('model', 'recalibrate', '--out', out, '--method', 'bayes', '--kappa', '50', '--version', 'mine.1', '--definition', 'dpd90')));
    assert.deepEqual([few.method, few.version, few.slope], ['bayes', 'mine.1', 1]);
    assert.equal(JSON.parse(readFileSync(out, 'utf8')).default_definition, 'dpd90');
  });

  test('refuses with what to do', () => {
    const fails = (args, code, text) => assert.throws(() => run(...args), (error) => error.status === code && text.test(error.stderr));
    const out = path.join(s.dir, 'none.json');
    fails(['model', 'metrics', '--tenant', 'nobody', '--db', s.db], 66, /no tenant "nobody"/);
    fails(['model', 'metrics', '--tenant', 'acme', '--db', path.join(s.dir, 'none.db')], 66, /no such database/);
    fails(here('model', 'metrics', 'nobody'), 66, /no decision in this window/);
    fails(here('model', 'recalibrate'), 64, /usage/);
    fails(here('model', 'metrics', '--from', 'yesterday'), 64, /usage/);
    fails(here('model', 'recalibrate', '--out', out, '--from', '2026-01-01'), 65, /mature/);
    fails(here('model', 'recalibrate', '--out', out, '--kappa', '0'), 65, /kappa/);
    fails(here('report', 'everything'), 64, /usage/);
    assert.throws(() => readFileSync(out), /ENOENT/);
  });
});

test('a server that stops waits for no report, and answers all', async () => {
  const reports = Array.from({ length: 40 }, () => s.call('GET', '/v1/reports/consistency').then(({ status }) => status));
  assert.equal((await s.call('GET', '/livez')).status, 200);
  const { code } = await s.stop();
  assert.equal(code, 0);
  const statuses = new Set(await Promise.all(reports));
  assert.ok([...statuses].every((status) => status === 200 || status === 503), [...statuses].join());
});
