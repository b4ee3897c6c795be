// commands.test.mjs - what a command is told is heeded or refused, never passed over.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { aval, folder, run, runJson } from './harness.mjs';

const attempt = (...args) => spawnSync(aval, args, { encoding: 'utf8', timeout: 20000 });

let f, db;
before(() => {
  f = folder();
  db = path.join(f.dir, 'aval.db');
  runJson('tenant', 'create', 'acme', '--db', db);
});
after(() => f.remove());

describe('verify --db', () => {
  test('takes a checkpoint that the log contains, and misses one that it does not', () => {
    const kept = runJson('verify', '--db', db).last_checkpoint;
    assert.equal(runJson('verify', '--db', db, '--checkpoint', kept).valid, true);
    const cut = attempt('verify', '--db', db, '--checkpoint', '0'.repeat(64), '--json');
    assert.equal(cut.status, 1);
    assert.match(JSON.parse(cut.stdout).first_bad.fault, /cut or rewritten/);
  });
  test('trusts no other key than the one it is given', () => {
    const file = path.join(f.dir, 'log');
    run('audit', 'export', '--db', db, '--out', file);
    const other = attempt('verify', '--db', db, '--public-key', '0'.repeat(64), '--json');
    assert.equal(other.status, 1);
    assert.match(JSON.parse(other.stdout).first_bad.fault, /another key/);
  });
  for (const pin of ['--checkpoint', '--public-key']) {
    test(`refuses ${pin} that is no hash`, () => {
      const result = attempt('verify', '--db', db, pin, 'abc');
      assert.equal(result.status, 65);
      assert.match(result.stderr, /hexadecimal/);
    });
  }
});

describe('key create', () => {
  for (const [expires, code] of [['2020-01-01', 65], ['2020-01-01T00:00:00Z', 65], [new Date().toISOString().slice(0, 10), 65], ['1969-12-31', 65],
    [new Date(Date.now() + 2 * 86400000).toISOString().slice(0, 10), 0]]) {
    test(`${code === 0 ? 'takes' : 'refuses'} the expiry ${expires}`, () => {
      const result = attempt('key', 'create', '--tenant', 'acme', '--mode', 'test', '--expires', expires, '--db', db);
      assert.equal(result.status, code, result.stderr);
      if (code !== 0) assert.match(result.stderr, /has passed/);
    });
  }
  for (const scopes of ['', ' ', ',', ' , ']) {
    test(`gives no key without scopes: "${scopes}"`, () => {
      const result = attempt('key', 'create', '--tenant', 'acme', '--mode', 'test', '--scopes', scopes, '--db', db);
      assert.equal(result.status, 65);
      assert.equal(result.stdout, '');
      assert.match(result.stderr, /one scope at least/);
    });
  }
});

describe('serve', () => {
  for (const port of ['65536', '99999', '-1', '4294967296', '80x', '+80', ' 80', 'http']) {
    test(`refuses the port "${port}"`, () => {
      const result = attempt('serve', '--db', db, '--listen', `127.0.0.1:${port}`, '--no-tls');
      assert.ok([65, 78].includes(result.status), `${result.status} ${result.stdout}`);
      assert.match(result.stderr, /port/);
    });
  }
});

describe('graph show', () => {
  test('has nothing of a company that no link names', () => {
    const network = JSON.parse(run('graph', 'show', 'siren:732829320', '--db', db, '--tenant', 'acme', '--json'));
    assert.deepEqual(network, { cut: { edges: 0, more: false, parties: 0 }, links: [], parties: [] });
    assert.equal(run('graph', 'show', 'ext:a', '--db', db, '--tenant', 'acme', '--mode', 'live'),
      '0 links\n0 parties\nleft out: 0 links, 0 parties\n');
  });
  for (const [what, status, message, ...args] of [
    ['a company that is none', 65, /scheme:value/, 'show', '732829320', '--tenant', 'acme'],
    ['a wrong key', 65, /9 digits/, 'show', 'siren:732829321', '--tenant', 'acme'],
    ['a day that is none', 65, /a date/, 'show', 'ext:a', '--tenant', 'acme', '--as-of', 'today'],
    ['an unknown tenant', 66, /tenant/, 'show', 'ext:a', '--tenant', 'nobody'],
    ['no tenant', 64, /usage/, 'show', 'ext:a'],
    ['a mode that is none', 64, /usage/, 'show', 'ext:a', '--tenant', 'acme', '--mode', 'both'],
    ['another verb', 64, /usage/, 'draw', 'ext:a', '--tenant', 'acme'],
  ]) {
    test(`refuses ${what}`, () => {
      const result = attempt('graph', ...args, '--db', db);
      assert.equal(result.status, status, result.stderr);
      assert.match(result.stderr, message);
    });
  }
});

describe('--help', () => {
  for (const command of ['serve', 'score', 'verify', 'tenant', 'key', 'graph', 'replay', 'explain', 'train', 'validate', 'model', 'policy', 'audit', 'demo', 'doctor']) {
    test(`says how ${command} is used, and ends well`, () => {
      const result = attempt(command, '--help');
      assert.equal(result.status, 0);
      assert.match(result.stdout, new RegExp(`^usage: aval ${command} `));
      assert.equal(result.stderr, '');
    });
  }
});
