// pages.test.mjs - the pages as bytes: what they may load, how long they may be kept, and that nothing else is served.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { root, start } from './harness.mjs';

let s;
before(async () => { s = await start(); });
after(async () => { await s.stop(); });

const get = (target, headers = {}) => fetch(s.url + target, { headers: { 'accept-encoding': 'identity', ...headers }, redirect: 'error' });

// The bytes as they come: fetch would undo the coding, and mend the target.
function raw(target, headers = {}) {
  const { port } = new URL(s.url);
  return new Promise((resolve, reject) => {
    const chunks = [];
    const socket = net.connect(Number(port), '127.0.0.1', () => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
      socket.end(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n${lines}\r\n`);
    });
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      const all = Buffer.concat(chunks);
      const end = all.indexOf('\r\n\r\n');
      const [first, ...rest] = all.subarray(0, end).toString('latin1').split('\r\n');
      resolve({
        status: Number(first.split(' ')[1]), body: all.subarray(end + 4),
        headers: Object.fromEntries(rest.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])),
      });
    });
  });
}

const partsOf = (html) => [...new Set([...html.matchAll(/(?:href|src)="(\/docs\/[^"]+)"/g)].map(([, part]) => part))];

describe('/docs', () => {
  test('is one page under both names', async () => {
    const [one, other] = await Promise.all([get('/docs'), get('/docs/')]);
    assert.equal(one.status, 200);
    assert.match(one.headers.get('content-type'), /^text\/html/);
    assert.equal(await one.text(), await other.text());
  });

  test('is made of parts that may be kept for ever, under names of their content', async () => {
    const parts = partsOf(await (await get('/docs')).text());
    assert.ok(parts.some((part) => /swagger-ui-bundle\.[0-9a-f]{12}\.js$/.test(part)), parts.join());
    for (const part of parts) {
      const answer = await get(part);
      assert.equal(answer.status, 200, part);
      assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable');
      const bytes = Buffer.from(await answer.arrayBuffer());
      assert.equal(createHash('sha256').update(bytes).digest('hex').slice(0, 12), part.match(/\.([0-9a-f]{12})\./)[1], part);
    }
  });

  for (const [accepted, packed] of [['gzip', true], ['gzip, deflate, br', true], ['GZIP;q=0.5', true], ['*', true], ['br, *;q=0.1', true],
    ['', false], ['identity', false], ['gzip;q=0', false], ['gzip;q=0.000', false], ['*, gzip;q=0', false], ['br', false], ['xgzip', false]]) {
    test(`sends ${packed ? 'gzip' : 'plain bytes'} to who accepts "${accepted}"`, async () => {
      const plain = await raw('/openapi.json');
      const answer = await raw('/openapi.json', { 'Accept-Encoding': accepted });
      assert.equal(answer.headers['content-encoding'], packed ? 'gzip' : undefined);
      assert.equal(answer.headers.vary, 'Accept-Encoding');
      assert.deepEqual(packed ? gunzipSync(answer.body) : answer.body, plain.body);
      assert.equal(Number(answer.headers['content-length']), answer.body.length);
      assert.notEqual(plain.headers.etag, packed ? answer.headers.etag : undefined);
      assert.match(answer.headers.etag, /^"[0-9a-f]{32}(-gzip)?"$/);
    });
  }

  for (const target of ['/docs', '/openapi.json']) {
    test(`answers 304 for a copy of ${target} that is good, and for no other`, async () => {
      const first = await raw(target, { 'Accept-Encoding': 'gzip' });
      const { etag } = first.headers;
      assert.equal(first.headers['cache-control'], 'no-cache');
      for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
        const again = await raw(target, { 'Accept-Encoding': 'gzip', 'If-None-Match': known });
        assert.equal(again.status, 304, known);
        assert.equal(again.body.length, 0);
        assert.equal(again.headers.etag, etag);
      }
      for (const other of ['"x"', etag.replaceAll('"', ''), '', '""', `${etag}x`, etag.replace('-gzip', '')]) {
        assert.equal((await raw(target, { 'Accept-Encoding': 'gzip', 'If-None-Match': other })).status, 200, other);
      }
    });
  }

  test('has no path out of what is embedded', async () => {
    for (const target of ['/docs/../', '/docs/..', '/docs/../etc/passwd', '/docs/%2e%2e', '/docs/%2e%2e/', '/docs/%2e%2e%2fetc%2fpasswd', '/docs/..%2f..%2fetc%2fpasswd',
      '/docs/%252e%252e%252f', '/docs/..;/', '/docs/.%00./', '/docs/%00', '/docs/page.css%00', '/docs//', '/docs/./', '/docs/.', '/docs/..%5c..%5cetc', '/docs/..\\..\\etc',
      '/docs/web/page.css', '/docs/page.css', '/docs/docs.html', '/docs/openapi.json', '/docs/swagger-ui-bundle.js.map', '/docs/%c0%ae%c0%ae/', '//docs', '/docs/%ff',
      '/problems/..', '/problems/%2e%2e', '/problems/not-found/', '/problems/../docs', '/problems/%00', '/problems/NOT-FOUND']) {
      const answer = await raw(target);
      assert.ok([400, 404].includes(answer.status), `${target}: ${answer.status}`);
      assert.equal(answer.headers['content-type'], 'application/problem+json', target);
    }
  });
});

describe('every page', () => {
  test('may load what is of this server, and nothing inline', async () => {
    const page = await (await get('/docs')).text();
    for (const target of ['/docs', '/docs/', ...partsOf(page), '/problems/', '/problems/internal', '/openapi.json']) {
      const { headers } = await get(target);
      const policy = headers.get('content-security-policy');
      for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'", "frame-ancestors 'none'",
        "base-uri 'none'", "form-action 'none'"]) assert.ok(policy.split('; ').includes(rule), `${target}: ${rule}`);
      assert.doesNotMatch(policy, /unsafe|\*|https?:/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('referrer-policy'), 'no-referrer');
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
    }
    assert.doesNotMatch(page, /<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|https?:\/\//);
  });

  test('is written to the rules of HTML', async () => {
    for (const target of ['/docs', '/problems/', '/problems/validation-failed', '/problems/internal']) {
      wellFormed(target, await (await get(target)).text());
    }
  });
});

// What a browser would mend in silence: elements that are not closed, closed twice or in the wrong order, ids and attributes that
// stand twice, a bare & or <, a missing title or language.
function wellFormed(name, html) {
  const open = [], ids = new Set(), empty = new Set(['meta', 'link', 'br', 'img', 'hr', 'input']);
  assert.match(html, /^<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">/, name);
  assert.equal(html.match(/<title>[^<]+<\/title>/g)?.length, 1, name);
  assert.equal(html.match(/<h1/g)?.length, 1, name);
  assert.equal(html.match(/<main/g)?.length, 1, name);
  const rest = html.replace(/^<!doctype html>/, '').replace(/<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)>/g, (_, close, tag, attributes) => {
    const names = [...attributes.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)];
    for (const [, attribute, value] of names) if (attribute === 'id') { assert.ok(!ids.has(value), `${name}: id ${value} twice`); ids.add(value); }
    if (close) assert.equal(open.pop(), tag, `${name}: </${tag}>`);
    else if (!empty.has(tag)) open.push(tag);
    return '';
  });
  assert.deepEqual(open, [], name);
  assert.doesNotMatch(rest, /[<>]/, name);
  assert.doesNotMatch(rest, /&(?!amp;|lt;|gt;|quot;)/, name);
  for (const [, label] of html.matchAll(/(?:aria-labelledby|href)="#?([\w-]+)"/g)) if (html.includes(`"#${label}"`)) assert.ok(ids.has(label), `${name}: #${label}`);
}

describe('/problems/', () => {
  const table = readFileSync(path.join(root, 'src/api/problems.def'), 'utf8');
  const slugs = [...table.matchAll(/^PROBLEM\(\w+, (\d+), "([^"]+)"/gm)].map(([, status, slug]) => ({ status: Number(status), slug }));

  test('lists all there are, for people and for programs', async () => {
    const list = (await (await get('/problems/', { accept: 'application/json' })).json()).problems;
    assert.deepEqual(list.map(({ type, status }) => ({ status, slug: type.replace('/problems/', '') })), slugs);
    const html = await (await get('/problems')).text();
    for (const { slug } of slugs) assert.ok(html.includes(`<a href="/problems/${slug}">`), slug);
  });

  test('has a page for each, that says what it means, what to do, whether to retry, and shows one', async () => {
    assert.ok(slugs.length > 25);
    for (const { slug, status } of slugs) {
      const html = await (await get(`/problems/${slug}`, { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' })).text();
      wellFormed(slug, html);
      const told = await (await get(`/problems/${slug}`, { accept: 'application/json' })).json();
      assert.equal(told.status, status);
      assert.equal(told.example.type, `/problems/${slug}`);
      assert.equal(told.example.status, status);
      assert.ok(['later', 'after_change'].includes(told.retry));
      const text = html.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
      for (const sentence of [told.title, told.meaning, told.remedy, told.example.detail.replaceAll('"', '\\"')]) assert.ok(text.includes(sentence), `${slug}: ${sentence}`);
      assert.deepEqual(JSON.parse(text.match(/<pre[^>]*><code>([^]*?)<\/code><\/pre>/)[1]), told.example, slug);
    }
  });

  test('tells each word that errors may hold', async () => {
    const told = await (await get('/problems/validation-failed', { accept: 'application/problem+json' })).json();
    const words = new Set(told.error_codes.map(({ code }) => code));
    const sources = ['field.c', 'decision_request.c', 'request_blocks.c', 'request_company.c', 'request_statements.c'].map((name) => `src/wire/${name}`);
    const noted = new Set(['required', 'unknown_member']);
    for (const source of sources) {
      for (const [, code] of readFileSync(path.join(root, source), 'utf8').matchAll(/violation_at\([^"]*"([a-z_]+)"/g)) if (/_|empty|negative|required|contradicts|duplicate/.test(code)) noted.add(code);
    }
    assert.ok(noted.size > 20);
    for (const code of noted) assert.ok(words.has(code), `${code} is not told`);
    assert.deepEqual(told.example.errors.map((error) => Object.keys(error)), [0, 1].map(() => ['pointer', 'code', 'detail', 'expected', 'received']));
  });

  test('shows errors as they really come', async () => {
    const told = await (await get('/problems/validation-failed', { accept: 'application/json' })).json();
    const answer = await s.call('POST', '/v1/decisions', { company: { name: 'Someone', country: 'FRA' }, request: { terms_days: 9999 } });
    assert.deepEqual(answer.json().errors, told.example.errors);
    assert.equal(answer.json().detail, told.example.detail);
  });

  for (const [accept, json] of [[undefined, false], ['*/*', false], ['text/html', false], ['text/*', false], ['application/json', true], ['application/problem+json', true],
    ['text/html;q=0.5, application/json', true], ['application/json;q=0.5, text/html', false], ['application/*', true], ['image/png', false], ['', false],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', false], ['application/json;q=bad', false], ['text/html;q=0, */*', true]]) {
    test(`answers in ${json ? 'JSON' : 'HTML'} to Accept: ${accept}`, async () => {
      const answer = await raw('/problems/not-found', accept === undefined ? {} : { Accept: accept });
      assert.equal(answer.status, 200);
      assert.match(answer.headers['content-type'], json ? /^application\/json$/ : /^text\/html/);
      assert.equal(answer.headers.vary, 'Accept');
    });
  }

  test('every refusal leads to a page', async () => {
    for (const answer of [await get('/nowhere'), await get('/v1/decisions'), await get('/v1/decisions?x=1', { authorization: `Bearer ${s.testKey}` })]) {
      assert.equal((await get((await answer.json()).type)).status, 200);
    }
  });
});
