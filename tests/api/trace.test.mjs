// trace.test.mjs - traceparent over the wire: whose trace goes on, whose is begun anew, and that both answer and log say so.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { caller, run, runJson, send, sound, start } from './harness.mjs';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const good = `00-${TRACE}-${SPAN}-01`;
const FORM = /^00-([0-9a-f]{32})-([0-9a-f]{16})-(0[0-3])$/;

let s;
before(async () => { s = await start(); });
after(async () => { assert.equal((await s.stop()).code, 0); });

// The parts of an answer's traceparent.
function parts(answer) {
  const match = FORM.exec(answer.headers.traceparent);
  assert.ok(match, `traceparent: ${answer.headers.traceparent}`);
  assert.notEqual(match[1], '0'.repeat(32));
  assert.notEqual(match[2], '0'.repeat(16));
  return { trace: match[1], span: match[2], flags: match[3] };
}
const goesOn = (answer, flags = '01') => {
  const { trace, span, flags: got } = parts(answer);
  assert.equal(trace, TRACE);
  assert.notEqual(span, SPAN, 'a span of ours');
  assert.equal(got, flags);
};
const isNew = (answer) => {
  const { trace, flags } = parts(answer);
  assert.notEqual(trace, TRACE);
  assert.equal(flags, '02', 'random, and not sampled');
};

test('every answer carries one, and no two are the same', async () => {
  const answers = await Promise.all([
    s.call('POST', '/v1/decisions', sound()), s.call('GET', '/v1/decisions'), s.call('POST', '/v1/decisions', {}),
    s.call('POST', '/v1/decisions', '{'), s.call('GET', '/v1/decisions?x=1'), s.call('GET', '/nowhere'),
    s.call('DELETE', '/livez'), s.call('GET', '/livez'), s.call('GET', '/readyz'), s.call('GET', '/metrics'),
    s.call('GET', '/openapi.json'), s.call('HEAD', '/livez'), s.call('GET', '/problems/not-found'), send(`${s.url}/v1/decisions`),
    s.call('GET', '/livez', 'a body'), s.call('GET', `/${'a'.repeat(5000)}`), s.call('GET', '/livez', undefined, { expect: '200-ok' }),
    s.call('GET', '/livez', undefined, { 'x-large': 'a'.repeat(15000) }),
  ]);
  const seen = answers.map(parts);
  assert.equal(new Set(seen.map((p) => p.trace)).size, answers.length);
  assert.equal(new Set(seen.map((p) => p.span)).size, answers.length);
  assert.ok(new Set(answers.map((a) => a.status)).size >= 9);
});

test('a malformed request, too', async () => {
  const { port, hostname } = new URL(s.url);
  const text = await new Promise((resolve) => {
    let got = '';
    const socket = net.connect(port, hostname, () => socket.write(`GET / HTTP/1.1\r\ntraceparent: ${good}\r\n\r\n`));
    socket.on('data', (more) => { got += more; }).on('close', () => resolve(got));
  });
  assert.match(text, /^HTTP\/1.1 400 /);
  isNew({ headers: { traceparent: /\r\ntraceparent: (.*)\r\n/i.exec(text)[1] } });
});

test('with a good key the trace goes on, under a span of ours', async () => {
  goesOn(await s.call('POST', '/v1/decisions', sound(), { traceparent: good }));
  goesOn(await s.live('GET', '/v1/decisions', undefined, { traceparent: good }));
  goesOn(await s.call('GET', '/v1/decisions', undefined, { TraceParent: good }));
  goesOn(await s.call('POST', '/v1/decisions', {}, { traceparent: good }), '01');
  goesOn(await s.call('GET', '/v1/decisions/dec_none', undefined, { traceparent: good }));
});

test('so it does for a key that may not do this, and for a retry', async () => {
  const reader = runJson('key', 'create', '--tenant', 'acme', '--mode', 'test', '--scopes', 'decisions:read', '--db', s.db).key;
  const refused = await caller(s.url, reader)('POST', '/v1/decisions', sound(), { traceparent: good });
  assert.equal(refused.status, 403);
  goesOn(refused);
  for (let i = 0; i < 2; i++) goesOn(await s.live('POST', '/v1/decisions', sound(), { traceparent: good, 'idempotency-key': 'trace-1' }));
});

for (const [sent, flags] of [['00', '00'], ['01', '01'], ['02', '02'], ['03', '03'], ['04', '00'], ['ff', '03'], ['81', '01']]) {
  test(`flags ${sent} come back as ${flags}`, async () => {
    goesOn(await s.call('GET', '/v1/decisions', undefined, { traceparent: `00-${TRACE}-${SPAN}-${sent}` }), flags);
  });
}

for (const later of [`01-${TRACE}-${SPAN}-01`, `cc-${TRACE}-${SPAN}-01-what-comes`]) {
  test(`a later version is read as far as it is known: ${later}`, async () => {
    goesOn(await s.call('GET', '/v1/decisions', undefined, { traceparent: later }));
  });
}

const bad = ['', '0', good.toUpperCase(), `ff-${TRACE}-${SPAN}-01`, `00-${'0'.repeat(32)}-${SPAN}-01`, `00-${TRACE}-${'0'.repeat(16)}-01`,
  `${good}-more`, `${good}-`, `${good}0`, good.slice(0, -1), good.slice(1), `00-${TRACE}-${SPAN}`, `01-${TRACE}-${SPAN}-01.`, `${good},${good}`,
  `00-${TRACE.slice(1)}g-${SPAN}-01`, `00_${TRACE}_${SPAN}_01`, `00-${TRACE}-${SPAN}-0A`, 'a'.repeat(4000)];
for (const value of bad) {
  test(`a trace is begun anew, and nothing refused: ${value.slice(0, 80) || 'empty'}`, async () => {
    const answer = await s.call('GET', '/v1/decisions', undefined, { traceparent: value });
    assert.equal(answer.status, 200);
    isNew(answer);
  });
}

test('two of them are none', async () => {
  isNew(await s.call('GET', '/v1/decisions', undefined, { traceparent: [good, good] }));
});

test('nobody without a good key chooses what stands in our log', async () => {
  const key = runJson('key', 'create', '--tenant', 'acme', '--mode', 'test', '--db', s.db);
  run('key', 'revoke', key.id, '--db', s.db);
  const basic = `Basic ${Buffer.from(`${s.testKey}x:`).toString('base64')}`;
  const wrong = [[], [`Bearer sk_test_${'a'.repeat(43)}`], [`Bearer ${key.key}`], ['Bearer'], [basic], [`Bearer ${s.testKey}x`]];
  for (const [authorization] of wrong) {
    const answer = await send(`${s.url}/v1/decisions`, { headers: { traceparent: good, ...(authorization ? { authorization } : {}) } });
    assert.equal(answer.status, 401);
    isNew(answer);
  }
  for (const open of ['/livez', '/metrics', '/openapi.json', '/nowhere']) isNew(await s.call('GET', open, undefined, { traceparent: good }));
  assert.ok(!s.log().split('\n').some((line) => line.includes(TRACE) && line.includes('"key":""')));
});

test('tracestate changes nothing and is not answered', async () => {
  const members = (n) => Array.from({ length: n }, (_, i) => `k${i}=v`).join(',');
  for (const tracestate of ['', 'a=1', members(32), members(33), members(500), '=', 'a=1,a=1', '\u00e9', ['a=1', 'b=2']]) {
    const answer = await s.call('GET', '/v1/decisions', undefined, { traceparent: good, tracestate });
    assert.equal(answer.status, 200);
    goesOn(answer);
    assert.equal(answer.headers.tracestate, undefined);
    isNew(await s.call('GET', '/v1/decisions', undefined, { tracestate }));
  }
});

test('the line of a request has both ids, a problem document neither', async () => {
  const answer = await s.call('POST', '/v1/decisions', { company: 1 }, { traceparent: good });
  const { trace, span } = parts(answer);
  assert.ok(!answer.text.includes(trace) && !answer.text.includes(span));
  let line;
  for (let i = 0; line === undefined && i < 1000; i++) {
    await send(`${s.url}/livez`);
    line = s.log().split('\n').find((l) => l.includes(answer.headers['request-id']));
  }
  const { trace_id: traceId, span_id: spanId } = JSON.parse(line);
  assert.deepEqual([traceId, spanId], [trace, span]);
});
