// models.test.mjs - which model decides, for whom, since when; who scores beside it; and what is never let in.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { aval, caller, distressed, folder, root, run, runJson, serve, sound, start } from './harness.mjs';

const own = readFileSync(path.join(root, 'models/default/model.json'), 'utf8');
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
// The same model under another version: other bytes, so another digest, and the same answers but for who gave them.
let made = 0;
const bundle = (edit = () => {}) => {
  const model = JSON.parse(own);
  model.version = `2026.11.${100 + ++made}`;
  edit(model);
  return JSON.stringify(model);
};
const attempt = (...args) => spawnSync(aval, args, { encoding: 'utf8', timeout: 20000 });
const anonymous = (answer) => answer.text.replace(/"request_id":"[^"]+"/, '');
const unknown = 'mdl_00000000000000000000000000';

let s, other;
before(async () => {
  s = await start();
  runJson('tenant', 'create', 'globex', '--db', s.db);
  other = caller(s.url, runJson('key', 'create', '--tenant', 'globex', '--mode', 'test', '--db', s.db).key);
});
after(async () => { await s.stop(); });

const keyWith = (scopes, tenant = 'acme', mode = 'test') =>
  runJson('key', 'create', '--tenant', tenant, '--mode', mode, '--scopes', scopes, '--db', s.db);
const list = async (call = s.call) => (await call('GET', '/v1/models')).json().data;
const champion = async (call = s.call) => (await list(call)).find((m) => m.role === 'champion');
const decidedBy = async (call = s.call, request = sound()) =>
  (await call('POST', '/v1/decisions', request, { 'idempotency-key': `k-${++made}` })).json().body.model;
const imported = async (text = bundle(), call = s.call) => (await call('POST', '/v1/models', text)).json();
const act = (model, verb, body, headers, call = s.call) => call('POST', `/v1/models/${model.id}/${verb}`, body, headers);

describe('an import', () => {
  test('is kept by the digest of its bytes, has no role, and is read back', async () => {
    const text = bundle();
    const answer = await s.call('POST', '/v1/models', text);
    assert.equal(answer.status, 201, answer.text);
    const model = answer.json();
    assert.equal(model.sha256, sha256(text));
    assert.equal(model.role, 'candidate');
    assert.equal(model.owner, 'environment');
    assert.equal(answer.headers.location, `/v1/models/${model.id}`);
    const whole = (await s.call('GET', answer.headers.location)).json();
    assert.deepEqual(whole.card, JSON.parse(text).card);
    assert.deepEqual(whole.features.map((f) => f.name), JSON.parse(text).inputs);
    assert.ok(whole.features.every((f) => f.in_catalogue && f.theme));
    assert.deepEqual(whole.changes, []);
    assert.equal((await s.call('GET', `/v1/models/${model.sha256}`)).text, (await s.call('GET', `/v1/models/${model.id}`)).text);
  });

  test('again is the same model, in this environment alone', async () => {
    const text = bundle();
    const [first, again, live] = [await s.call('POST', '/v1/models', text), await s.call('POST', '/v1/models', text), await s.live('POST', '/v1/models', text)];
    assert.deepEqual([first.status, again.status, live.status], [201, 200, 201]);
    assert.equal(again.json().id, first.json().id);
    assert.notEqual(live.json().id, first.json().id);
  });

  test('of the model that comes with the program is the one that is here', async () => {
    const answer = await s.call('POST', '/v1/models', own);
    assert.equal(answer.status, 200);
    assert.equal(answer.json().owner, 'installation');
  });

  test('at the same time by many is one model', async () => {
    const text = bundle();
    const answers = await Promise.all(Array.from({ length: 8 }, () => s.call('POST', '/v1/models', text)));
    assert.deepEqual([...new Set(answers.map((a) => a.json().id))].length, 1);
    assert.equal(answers.filter((a) => a.status === 201).length, 1);
    assert.ok(answers.every((a) => [200, 201].includes(a.status)));
  });
});

describe('a hostile bundle', () => {
  const cases = {
    'whose vectors do not come out': [(m) => { m.vectors[0].pd_ppm += 1; }, '/vectors/0/pd_ppm'],
    'whose card runs against a direction': [(m) => { m.blocks.financial.scorecard.characteristics[0].woe.reverse(); }, null],
    'with an unknown member': [(m) => { m.backdoor = 1; }, '/backdoor'],
    'with a positive coefficient': [(m) => { m.blocks.financial.scorecard.characteristics[0].coefficient = 1; }, '/blocks/financial/scorecard/characteristics/0/coefficient'],
    'of another format': [(m) => { m.format = 'pickle'; }, '/format'],
    'of a format to come': [(m) => { m.format_version = 99; }, '/format_version'],
    'with a name that is a path': [(m) => { m.id = '../../etc/passwd'; }, '/id'],
    'with a name too long': [(m) => { m.id = 'x'.repeat(65); }, '/id'],
    'without a card': [(m) => { delete m.card; }, null],
    'with an input twice': [(m) => { m.inputs.push(m.inputs[0]); }, null],
  };
  for (const [name, [edit, pointer]] of Object.entries(cases)) {
    test(`${name} is refused with its place, and not kept`, async () => {
      const text = bundle(edit);
      const answer = await s.call('POST', '/v1/models', text);
      assert.equal(answer.status, 422, answer.text);
      const problem = answer.json();
      assert.equal(problem.type, '/problems/validation-failed');
      assert.equal(problem.errors.length, 1);
      assert.equal(problem.errors[0].code, 'bad_bundle');
      if (pointer !== null) assert.equal(problem.errors[0].pointer, pointer);
      assert.equal((await s.call('GET', `/v1/models/${sha256(text)}`)).status, 404);
    });
  }
  for (const [name, body] of [['that is no JSON', '{"format":'], ['that is an array', '[]'], ['that is a number', '7'], ['that is empty', '{}']]) {
    test(`${name} is refused`, async () => {
      const answer = await s.call('POST', '/v1/models', body);
      assert.equal(answer.status, 422, answer.text);
    });
  }
  test('that is not said to be JSON is refused', async () => {
    assert.equal((await s.call('POST', '/v1/models', bundle(), { 'content-type': 'text/plain' })).status, 415);
  });
  test('of 4 MiB is read, and one byte more is not', async () => {
    const most = 4 * 1024 * 1024;
    const at = await s.call('POST', '/v1/models', own.trimEnd().padEnd(most, ' '));
    assert.equal(at.status, 201, at.text);
    const past = await s.call('POST', '/v1/models', '{', { 'content-length': most + 1 });
    assert.equal(past.status, 413);
  });
});

describe('a promotion', () => {
  test('decides from its answer on, is told with who, when and why, and is taken back by promoting the former', async () => {
    const former = await champion();
    const model = await imported();
    const answer = await act(model, 'promote', { reason: 'measured better' });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual([answer.json().role, answer.json().role_from], ['champion', 'environment']);
    assert.equal((await decidedBy()).sha256, model.sha256);
    const { changes } = (await s.call('GET', `/v1/models/${model.id}`)).json();
    assert.equal(changes.length, 1);
    assert.deepEqual([changes[0].action, changes[0].reason, changes[0].in], ['promoted', 'measured better', 'environment']);
    assert.match(changes[0].by, /^key_/);
    await act(former, 'promote');
    assert.equal((await decidedBy()).sha256, former.sha256);
    assert.equal((await s.call('GET', `/v1/models/${model.id}`)).json().role, 'retired');
    await act(former, 'withdraw');
  });

  test('touches no other environment, neither the tenant\'s own nor another tenant\'s', async () => {
    const model = await imported();
    const before = [await decidedBy(s.live), await decidedBy(other)];
    await act(model, 'promote');
    assert.equal((await decidedBy()).sha256, model.sha256);
    assert.deepEqual([await decidedBy(s.live), await decidedBy(other)], before);
    assert.equal((await champion(other)).owner, 'installation');
    await act(model, 'withdraw');
    assert.deepEqual(await decidedBy(), before[0]);
  });

  test('already so changes nothing, whatever If-Match says', async () => {
    const model = await imported();
    const first = await act(model, 'promote');
    const again = await act(model, 'promote', undefined, { 'if-match': '"0000000000000000"' });
    assert.deepEqual([first.status, again.status], [200, 200]);
    assert.equal(again.headers.etag, first.headers.etag);
    assert.equal((await s.call('GET', `/v1/models/${model.id}`)).json().changes.length, 1);
    await act(model, 'withdraw');
  });

  test('with the ETag of before is refused, with the newest it is done', async () => {
    const [a, b] = [await imported(), await imported()];
    const { etag } = (await s.call('GET', '/v1/models')).headers;
    assert.equal((await act(a, 'promote', undefined, { 'if-match': etag })).status, 200);
    const late = await act(b, 'promote', undefined, { 'if-match': etag });
    assert.equal(late.status, 412);
    assert.equal(late.json().type, '/problems/precondition-failed');
    assert.equal((await decidedBy()).sha256, a.sha256);
    const now = (await s.call('GET', '/v1/models')).headers.etag;
    assert.equal((await act(b, 'promote', undefined, { 'if-match': now })).status, 200);
    await act(b, 'withdraw');
  });

  test('of many at the same time leaves one that decides, and a change for each', async () => {
    const models = await Promise.all(Array.from({ length: 4 }, () => imported()));
    const answers = await Promise.all(models.map((m) => act(m, 'promote')));
    assert.deepEqual(answers.map((a) => a.status), [200, 200, 200, 200]);
    const now = await champion();
    assert.ok(models.some((m) => m.id === now.id));
    assert.equal((await decidedBy()).sha256, now.sha256);
    await act(now, 'withdraw');
    assert.equal(runJson('verify', '--db', s.db).valid, true);
  });

  test('of a model that cannot decide is refused', async () => {
    const model = await imported(bundle((m) => { m.horizon_months = 24; }));
    assert.equal(model.can_decide, false);
    for (const verb of ['promote', 'challenge']) {
      const answer = await act(model, verb);
      assert.equal(answer.status, 422);
      assert.equal(answer.json().type, '/problems/model-unfit');
    }
  });

  for (const [name, body, status] of [['with a reason of 500 bytes is done', { reason: 'x'.repeat(500) }, 200], ['with one byte more is refused', { reason: 'x'.repeat(501) }, 422],
    ['with a member that is not known is refused', { why: 'x' }, 422], ['with a reason that is no text is refused', { reason: 7 }, 422], ['with an array is refused', [], 422],
    ['with broken JSON is refused', '{', 400], ['with a body of 8 KiB and more is refused', { reason: 'x'.repeat(8192) }, 413]]) {
    test(name, async () => {
      const model = await imported();
      const answer = await act(model, 'promote', body);
      assert.equal(answer.status, status, answer.text);
      if (status === 200) await act(model, 'withdraw');
    });
  }

  test('under load fails no request, and each decision is by one of the two', async () => {
    const models = [await imported(), await imported()];
    await act(models[0], 'promote');
    let over = false;
    const seen = new Set();
    const decide = async () => {
      while (!over) {
        const answer = await s.call('POST', '/v1/decisions', sound());
        assert.equal(answer.status, 201, answer.text);
        seen.add(answer.json().body.model.sha256);
      }
    };
    const load = Array.from({ length: 6 }, decide);
    for (let i = 1; i <= 30; i++) {
      const model = models[i % 2];
      assert.equal((await act(model, 'promote')).status, 200);
      assert.equal((await decidedBy()).sha256, model.sha256);
    }
    over = true;
    await Promise.all(load);
    assert.deepEqual([...seen].sort(), models.map((m) => m.sha256).sort());
    await act(models[0], 'withdraw');
  });
});

describe('what belongs to another', () => {
  test('is not found, byte for byte like what nobody has', async () => {
    const model = await imported(bundle(), other);
    for (const [method, tail] of [['GET', ''], ['GET', '/comparison'], ['POST', '/promote'], ['POST', '/withdraw'], ['POST', '/challenge'], ['POST', '/unchallenge']]) {
      const nobodys = await s.call(method, `/v1/models/${unknown}${tail}`);
      for (const id of [model.id, model.sha256]) {
        const theirs = await s.call(method, `/v1/models/${id}${tail}`);
        assert.equal(theirs.status, 404, `${method} ${tail}`);
        assert.equal(anonymous(theirs), anonymous(nobodys));
      }
    }
    assert.ok((await list()).every((m) => m.sha256 !== model.sha256));
  });
  for (const id of ['mdl_x', 'x', 'aval-default', 'A'.repeat(64), `${'0'.repeat(63)}g`, '11be7e01', '..', 'mdl_%2e']) {
    test(`"${id}" names none`, async () => {
      assert.equal((await s.call('GET', `/v1/models/${id}`)).status, 404);
    });
  }
  test('shadows of another\'s decisions are not found either', async () => {
    const theirs = (await other('POST', '/v1/decisions', sound())).json().id;
    const nobodys = await s.call('GET', '/v1/decisions/dec_00000000000000000000000000/shadow');
    const answer = await s.call('GET', `/v1/decisions/${theirs}/shadow`);
    assert.equal(answer.status, 404);
    assert.equal(anonymous(answer), anonymous(nobodys));
  });
});

describe('scopes', () => {
  const routes = [['GET', '/v1/models', 'models:read'], ['GET', `/v1/models/${unknown}`, 'models:read'], ['GET', `/v1/models/${unknown}/comparison`, 'models:read'],
    ['GET', '/v1/decisions/dec_00000000000000000000000000/shadow', 'models:read'], ['POST', '/v1/models', 'models:write'],
    ...['promote', 'withdraw', 'challenge', 'unchallenge'].map((verb) => ['POST', `/v1/models/${unknown}/${verb}`, 'models:approve'])];
  test('each route needs its own', async () => {
    const scopes = ['models:read', 'models:write', 'models:approve', 'decisions:read'];
    for (const scope of scopes) {
      const call = caller(s.url, keyWith(scope).key);
      for (const [method, target, needed] of routes) {
        const answer = await call(method, target, method === 'POST' ? {} : undefined);
        assert.equal(answer.status === 403, scope !== needed, `${scope} ${method} ${target}: ${answer.status}`);
      }
    }
  });
});

describe('challengers', () => {
  test('score each decision beside the champion, and neither answer nor body nor receipt knows', async () => {
    const request = sound();
    const alone = (await s.call('POST', '/v1/decisions', request)).json();
    const model = await imported();
    assert.equal((await act(model, 'challenge')).json().role, 'challenger');
    const beside = (await s.call('POST', '/v1/decisions', request)).json();
    assert.deepEqual(beside.body, alone.body);
    assert.deepEqual(Object.keys(beside), Object.keys(alone));
    const { data } = (await s.call('GET', `/v1/decisions/${beside.id}/shadow`)).json();
    assert.equal(data.length, 1);
    assert.deepEqual([data[0].challenger, data[0].champion, data[0].outcome], [model.sha256, alone.body.model.sha256, 'scored']);
    // The same numbers under another name say the same.
    assert.deepEqual(data[0].said, data[0].decided);
    assert.deepEqual(data[0].decided, { pd: alone.body.pd.value, score: alone.body.score.value, grade: alone.body.grade, recommendation: alone.body.recommendation });
    assert.deepEqual((await s.call('GET', `/v1/decisions/${alone.id}/shadow`)).json().data, []);
    assert.equal((await s.call('POST', `/v1/decisions/${beside.id}/replay`)).json().matches, true);
    assert.equal((await act(model, 'unchallenge')).json().role, 'retired');
    const after = (await s.call('POST', '/v1/decisions', request)).json();
    assert.deepEqual((await s.call('GET', `/v1/decisions/${after.id}/shadow`)).json().data, []);
  });

  test('are recorded as what they are where there is no PD', async () => {
    const model = await imported();
    await act(model, 'challenge');
    const byRule = { ...sound(), legal_events: [{ type: 'insolvency.liquidation_opened', date: '2026-01-05' }] };
    const { id } = (await s.call('POST', '/v1/decisions', byRule)).json();
    const [said] = (await s.call('GET', `/v1/decisions/${id}/shadow`)).json().data;
    assert.equal(said.outcome, 'decided_by_rule');
    assert.deepEqual(said.said, { pd: null, score: null, grade: null, recommendation: 'decline' });
    await act(model, 'unchallenge');
  });

  test('are compared over what they stood beside', async () => {
    const model = await imported();
    await act(model, 'challenge');
    for (const request of [sound(), distressed(), sound()]) await s.call('POST', '/v1/decisions', request);
    await s.call('POST', '/v1/decisions?dry_run=true', sound());
    const { report } = (await s.call('GET', `/v1/models/${model.id}/comparison`)).json();
    assert.deepEqual([report.decisions, report.scored_by_both, report.same_recommendation_ratio, report.mean_score_gap, report.far_apart_ratio], [3, 3, 1, 0, 0]);
    assert.deepEqual(report.grades, { better: 0, same: 3, worse: 0 });
    assert.equal(report.mean_pd, report.mean_pd_of_champion);
    const none = (await s.call('GET', `/v1/models/${model.id}/comparison?before=2020-01-01`)).json().report;
    assert.deepEqual([none.decisions, none.mean_pd, none.same_recommendation_ratio], [0, null, null]);
    assert.equal((await s.call('GET', `/v1/models/${model.id}/comparison?from=soon`)).status, 400);
    const told = runJson('model', 'compare', model.sha256, '--tenant', 'acme', '--mode', 'test', '--db', s.db);
    assert.deepEqual(told.report, report);
    await act(model, 'unchallenge');
  });

  test('are two at most, and never the one that decides', async () => {
    const models = [await imported(), await imported(), await imported()];
    await act(models[0], 'challenge');
    await act(models[1], 'challenge');
    const third = await act(models[2], 'challenge');
    assert.equal(third.status, 409);
    assert.equal(third.json().type, '/problems/model-conflict');
    assert.equal(third.headers['retry-after'], undefined);
    assert.equal((await act(await champion(), 'challenge')).status, 409);
    assert.equal((await act(models[0], 'promote')).json().role, 'champion');
    assert.equal((await act(models[2], 'challenge')).status, 200);
    for (const model of models.slice(1)) await act(model, 'unchallenge');
    await act(models[0], 'withdraw');
  });
});

describe('the command line', () => {
  test('promotes for the installation, and a server that runs takes it up', async () => {
    const file = path.join(s.dir, 'bundle.json');
    writeFileSync(file, bundle());
    const model = runJson('model', 'import', file, '--db', s.db, '--by', 'ada');
    assert.equal(model.is_new, true);
    assert.equal(runJson('model', 'import', file, '--db', s.db).is_new, false);
    const told = runJson('model', 'promote', model.sha256, '--db', s.db, '--by', 'ada', '--reason', 'board of 2026-12-01');
    assert.deepEqual([told.action, told.by, told.reason], ['promoted', 'ada', 'board of 2026-12-01']);
    const until = Date.now() + 10000;
    while ((await decidedBy(other)).sha256 !== model.sha256) assert.ok(Date.now() < until, 'it was not taken up');
    const seen = (await other('GET', `/v1/models/${model.id}`)).json();
    assert.deepEqual([seen.role, seen.role_from], ['champion', 'installation']);
    assert.deepEqual([seen.changes[0].by, seen.changes[0].reason, seen.changes[0].in], [null, null, 'installation']);
    assert.match((await s.call('GET', '/metrics')).text, new RegExp(`aval_model_info\\{[^}]*sha256="${model.sha256}"`));
    run('model', 'withdraw', model.sha256, '--db', s.db);
  });

  test('finds a model by its names, and says which are too few', async () => {
    const file = path.join(s.dir, 'named.json');
    writeFileSync(file, bundle());
    const model = runJson('model', 'import', file, '--as', 'named', '--db', s.db);
    assert.equal(model.name, 'named');
    for (const name of ['named', `named@${model.version}`, model.sha256, model.sha256.slice(0, 8), model.id]) {
      assert.equal(runJson('model', 'show', name, '--db', s.db).sha256, model.sha256, name);
    }
    assert.equal(attempt('model', 'show', 'nobody', '--db', s.db).status, 66);
    assert.equal(attempt('model', 'promote', 'nobody', '--db', s.db).status, 66);
    assert.equal(attempt('model', 'show', model.sha256.slice(0, 7), '--db', s.db).status, 66);
  });

  test('shows a file, the program\'s own, and what is in a bundle that is refused', () => {
    const f = folder();
    const file = path.join(f.dir, 'bundle.json');
    writeFileSync(file, bundle((m) => { m.id = 'from-file'; }));
    assert.equal(runJson('model', 'show', file).name, 'from-file');
    assert.equal(runJson('model', 'show').sha256, sha256(own));
    writeFileSync(file, bundle((m) => { m.vectors[0].score += 1; }));
    const refused = attempt('model', 'show', file);
    assert.equal(refused.status, 65);
    assert.match(refused.stderr, /vectors\/0\/score/);
    f.remove();
  });

  test('imports the trees of another library, which challenge where they break directions', async () => {
    const tree = (leaves) => ({ default_left: [1, 0, 0], left_children: [1, -1, -1], right_children: [2, -1, -1], split_indices: [1, 0, 0],
      split_conditions: [0.1, ...leaves], sum_hessian: [9, 6, 3], split_type: [0, 0, 0] });
    const save = (name, leaves) => {
      const file = path.join(s.dir, name);
      writeFileSync(file, JSON.stringify({ learner: { feature_names: ['eq', 'cash'], gradient_booster: { model: { trees: [tree(leaves)] }, name: 'gbtree' },
        learner_model_param: { base_score: '4.8E-2', num_class: '0', num_feature: '2' }, objective: { name: 'binary:logistic' } }, version: [1, 7, 4] }));
      return file;
    };
    const frame = path.join(s.dir, 'frame.json');
    const framed = (columns) => writeFileSync(frame, JSON.stringify({ columns, train_rate: 0.048, default_definition: 'insolvency_12m',
      central_tendency: [{ country: '*', section: '*', rate: 0.02, source: 'a test', date: '2026-11-01' }] }));
    framed({ cash: 'quick_ratio' });
    const good = runJson('model', 'import', save('good.json', [0.6, -0.5]), '--mapping', frame, '--as', 'good', '--db', s.db);
    const wrong = runJson('model', 'import', save('wrong.json', [-0.6, 0.5]), '--mapping', frame, '--as', 'wrong', '--db', s.db);
    assert.deepEqual([good.can_decide, wrong.can_decide, wrong.can_challenge], [true, false, true]);
    assert.equal((await act(wrong, 'promote')).status, 422);
    await act(wrong, 'challenge');
    await act(good, 'promote');
    const decided = (await s.call('POST', '/v1/decisions', sound())).json();
    assert.equal(decided.body.model.id, 'good');
    const [said] = (await s.call('GET', `/v1/decisions/${decided.id}/shadow`)).json().data;
    assert.deepEqual([said.challenger, said.outcome], [wrong.sha256, 'scored']);
    assert.ok(said.said.pd > said.decided.pd);
    await act(wrong, 'unchallenge');
    await act(good, 'withdraw');
    framed({ cash: 'something_of_ours' });
    const out = path.join(s.dir, 'out.json');
    const measured = runJson('model', 'import', save('other.json', [0.6, -0.5]), '--mapping', frame, '--as', 'other', '--out', out);
    assert.deepEqual([measured.can_decide, measured.can_challenge], [false, false]);
    assert.equal(runJson('model', 'show', out).sha256, measured.sha256);
    framed({});
    assert.equal(attempt('model', 'import', save('x.json', [0.6, -0.5]), '--mapping', frame, '--as', 'x', '--db', s.db).status, 65);
  });

  for (const args of [[], ['show', 'a', 'b'], ['import', 'x'], ['import', 'x', '--db', 'DB', '--out', 'y'], ['promote', 'x', '--mapping', 'y', '--db', 'DB'], ['list'], ['list', 'x', '--db', 'DB'], ['import', '--db', 'DB'], ['promote', '--db', 'DB'], ['promote', '', '--db', 'DB'],
    ['crown', 'x', '--db', 'DB'], ['two-persons', 'maybe', '--db', 'DB'], ['list', '--tenant', 'acme', '--db', 'DB'], ['list', '--mode', 'test', '--db', 'DB'],
    ['list', '--tenant', 'acme', '--mode', 'both', '--db', 'DB'], ['promote', 'x', '--as', 'y', '--db', 'DB'], ['show', '--nothing']]) {
    test(`refuses "model ${args.join(' ')}"`, () => {
      const result = attempt('model', ...args.map((a) => (a === 'DB' ? s.db : a)));
      assert.equal(result.status, 64, result.stderr);
      assert.equal(result.stdout, '');
    });
  }
  test('refuses a tenant that is not there, and a comparison of no environment', () => {
    assert.equal(attempt('model', 'list', '--tenant', 'nobody', '--mode', 'test', '--db', s.db).status, 66);
    assert.equal(attempt('model', 'compare', 'aval-default', '--db', s.db).status, 65);
  });
});

describe('two persons', () => {
  test('with keys: the first proposes, the second promotes, and one alone does nothing', async () => {
    run('model', 'two-persons', 'on', '--tenant', 'globex', '--mode', 'test', '--by', 'ada', '--db', s.db);
    const second = keyWith('models:approve,models:read', 'globex');
    const call = caller(s.url, second.key);
    const model = await imported(bundle(), other);
    const former = (await champion(other)).sha256;
    assert.equal((await act(model, 'promote', {}, {}, other)).status, 422); // a reason is needed
    for (let i = 0; i < 2; i++) {
      const proposed = await act(model, 'promote', { reason: 'better' }, {}, other);
      assert.equal(proposed.status, 202, proposed.text);
      assert.equal(proposed.json().is_proposed, true);
    }
    assert.equal((await decidedBy(other)).sha256, former);
    const promoted = await act(model, 'promote', { reason: 'agreed' }, {}, call);
    assert.equal(promoted.status, 200, promoted.text);
    assert.equal((await decidedBy(other)).sha256, model.sha256);
    const { changes } = (await call('GET', `/v1/models/${model.id}`)).json();
    assert.deepEqual(changes.map((c) => c.action), ['proposed', 'promoted']);
    assert.equal(changes[1].approved_by, second.id);
    assert.notEqual(changes[1].by, changes[1].approved_by);
    const alone = await act(model, 'withdraw', { reason: 'x' }, {}, call);
    assert.equal(alone.status, 403);
    assert.equal(alone.json().type, '/problems/two-persons-required');
    const scope = ['--tenant', 'globex', '--mode', 'test', '--db', s.db];
    assert.equal(attempt('model', 'withdraw', model.sha256, ...scope, '--by', 'ada', '--reason', 'x').status, 77);
    assert.equal(attempt('model', 'withdraw', model.sha256, ...scope, '--by', 'ada', '--approved-by', 'ada', '--reason', 'x').status, 65);
    assert.equal(attempt('model', 'two-persons', 'off', ...scope, '--by', 'ada').status, 77);
    run('model', 'withdraw', model.sha256, ...scope, '--by', 'ada', '--approved-by', 'bob', '--reason', 'x');
    run('model', 'two-persons', 'off', ...scope, '--by', 'ada', '--approved-by', 'bob');
    assert.equal((await list(other)).find((m) => m.id === model.id).role, 'retired');
  });
});

describe('a restart', () => {
  // A database of its own, and what is done to it between two servers.
  const world = async (between, model = bundle()) => {
    const f = folder();
    const db = path.join(f.dir, 'aval.db');
    runJson('tenant', 'create', 'acme', '--db', db);
    const { key } = runJson('key', 'create', '--tenant', 'acme', '--mode', 'test', '--db', db);
    const file = path.join(f.dir, 'bundle.json');
    writeFileSync(file, model);
    try {
      await between({ f, db, key, file, digest: sha256(model) });
    } finally {
      f.remove();
    }
  };
  const tamper = (db, sql) => assert.equal(spawnSync('sqlite3', [db, sql], { encoding: 'utf8' }).status, 0);

  test('goes on with what was promoted; --model stands in, and says so; an environment keeps its own', async () => {
    await world(async ({ f, db, key, file, digest }) => {
      run('model', 'import', file, '--db', db);
      run('model', 'promote', digest, '--db', db);
      let server = await serve(db);
      assert.equal((await decidedBy(caller(server.url, key))).sha256, digest);
      await server.stop();
      const override = path.join(f.dir, 'override.json');
      writeFileSync(override, bundle());
      server = await serve(db, ['--no-tls', '--model', override]);
      let call = caller(server.url, key);
      assert.equal((await decidedBy(call)).sha256, sha256(readFileSync(override)));
      assert.equal((await champion(call)).role_from, 'file');
      assert.match(server.log(), /"event":"models_in_force".*"source":"file"/);
      const mine = await imported(bundle(), call);
      await act(mine, 'promote', undefined, {}, call);
      await server.kill();
      server = await serve(db, ['--no-tls', '--model', override]);
      call = caller(server.url, key);
      assert.equal((await decidedBy(call)).sha256, mine.sha256);
      await server.stop();
      assert.equal(runJson('verify', '--db', db).valid, true);
    });
  });

  test('after a crash between import and promotion finds a model without a role, and after the promotion one with it', async () => {
    await world(async ({ db, key, file, digest }) => {
      let server = await serve(db);
      const model = await imported(readFileSync(file, 'utf8'), caller(server.url, key));
      await server.kill();
      server = await serve(db);
      let call = caller(server.url, key);
      assert.equal((await call('GET', `/v1/models/${model.id}`)).json().role, 'candidate');
      assert.notEqual((await decidedBy(call)).sha256, digest);
      assert.equal((await act(model, 'promote', undefined, {}, call)).status, 200);
      await server.kill();
      server = await serve(db);
      call = caller(server.url, key);
      assert.equal((await decidedBy(call)).sha256, digest);
      await server.stop();
      assert.equal(runJson('verify', '--db', db).valid, true);
    });
  });

  for (const [name, sql] of [['the bytes of its model were changed', "UPDATE artifact SET bytes = x'7b7d' WHERE sha256 IN (SELECT sha256 FROM model_change)"],
    ['its model is gone', 'DELETE FROM artifact WHERE sha256 IN (SELECT sha256 FROM model_change)'],
    ['somebody else promoted, by hand', 'UPDATE model_change SET acted_by = \'eve\''],
    ['another model was put in force by hand', 'UPDATE model_change SET sha256 = (SELECT sha256 FROM model WHERE sha256 <> (SELECT sha256 FROM model_change))'],
    ['a change is missing', 'UPDATE model_change SET revision = 2']]) {
    test(`is refused where ${name}, but for a model from a file`, async () => {
      await world(async ({ db, file, digest }) => {
        run('model', 'import', file, '--db', db);
        await (await serve(db)).stop(); // the program's own model is listed
        run('model', 'promote', digest, '--db', db);
        tamper(db, sql);
        await assert.rejects(serve(db), /is not what was recorded|is missing/);
        const told = JSON.parse(attempt('doctor', '--db', db, '--json').stdout);
        assert.equal(told.checks.find((check) => check.name === 'model').verdict, 'fail');
        assert.equal(attempt('verify', '--db', db).status, 1);
        if (!name.includes('missing')) await (await serve(db, ['--no-tls', '--model', file])).stop();
      });
    });
  }

  test('answers 503 to the environment alone whose model was changed', async () => {
    await world(async ({ db, key, file, digest }) => {
      const scope = ['--tenant', 'acme', '--mode', 'test', '--db', db];
      const live = runJson('key', 'create', '--tenant', 'acme', '--mode', 'live', '--db', db).key;
      run('model', 'import', file, ...scope);
      run('model', 'promote', digest, ...scope);
      tamper(db, "UPDATE artifact SET bytes = x'7b7d' WHERE sha256 IN (SELECT sha256 FROM model_change)");
      const server = await serve(db);
      const answer = await caller(server.url, key)('POST', '/v1/decisions', sound());
      assert.equal(answer.status, 503);
      assert.equal(answer.json().type, '/problems/model-unavailable');
      assert.equal((await caller(server.url, key)('POST', '/v1/decisions:simulate', { request: sound() })).status, 503);
      assert.equal((await caller(server.url, live)('POST', '/v1/decisions', sound(), { 'idempotency-key': 'x' })).status, 201);
      assert.match(server.log(), /"event":"model_refused"/);
      await server.stop();
    });
  });
});
