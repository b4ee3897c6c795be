// graph.test.mjs - what links show, what a decision leaves in the tenant's graph, and what it takes from it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { aval, caller, distressed, run, runJson, sound, start } from './harness.mjs';

let s, other;
before(async () => {
  s = await start();
  runJson('tenant', 'create', 'globex', '--db', s.db);
  other = caller(s.url, runJson('key', 'create', '--tenant', 'globex', '--mode', 'test', '--db', s.db).key);
});
after(async () => { await s.stop(); });

const ext = (value) => ({ scheme: 'ext', value });
const link = (type, from, to, more = {}) => ({ type, from: ext(from), to: ext(to), ...more });
const euros = (amount) => ({ amount: String(amount), currency: 'EUR' });

// The sound company, or another, under a number of the caller's own.
function company(value, links, more = {}, base = sound()) {
  base.company.identifiers = [ext(value)];
  delete base.client_reference;
  return { ...base, ...(links === undefined ? {} : { links }), ...more };
}
async function decide(call, request, headers = {}) {
  const answer = await call('POST', '/v1/decisions', request, headers);
  assert.equal(answer.status, 201, answer.text);
  return answer.json();
}
const stored = { links_from: 'stored' };
const input = async (call, decision) => {
  const record = runJson('replay', decision.id, '--db', s.db);
  assert.equal(record.matches, true);
  return record;
};

describe('links of the request', () => {
  test('show who decides, who fails with whom, and what goes', async () => {
    const { body } = await decide(s.call, company('a1', [
      link('owns', 'a-parent', 'a1', { share_ratio: 0.6, pd: 0.25 }),
      link('supplies', 'a1', 'a-buyer', { exposure: euros('900000.00'), pd: 0.3 }),
    ]));
    const graph = body.families.graph;
    assert.deepEqual(graph.cascade, { fails_with: [ext('a-buyer')], fails_with_distressed: true });
    assert.deepEqual(graph.connected_insolvency, { found: true, path: [ext('a-parent'), ext('a1')], state: 'distressed' });
    assert.deepEqual(graph.control_chain, [ext('a-parent'), ext('a1')]);
    assert.deepEqual(graph.integrated_ownership, [{ controls: true, owner: ext('a-parent'), share_ratio: 0.6 }]);
    assert.deepEqual(graph.neighbourhood, { edges: 2, parties: 2 });
    assert.ok(graph.debt_rank > 0.29 && graph.debt_rank <= 0.300001, String(graph.debt_rank));
    assert.ok(body.rules.includes('R007'));
    assert.equal(body.recommendation, 'refer');
  });

  test('that name an insolvent parent are referred at best', async () => {
    const { body } = await decide(s.call, company('a2', [link('controls', 'a-dead', 'a2', { pd: 1 })]));
    assert.deepEqual(body.rules, ['R006']);
    assert.equal(body.recommendation, 'refer');
    assert.equal(body.limit.recommended, '0.00');
  });

  test('are alone where the stored ones are not asked for', async () => {
    await decide(s.call, company('a3', [link('supplies', 'a3', 'a4', { exposure: euros(1000) })]));
    const { body } = await decide(s.call, company('a3'));
    assert.equal(body.families.graph.neighbourhood, undefined);
    assert.equal(body.data_quality.blocks.graph, 'missing');
  });
});

describe('the stored graph', () => {
  test('remembers links, and the PD of whom they name', async () => {
    await decide(s.call, company('b1', [link('supplies', 'b1', 'b2', { exposure: euros(50000) })]));
    const buyer = await decide(s.call, company('b2', undefined, {}, distressed()));
    const d = await decide(s.call, company('b1', undefined, stored));
    assert.deepEqual(d.body.families.graph.neighbourhood, {
      cut: { edges: 0, more: false, parties: 0 }, depth: 2, edges: 1, parties: 1, stored_edges: 1,
    });
    assert.ok(d.body.families.graph.debt_rank > 0);
    await input(s.call, d);
    // From the other end: two steps, b2 - b1 and whoever b1 deals with.
    const back = await decide(s.call, company('b2', undefined, stored, distressed()));
    assert.equal(back.body.families.graph.neighbourhood.edges, 1);
    assert.ok(buyer.body.pd.value > 0.05);
  });

  test('finds the decision on a party that no link named then', async () => {
    await decide(s.call, company('c2', undefined, {}, distressed()));
    await decide(s.call, company('c1', [link('supplies', 'c1', 'c2', { exposure: euros(50000) })]));
    for (let i = 0; i < 2; i++) { // looked for, then known
      const { body } = await decide(s.call, company('c1', undefined, stored));
      assert.ok(body.families.graph.debt_rank > 0, JSON.stringify(body.families.graph));
    }
  });

  test('leads two steps away and no further', async () => {
    await decide(s.call, company('d1', [link('owns', 'd2', 'd1', { share_ratio: 0.9 })]));
    await decide(s.call, company('d2', [link('owns', 'd3', 'd2', { share_ratio: 0.9, pd: 0.4 })]));
    await decide(s.call, company('d3', [link('owns', 'd4', 'd3', { share_ratio: 0.9, pd: 1 })]));
    const { body } = await decide(s.call, company('d1', undefined, stored));
    assert.deepEqual(body.families.graph.control_chain, [ext('d3'), ext('d2'), ext('d1')]);
    assert.equal(body.families.graph.connected_insolvency.state, 'distressed');
    assert.equal(body.families.graph.neighbourhood.parties, 2);
  });

  test('walks on from whom the request names', async () => {
    await decide(s.call, company('e2', [link('owns', 'e3', 'e2', { share_ratio: 0.9, pd: 1 })]));
    const { body } = await decide(s.call, company('e1', [link('owns', 'e2', 'e1', { share_ratio: 0.8 })], stored));
    assert.deepEqual(body.families.graph.control_chain, [ext('e3'), ext('e2'), ext('e1')]);
    assert.equal(body.families.graph.connected_insolvency.state, 'insolvent');
  });

  test('gives way to what the request says of the same tie', async () => {
    await decide(s.call, company('f1', [link('supplies', 'f1', 'f2', { exposure: euros('200000.00'), pd: 0.5 })]));
    const { body } = await decide(s.call, company('f1',
      [link('supplies', 'f1', 'f2', { exposure: euros('100.00'), pd: 0.01 })], stored));
    assert.equal(body.families.graph.neighbourhood.edges, 1);
    assert.equal(body.families.graph.neighbourhood.stored_edges, 0);
    assert.ok(body.families.graph.debt_rank < 0.001);
  });

  test('forgets a holding that has ended', async () => {
    await decide(s.call, company('g1', [link('owns', 'g2', 'g1', { share_ratio: 0.9, pd: 1 })]));
    await decide(s.call, company('g1', [link('owns', 'g2', 'g1', { share_ratio: 0 })]));
    const { body } = await decide(s.call, company('g1', undefined, stored));
    assert.equal(body.families.graph.neighbourhood, undefined);
  });

  test('knows the company by each of its identifiers', async () => {
    await decide(s.call, company('h0', [{ type: 'owns', from: ext('h2'), to: { scheme: 'siret', value: '73282932000074' }, share_ratio: 0.9 }]));
    const request = company('h1', undefined, stored);
    request.company.identifiers.push({ scheme: 'vat', value: 'FR44732829320' });
    const { body } = await decide(s.call, request);
    assert.deepEqual(body.families.graph.control_chain, [ext('h2'), ext('h1')]);
  });

  test('keeps nothing of what is not to be filed, of a dry run and of a simulation', async () => {
    const links = [link('owns', 'i2', 'i1', { share_ratio: 0.9 })];
    await decide(s.call, company('i1', links, { file: false }));
    assert.equal((await s.call('POST', '/v1/decisions?dry_run=true', company('i1', links))).status, 200);
    assert.equal((await s.call('POST', '/v1/decisions:simulate', { request: company('i1', links) })).status, 200);
    const { body } = await decide(s.call, company('i1', undefined, stored));
    assert.equal(body.families.graph.neighbourhood, undefined);
    assert.equal(body.data_quality.blocks.graph, 'missing');
  });

  test('is read by dry runs and simulations', async () => {
    await decide(s.call, company('j1', [link('owns', 'j2', 'j1', { share_ratio: 0.9 })]));
    const dry = (await s.call('POST', '/v1/decisions?dry_run=true', company('j1', undefined, stored))).json();
    assert.equal(dry.body.families.graph.neighbourhood.stored_edges, 1);
    const what = (await s.call('POST', '/v1/decisions:simulate', { request: company('j1', undefined, stored) })).json();
    assert.equal(what.body.families.graph.neighbourhood.stored_edges, 1);
    const plain = await decide(s.call, company('j1'));
    const asked = (await s.call('POST', '/v1/decisions:simulate', { from: plain.id, changes: stored })).json();
    assert.equal(asked.body.families.graph.neighbourhood.stored_edges, 1);
  });

  test('is frozen: a replay and a simulation of it see what it saw', async () => {
    await decide(s.call, company('k1', [link('owns', 'k2', 'k1', { share_ratio: 0.9 })]));
    const d = await decide(s.call, company('k1', undefined, stored));
    await decide(s.call, company('k1', [link('owns', 'k3', 'k2', { share_ratio: 0.9, pd: 1 })]));
    const report = (await s.call('POST', `/v1/decisions/${d.id}/replay`)).json();
    assert.equal(report.matches, true, JSON.stringify(report.divergence));
    const again = (await s.call('POST', '/v1/decisions:simulate', { from: d.id, changes: {} })).json();
    assert.deepEqual(again.body.families.graph, d.body.families.graph);
    const now = (await s.call('POST', '/v1/decisions:simulate', { from: d.id, changes: { stored_links: null } })).json();
    assert.equal(now.body.families.graph.connected_insolvency.state, 'insolvent');
  });

  test('sees nothing that was learned after as_of', async () => {
    await decide(s.call, company('l1', [link('owns', 'l2', 'l1', { share_ratio: 0.9 })], { as_of: '2026-06-30' }));
    const before = await decide(s.call, company('l1', undefined, { ...stored, as_of: '2026-06-29' }));
    assert.equal(before.body.families.graph.neighbourhood, undefined);
    const on = await decide(s.call, company('l1', undefined, { ...stored, as_of: '2026-06-30' }));
    assert.equal(on.body.families.graph.neighbourhood.edges, 1);
  });

  test('lets links go after 36 months, and PDs after 12', async () => {
    const then = (as_of) => ({ as_of, financial_statements: [] });
    await decide(s.call, company('m1', [link('supplies', 'm1', 'm2', { exposure: euros(50000) })], then('2023-03-15')));
    await decide(s.call, company('m2', undefined, then('2025-03-15')));
    const rank = async (as_of) => (await decide(s.call, company('m1', undefined, { ...stored, as_of }))).body.families.graph?.debt_rank;
    assert.ok(await rank('2026-03-15') > 0);
    assert.equal(await rank('2026-03-16'), undefined); // the link is gone
    await decide(s.call, company('m1', [link('supplies', 'm1', 'm2', { exposure: euros(50000) })], { as_of: '2026-01-10' }));
    assert.ok(await rank('2026-03-15') > 0);
    assert.equal(await rank('2026-03-16'), 0); // the link is new, the PD is not
  });

  test('is each tenant\'s and each environment\'s own', async () => {
    await decide(s.call, company('n1', [link('owns', 'n2', 'n1', { share_ratio: 0.9 })]));
    await decide(s.call, company('n2', undefined, {}, distressed()));
    for (const call of [other, s.live]) {
      const { body } = await decide(call, company('n1', undefined, stored), { 'idempotency-key': 'n1' });
      assert.equal(body.families.graph.neighbourhood, undefined);
      const linked = await decide(call, company('n1', [link('owns', 'n2', 'n1', { share_ratio: 0.9 })], stored), { 'idempotency-key': 'n2' });
      assert.equal(linked.body.families.graph.connected_insolvency.found, false);
    }
  });

  test('does not make a retry another request', async () => {
    const request = company('o1', undefined, stored), headers = { 'idempotency-key': 'o-1' };
    const first = await decide(s.call, request, headers);
    await decide(s.call, company('o1', [link('owns', 'o2', 'o1', { share_ratio: 0.9 })]));
    const answer = await s.call('POST', '/v1/decisions', request, headers);
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.headers['idempotent-replayed'], 'true');
    assert.equal(answer.json().id, first.id);
    const changed = await s.call('POST', '/v1/decisions', { ...request, client_reference: 'x' }, headers);
    assert.equal(changed.status, 422);
  });

  test('is cut where it is too large, the strongest kept, and says so', async () => {
    const links = [];
    for (let i = 0; i < 60; i++) links.push(link('supplies', 'p1', `p-${i}`, { exposure: euros(1000 + i), pd: 0.1 }));
    links.push(link('supplies', 'p1', 'p-main', { exposure: euros(900000), pd: 0.3 }));
    await decide(s.call, company('p1', links));
    const { body } = await decide(s.call, company('p1', undefined, stored));
    assert.deepEqual(body.families.graph.neighbourhood, {
      cut: { edges: 11, more: false, parties: 11 }, depth: 2, edges: 50, parties: 50, stored_edges: 50,
    });
    assert.deepEqual(body.families.graph.cascade.fails_with, [ext('p-main')]);
    assert.ok(body.data_quality.warnings.some((w) => w.code === 'network_cut' && w.pointer === '/links_from'));
  });

  test('knows of a party with 50 links all of them', async () => {
    const links = [];
    for (let i = 0; i < 50; i++) links.push(link('director_of', 'q-person', `q-${i}`));
    await decide(s.call, company('q-0', links));
    const { body } = await decide(s.call, company('q-7', undefined, stored));
    assert.deepEqual(body.families.graph.neighbourhood.cut, { edges: 0, more: false, parties: 0 });
    assert.equal(body.families.graph.common_directors.companies, 49);
    assert.ok(!body.data_quality.warnings.some((w) => w.code === 'network_cut'));
  });

  test('is shown to the operator', async () => {
    await decide(s.call, company('t1', [link('owns', 't2', 't1', { share_ratio: 0.9, pd: 0.2 }), link('supplies', 't1', 't3', { exposure: euros('12.50') })]));
    const shown = run('graph', 'show', 'ext:t1', '--db', s.db, '--tenant', 'acme');
    assert.match(shown, /^2 links\next:t2 {2}owns {2}ext:t1 {2}share_ratio 0\.9 {2}pd 0\.2 {2}learned_on \d{4}-\d\d-\d\d\n/);
    assert.match(shown, /ext:t1 {2}supplies {2}ext:t3 {2}exposure 12\.50 EUR /);
    assert.match(shown, /2 parties\n/);
    assert.match(run('graph', 'show', 'ext:t1', '--db', s.db, '--tenant', 'globex'), /^0 links/);
    assert.match(run('graph', 'show', 'ext:t1', '--db', s.db, '--tenant', 'acme', '--as-of', '2025-01-01'), /^0 links/);
  });

  test('sums several links of one tie, as the request does', async () => {
    const part = link('supplies', 'r1', 'r2', { exposure: euros(40000), pd: 0.3 });
    const sent = await decide(s.call, company('r1', [part, part]));
    const { body } = await decide(s.call, company('r1', undefined, stored));
    assert.equal(body.families.graph.debt_rank, sent.body.families.graph.debt_rank);
    assert.equal(body.families.graph.neighbourhood.edges, 1);
  });
});

describe('requests for the stored graph', () => {
  const refused = async (more, code, pointer, expected) => {
    const answer = await s.call('POST', '/v1/decisions', company('z1', undefined, more));
    assert.equal(answer.status, 422, answer.text);
    const fault = answer.json().errors.find((e) => e.pointer === pointer);
    assert.equal(fault?.code, code, answer.text);
    if (expected) assert.equal(fault.expected, expected);
  };
  test('are refused where they are wrong', async () => {
    await refused({ links_from: 'store' }, 'not_one_of', '/links_from', 'request or stored');
    await refused({ links_from: 1 }, 'wrong_type', '/links_from');
    await refused({ links_from: ['stored'] }, 'wrong_type', '/links_from');
    const network = { cut: { edges: 0, more: false, parties: 0 }, links: [], parties: [] };
    await refused({ stored_links: network }, 'unknown_member', '/stored_links');
    await refused({ ...stored, stored_links: network }, 'unknown_member', '/stored_links');
    await refused({ ...stored, policy: 'none-such' }, 'unknown_policy', '/policy');
    await refused({ ...stored, as_of: '1989-12-31' }, 'out_of_range', '/as_of');
  });

  test('may say nothing', async () => {
    const { body } = await decide(s.call, company('z2', undefined, { links_from: null, stored_links: null }));
    assert.equal(body.families.graph.neighbourhood, undefined);
    const named = sound();
    named.company.identifiers = [];
    assert.equal((await decide(s.call, { ...named, ...stored })).body.families.graph.neighbourhood, undefined);
  });

  test('have no answer offline', () => {
    assert.throws(() => execFileSync(aval, ['score', '-'], { input: JSON.stringify(company('z3', undefined, stored)), stdio: 'pipe' }),
      (error) => error.status === 65 && /links_from/.test(error.stderr.toString()));
  });
});
