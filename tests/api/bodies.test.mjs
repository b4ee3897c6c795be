// bodies.test.mjs - bodies that are coded, not wanted, or hold null where nothing is meant.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { send, sound, start } from './harness.mjs';

let s;
before(async () => { s = await start(); });
after(() => s.stop());

describe('a body', () => {
  test('with a content coding is refused by name, and read when the coding is identity', async () => {
    const post = (body, coding) => send(`${s.url}/v1/decisions?dry_run=true`, {
      method: 'POST', body,
      headers: { authorization: `Bearer ${s.testKey}`, 'content-type': 'application/json', 'content-encoding': coding },
    });
    const plain = JSON.stringify(sound());
    for (const [body, coding] of [[gzipSync(plain), 'gzip'], [plain, 'gzip'], [plain, '']]) {
      const answer = await post(body, coding);
      assert.equal(answer.status, 415, coding);
      assert.match(answer.json().detail, /Content-Encoding/);
    }
    assert.equal((await post(plain, 'identity')).status, 200);
  });

  test('where none is taken is refused in those words', async () => {
    const { id } = (await s.call('POST', '/v1/decisions', sound())).json();
    for (const [method, target] of [['POST', `/v1/decisions/${id}/replay`], ['GET', '/v1/decisions']]) {
      const answer = await s.call(method, target, {});
      assert.equal(answer.status, 413);
      assert.equal(answer.json().detail, 'This path takes no body.');
      assert.match(answer.headers['server-timing'], /compute/);
    }
  });
});

describe('null in a simulation counts as absent', () => {
  test('from, changes and request', async () => {
    const { id } = (await s.call('POST', '/v1/decisions', sound())).json();
    for (const body of [{ from: null, request: sound() }, { from: id, changes: null }, { from: id, request: null }, { from: null, changes: null, request: sound() }]) {
      const answer = await s.call('POST', '/v1/decisions:simulate', body);
      assert.equal(answer.status, 200, answer.text);
    }
    assert.equal((await s.call('POST', '/v1/decisions:simulate', { from: null, request: null })).status, 422);
  });
});
