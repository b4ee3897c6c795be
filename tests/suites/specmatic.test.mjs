// specmatic.test.mjs - an outside tool holds the running binary against the contract it serves.
//
// Specmatic sends each example as a request and checks the answer against the contract.  The examples are
// recorded here from the server itself, so that ids and keys are real; what Specmatic proves is that the
// contract describes them.  It cannot read "anyOf" beside "properties", so those conditional requirements are left
// out of the copy it gets; and /openapi.json and /docs, whose answers are free-form, are left to the other suites.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { distressed, root, sound, start } from '../api/harness.mjs';

const jar = path.join(root, 'tests/node_modules/specmatic/specmatic.jar');

let s;
before(async () => { s = await start(); });
after(async () => { await s.stop(); });

// Requests of every route, good and bad, with the status that is meant.
async function examples() {
  const { id } = (await s.call('POST', '/v1/decisions', sound())).json();
  // A receipt needs a signed checkpoint: one comes every 1,000 entries.
  await Promise.all(Array.from({ length: 16 }, async () => {
    for (let i = 0; i < 64; i++) await s.call('POST', '/v1/decisions', sound());
  }));
  const insolvent = { ...sound(), legal_events: [{ type: 'insolvency.liquidation_opened', date: '2026-03-01' }] };
  const thin = { company: { name: 'Nobody GmbH', country: 'DE' }, language: 'es' };
  const bank = sound();
  bank.company.activity.code = '6419Z';
  const never = `dec_${'0'.repeat(26)}`;
  const outcome = { decision: id, type: 'default', definition: 'insolvency_12m', observed_on: '2026-11-02', source: 'register' };
  const reported = (await s.call('POST', '/v1/outcomes', outcome)).json().id;
  const model = (await s.call('GET', '/v1/models')).json().data[0].id;
  return [
    ['livez', 'GET', '/livez', 200], ['readyz', 'GET', '/readyz', 200], ['problem', 'GET', '/problems/not-found', 200],
    ['no_problem', 'GET', '/problems/nonsuch', 404],
    ['create', 'POST', '/v1/decisions', 201, sound()], ['create_distressed', 'POST', '/v1/decisions', 201, distressed()],
    ['create_by_rule', 'POST', '/v1/decisions', 201, insolvent], ['create_thin', 'POST', '/v1/decisions', 201, thin],
    ['create_not_scorable', 'POST', '/v1/decisions', 201, bank],
    ['create_dry', 'POST', '/v1/decisions?dry_run=true', 200, sound()],
    ['create_invalid', 'POST', '/v1/decisions', 422, { company: {} }],
    ['list', 'GET', '/v1/decisions?limit=2', 200], ['list_filtered', 'GET', '/v1/decisions?recommendation=decline', 200],
    ['read', 'GET', `/v1/decisions/${id}`, 200], ['read_unknown', 'GET', `/v1/decisions/${never}`, 404],
    ['replay', 'POST', `/v1/decisions/${id}/replay`, 200], ['replay_unknown', 'POST', `/v1/decisions/${never}/replay`, 404],
    ['receipt', 'GET', `/v1/decisions/${id}/receipt`, 200], ['receipt_unknown', 'GET', `/v1/decisions/${never}/receipt`, 404],
    ['simulate', 'POST', '/v1/decisions:simulate', 200, { from: id, changes: { request: { terms_days: 30 } } }],
    ['simulate_free', 'POST', '/v1/decisions:simulate', 200, { request: sound() }],
    ['simulate_invalid', 'POST', '/v1/decisions:simulate', 422, {}],
    ['explanation', 'GET', `/v1/decisions/${id}/explanation?lang=fr&audience=analyst`, 200],
    ['explanation_unknown', 'GET', `/v1/decisions/${never}/explanation`, 404],
    ['shadow', 'GET', `/v1/decisions/${id}/shadow`, 200],
    ['models', 'GET', '/v1/models', 200], ['model', 'GET', `/v1/models/${model}`, 200],
    ['comparison', 'GET', `/v1/models/${model}/comparison`, 200], ['metrics', 'GET', `/v1/models/${model}/metrics`, 200],
    ['outcome_again', 'POST', '/v1/outcomes', 200, outcome], ['outcomes', 'GET', '/v1/outcomes?limit=2', 200],
    ['outcome', 'GET', `/v1/outcomes/${reported}`, 200], ['labels', 'GET', `/v1/outcomes/${reported}/labels`, 200],
    ['consistency', 'GET', '/v1/reports/consistency', 200],
  ];
}

async function record(dir, [name, method, target, status, body]) {
  const answer = await s.call(method, target, body);
  assert.equal(answer.status, status, `${name}: ${answer.text}`);
  const type = answer.headers['content-type'];
  writeFileSync(path.join(dir, `${name}.json`), JSON.stringify({
    'http-request': { method, path: target, ...(body && { headers: { 'Content-Type': 'application/json' }, body }) },
    'http-response': { status, headers: { 'Content-Type': type }, body: type.includes('json') ? answer.json() : answer.text },
  }));
}

function withoutSiblingsOfAnyOf(node) {
  if (Array.isArray(node)) return node.map(withoutSiblingsOfAnyOf);
  if (node === null || typeof node !== 'object') return node;
  const kept = Object.entries(node).filter(([name]) => !(name === 'anyOf' && node.properties));
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutSiblingsOfAnyOf(value)]));
}

test('Specmatic finds every answer as the contract says', async () => {
  assert.doesNotThrow(() => execFileSync('java', ['-version'], { stdio: 'ignore' }), 'Specmatic needs Java 17');
  const contract = withoutSiblingsOfAnyOf((await s.call('GET', '/openapi.json')).json());
  for (const name of ['/openapi.json', '/docs', '/docs/', '/docs/{asset}']) delete contract.paths[name];
  // It asks for no media type, and so gets pages, never their JSON.
  for (const name of ['/problems', '/problems/', '/problems/{slug}']) delete contract.paths[name].get.responses['200'].content['application/json'];
  // What is asked is sent again, and these are done once only; without an example it would make up requests by the thousand.
  for (const name of Object.keys(contract.paths)) if (name.startsWith('/v1/models')) delete contract.paths[name].post;
  delete contract.paths['/v1/outcomes'].post.responses['201'];
  writeFileSync(path.join(s.dir, 'contract.json'), JSON.stringify(contract));
  const dir = path.join(s.dir, 'contract_examples');
  mkdirSync(dir);
  const all = await examples();
  for (const example of all) await record(dir, example);
  writeFileSync(path.join(s.dir, 'specmatic.yaml'), [
    'version: 2', 'contracts:', '  - provides:', '      - contract.json',
    'security:', '  OpenAPI:', '    securitySchemes:',
    '      apiKey:', '        type: bearer', `        token: ${s.testKey}`,
    '      apiKeyAsUser:', '        type: basicAuth', `        token: ${Buffer.from(`${s.testKey}:`).toString('base64')}`, '',
  ].join('\n'));
  const result = spawnSync('java', ['-jar', jar, 'test', `--testBaseURL=${s.url}`],
    { cwd: s.dir, encoding: 'utf8', timeout: 120000, maxBuffer: 256 * 1024 * 1024 });
  const [, run, passed, failed] = result.stdout.match(/Tests run: (\d+), Successes: (\d+), Failures: (\d+)/) ?? [];
  assert.equal(Number(failed), 0, result.stdout.slice(result.stdout.indexOf('Unsuccessful Scenarios'), result.stdout.length).slice(0, 6000));
  assert.equal(passed, run);
  assert.ok(Number(run) >= all.length, `${run} tests of ${all.length} examples`);
});
