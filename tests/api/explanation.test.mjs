// explanation.test.mjs - why a decision came out as it did, for three audiences in three languages, over HTTP and offline.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { aval, caller, distressed, run, runJson, sound, start } from './harness.mjs';

const AUDIENCES = ['analyst', 'applicant', 'regulator'];
const LANGUAGES = ['en', 'es', 'fr'];
const never = `dec_${'0'.repeat(26)}`;

let s;
before(async () => { s = await start(); });
after(async () => { await s.stop(); });

const decide = async (request) => (await s.call('POST', '/v1/decisions', request)).json();
const explain = async (id, query = '', call = s.call) => call('GET', `/v1/decisions/${id}/explanation${query}`);
const section = (e, name) => e.sections.find((one) => one.name === name);
const person = (request) => ({
  ...request, company: { ...request.company, legal_form: 'EI', name: 'Marie Lemoine' },
  purpose: 'credit_granting', legal_basis: 'consent', consent: 'C-2026-17',
});

// Another company with a name, an identifier and a PD that no applicant may see.
const withParent = (request) => ({
  ...request,
  links: [{ type: 'owns', from: { scheme: 'siren', value: '732829320' }, to: { scheme: 'siren', value: '812345676' }, share_ratio: 0.8, pd: '0.3141' }],
});

describe('an explanation', () => {
  test('is given to every audience in every language, as sections and as text', async () => {
    const { id, body } = await decide(distressed());
    const texts = new Set();
    for (const audience of AUDIENCES) {
      for (const lang of LANGUAGES) {
        const answer = await explain(id, `?lang=${lang}&audience=${audience}`);
        assert.equal(answer.status, 200, answer.text);
        const e = answer.json();
        assert.equal(e.decision, id);
        assert.deepEqual([e.audience, e.language, e.recommendation], [audience, lang, body.recommendation]);
        for (const one of e.sections) {
          assert.ok(one.sentences.length > 0, one.name);
          assert.ok(e.text.includes(one.title));
          for (const { text } of one.sentences) assert.ok(e.text.includes(text));
        }
        texts.add(e.text);
      }
    }
    assert.equal(texts.size, 9);
  });

  test('has the audience and the language of the request unless told otherwise', async () => {
    const { id } = await decide({ ...sound(), language: 'es', audience: 'applicant' });
    const as = async (query) => { const e = (await explain(id, query)).json(); return [e.language, e.audience]; };
    assert.deepEqual(await as(''), ['es', 'applicant']);
    assert.deepEqual(await as('?lang=fr'), ['fr', 'applicant']);
    assert.deepEqual(await as('?audience=regulator'), ['es', 'regulator']);
  });

  test('is the same bytes each time', async () => {
    const { id } = await decide(sound());
    assert.equal((await explain(id)).text, (await explain(id)).text);
  });

  test('takes contributions, PD and data quality over from the body', async () => {
    const { id, body } = await decide(distressed());
    for (const [audience, names] of [['analyst', ['families']], ['regulator', ['model', 'policy', 'engine']]]) {
      const { details } = (await explain(id, `?audience=${audience}`)).json();
      for (const name of ['contributions', 'pd', 'data_quality', 'score', ...names]) assert.deepEqual(details[name], body[name], name);
    }
  });

  test('of the command line equals that of the server', async () => {
    const { id } = await decide(distressed());
    const online = (await explain(id, '?lang=fr&audience=regulator')).json();
    const offline = runJson('explain', id, '--db', s.db, '--lang', 'fr', '--audience', 'regulator');
    assert.deepEqual(offline, online);
    assert.equal(run('explain', id, '--db', s.db, '--lang', 'fr', '--audience', 'regulator'), online.text);
  });

  for (const [kind, request] of Object.entries({
    thin: (r) => { delete r.financial_statements; },
    decided_by_rule: (r) => { r.legal_events = [{ type: 'insolvency.liquidation_opened', date: '2026-03-01', source: 'bodacc' }]; },
    not_scorable: (r) => { r.company.activity = { nomenclature: 'naf_rev2', code: '6419Z' }; },
  })) {
    test(`is given of a decision that is ${kind}`, async () => {
      const asked = sound();
      request(asked);
      const { id, body } = await decide(asked);
      assert.equal(body.status, kind);
      for (const audience of AUDIENCES) {
        const e = (await explain(id, `?audience=${audience}`)).json();
        assert.ok(section(e, 'decision'));
        assert.equal(e.recommendation, body.recommendation);
      }
    });
  }
});

describe('the analyst', () => {
  test('is told each figure with the value from which it would gain points, and the hint holds', async () => {
    const asked = sound();
    const { id } = await decide(asked);
    const { details } = (await explain(id, '?audience=analyst')).json();
    const quick = details.factors.find((f) => f.factor === 'quick_ratio');
    assert.ok(quick.next_better.from > quick.value);
    // More cash, and as much less in fixed assets: only liquidity moves.
    const items = asked.financial_statements[0].items;
    const missing = Math.ceil((quick.next_better.from - quick.value) * Number(items.current_liabilities)) + 1;
    for (const name of ['cash', 'current_assets']) items[name] = (Number(items[name]) + missing).toFixed(2);
    items.fixed_assets = (Number(items.fixed_assets) - missing).toFixed(2);
    const better = await decide(asked);
    const after = (await explain(better.id, '?audience=analyst')).json().details.factors.find((f) => f.factor === 'quick_ratio');
    assert.ok(Math.abs(after.points_by_family.statistical - quick.points_by_family.statistical - quick.next_better.gain) < 0.11, `${quick.points} + ${quick.next_better.gain} is not ${after.points}`);
  });

  test('is told the company that weighs most, and the way it comes by', async () => {
    const { id } = await decide(withParent(sound()));
    const e = (await explain(id, '?audience=analyst&lang=en')).json();
    const tie = e.details.strongest_tie;
    assert.deepEqual([tie.relation, tie.party.value, tie.pd], ['parent', '732829320', 0.3141]);
    assert.deepEqual(tie.path.map((link) => [link.type, link.from.value, link.to.value]), [['owns', '732829320', '812345676']]);
    assert.match(section(e, 'links').sentences.map((one) => one.text).join(' '), /SIREN\u00a0732829320/);
    const regulator = (await explain(id, '?audience=regulator')).text;
    assert.ok(!regulator.includes('732829320'));
  });

  test('is told the way from the score to the bound, and it adds up', async () => {
    const { id } = await decide(sound());
    const { bound } = (await explain(id, '?audience=analyst')).json().details;
    const tenths = (points) => Math.round(points * 10);
    const sum = [...Object.values(bound.blocks), bound.place, bound.uncertainty].reduce((all, points) => all + tenths(points), 0);
    assert.equal(sum, tenths(bound.total));
    assert.ok(bound.total < 0);
  });

  test('finds the worst figure first', async () => {
    const { id } = await decide(distressed());
    const points = (await explain(id)).json().details.factors.map((f) => f.points);
    assert.deepEqual(points, [...points].sort((a, b) => a - b));
  });
});

describe('the applicant', () => {
  test('is told at most four reasons, with their codes, and how to respond', async () => {
    const { id, body } = await decide(distressed());
    const e = (await explain(id, '?audience=applicant&lang=en')).json();
    const reasons = section(e, 'reasons').sentences;
    assert.ok(reasons.length >= 1 && reasons.length <= 4);
    assert.deepEqual(reasons.map((r) => r.code), body.reasons.filter((r) => r.direction === 'negative').map((r) => r.code));
    assert.ok(section(e, 'rights'));
    assert.ok(section(e, 'not_checked'));
    assert.match(e.text, /Reference of your file: distressed/);
  });

  test('is told no threshold, no weight, and nothing of another company', async () => {
    const { id } = await decide(withParent(distressed()));
    for (const lang of LANGUAGES) {
      const answer = await explain(id, `?audience=applicant&lang=${lang}`);
      assert.deepEqual(Object.keys(answer.json().details).sort(), ['adverse_codes', 'favourable_codes']);
      for (const secret of ['732829320', '31,4', '31.4', '0.3141', 'next_better', '"points"']) {
        assert.ok(!answer.text.includes(secret), `${lang}: ${secret}`);
      }
    }
  });

  test('who is a natural person is told the score and the rights of the GDPR', async () => {
    const { id, body } = await decide(person(distressed()));
    const e = (await explain(id, '?audience=applicant&lang=en')).json();
    assert.ok(section(e, 'score').sentences[0].text.includes(String(body.score.value)));
    assert.match(e.text, /GDPR, articles 15, 16 and 22/);
    assert.match(e.text, /without human intervention/);
    const company = (await explain((await decide(distressed())).id, '?audience=applicant&lang=en')).json();
    assert.equal(section(company, 'score'), undefined);
    assert.doesNotMatch(company.text, /GDPR/);
  });
});

describe('the regulator', () => {
  test('is told model, policy, method, grounds, limits of use and the record', async () => {
    const { id, body } = await decide(person(sound()));
    const e = (await explain(id, '?audience=regulator&lang=en')).json();
    for (const name of ['identity', 'method', 'data', 'not_checked', 'grounds', 'limits_of_use', 'contributions', 'record']) {
      assert.ok(section(e, name), name);
    }
    for (const words of [body.model.sha256, body.policy.sha256, 'C-2026-17', 'C-634/21', 'C-203/22', 'annex III, point 5(b)', id]) {
      assert.ok(e.text.includes(words), words);
    }
    const replayed = (await s.call('POST', e.links.replay)).json();
    assert.equal(replayed.matches, true);
    assert.ok(e.text.includes(replayed.stored_sha256));
  });
});

// A record as its row keeps it (docs/adr/0015): nine bytes of head, then a block of LZ4, here all literals.
function packed(text) {
  const bytes = Buffer.from(text);
  const extra = bytes.length - 15;
  const block = Buffer.concat([Buffer.from([0xf0]), Buffer.alloc(Math.floor(extra / 255), 255), Buffer.from([extra % 255]), bytes]);
  const head = Buffer.alloc(9);
  head[0] = 1;
  head.writeUInt32BE(bytes.length, 1);
  let crc = 0xffffffff;
  for (const byte of Buffer.concat([head.subarray(0, 5), block])) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  head.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 5);
  return Buffer.concat([head, block]);
}

describe('what is refused', () => {
  for (const [query, code, words] of [
    ['?lang=de', 'invalid-parameter', /lang: expected en, es or fr/],
    ['?lang=', 'invalid-parameter', /lang/],
    ['?lang=FR', 'invalid-parameter', /lang/],
    ['?audience=public', 'invalid-parameter', /audience: expected analyst, applicant or regulator/],
    ['?audience=', 'invalid-parameter', /audience/],
    ['?lang=fr&lang=fr', 'invalid-parameter', /more than once/],
    ['?language=fr', 'unknown-parameter', /language/],
    ['?audiences=analyst', 'unknown-parameter', /Did you mean "audience"/],
  ]) {
    test(`${query} is ${code}`, async () => {
      const answer = await explain(never, query);
      assert.equal(answer.status, 400);
      assert.equal(answer.json().type, `/problems/${code}`);
      assert.match(answer.json().detail, words);
    });
  }

  test('another tenant\'s decision, like one that never was', async () => {
    const { id } = await decide(sound());
    runJson('tenant', 'create', 'other', '--db', s.db);
    const { key } = runJson('key', 'create', '--tenant', 'other', '--mode', 'test', '--db', s.db);
    const foreign = caller(s.url, key);
    const strip = (text) => text.replace(/"request_id":"[^"]*"/, '');
    for (const call of [foreign, s.live]) {
      const [theirs, none] = [await explain(id, '', call), await explain(never, '', call)];
      assert.deepEqual([theirs.status, none.status], [404, 404]);
      assert.equal(strip(theirs.text), strip(none.text));
    }
    assert.equal((await explain('dec_short')).status, 404);
  });

  test('a key that may not read', async () => {
    const { key } = runJson('key', 'create', '--tenant', 'acme', '--mode', 'test', '--scopes', 'decisions:write', '--db', s.db);
    const { id } = await decide(sound());
    assert.equal((await explain(id, '', caller(s.url, key))).status, 403);
  });

  test('a decision that no longer comes out as it was recorded, rather than explaining another', async () => {
    const mine = await start();
    try {
      const { id } = (await mine.call('POST', '/v1/decisions', sound())).json();
      assert.equal((await explain(id, '', mine.call)).status, 200);
      const entry = run('audit', 'export', '--db', mine.db).split('\n').find((line) => line.includes(id) && line.includes('"payload"'));
      const { payload } = JSON.parse(entry);
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
      const other = text.replace(/("score":\{[^}]*"value":)\d+/, '$1999');
      assert.notEqual(other, text);
      execFileSync('sqlite3', [mine.db, `UPDATE decision SET payload = x'${packed(other).toString('hex')}'`]);
      const answer = await explain(id, '', mine.call);
      assert.equal(answer.status, 409, answer.text);
      assert.equal(answer.json().type, '/problems/not-reproducible');
      assert.match(answer.json().detail, /differ at \/score\/value/);
      assert.equal(answer.headers['retry-after'], undefined);
      const result = spawnSync(aval, ['explain', id, '--db', mine.db], { encoding: 'utf8' });
      assert.notEqual(result.status, 0);
      assert.match(result.stderr, /differ at \/score\/value/);
      assert.equal(result.stdout, '');
    } finally {
      await mine.stop();
    }
  });
});

describe('aval explain', () => {
  const attempt = (...args) => spawnSync(aval, ['explain', ...args], { encoding: 'utf8' });

  test('explains a request from a file, recorded nowhere', () => {
    const file = path.join(s.dir, 'request.json');
    writeFileSync(file, JSON.stringify({ ...sound(), as_of: '2026-11-20' }));
    const e = runJson('explain', file, '--audience', 'regulator', '--lang', 'en');
    assert.equal(e.decision, null);
    assert.equal(e.links, undefined);
    assert.match(e.text, /made offline with engine \d+ and is not recorded/);
  });

  for (const [name, args, status] of [
    ['no argument', [], 64],
    ['two arguments', ['a', 'b'], 64],
    ['a database and a model', [never, '--db', 'x', '--model', 'y'], 64],
    ['an unknown language', ['-', '--lang', 'de'], 65],
    ['an unknown audience', ['-', '--audience', 'me'], 65],
    ['a file that is not there', ['/nowhere/request.json'], 66],
    ['a database that is not there', [never, '--db', '/nowhere/aval.db'], 66],
  ]) {
    test(`refuses ${name}`, () => {
      const result = attempt(...args);
      assert.equal(result.status, status, result.stderr);
      assert.equal(result.stdout, '');
      assert.ok(result.stderr.length > 0);
    });
  }

  test('refuses what is no decision, and one that is unknown', () => {
    assert.equal(attempt('dec_1', '--db', s.db).status, 65);
    assert.equal(attempt(never, '--db', s.db).status, 66);
  });
});
