// tls.test.mjs - the door: what it agrees to, whom it lets in, how it takes a new certificate, and what one address may cost.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { after, before, test } from 'node:test';
import { aval, folder, runJson, serve } from './harness.mjs';
import { authority } from './pki.mjs';

const PATIENCE_MS = 20000;
const GET = 'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n';

let f, db, trusted, other, files, first, second;

before(() => {
  f = folder();
  db = path.join(f.dir, 'aval.db');
  runJson('tenant', 'create', 'acme', '--db', db);
  trusted = authority(f.dir, 'trusted');
  other = authority(f.dir, 'other');
  first = trusted.issue('first');
  second = trusted.issue('second');
  files = { cert: path.join(f.dir, 'cert.pem'), key: path.join(f.dir, 'key.pem') };
  install(first);
});
after(() => f.remove());

// Put a pair where the server looks: beside, then by rename, as whoever renews certificates should.
function install(pair) {
  for (const [from, to] of [[pair.cert, files.cert], [pair.key, files.key]]) {
    copyFileSync(from, `${to}.new`);
    chmodSync(`${to}.new`, 0o600);
    renameSync(`${to}.new`, to);
  }
}

const withTls = () => ['--tls-cert', files.cert, '--tls-key', files.key];

async function serving(extra, body) {
  const server = await serve(db, extra);
  try {
    return await body(server);
  } finally {
    await server.stop();
  }
}

const address = (url) => ({ host: '127.0.0.1', port: Number(new URL(url).port) });

// Open a TLS connection, ask once; resolves with what was seen, also when the other side refused.
function ask(url, { text = GET, keep = false, whole = false, ...options } = {}) {
  return new Promise((resolve) => {
    const seen = { text: '', secure: false };
    const socket = tls.connect({ ...address(url), ca: trusted.pem, servername: 'localhost', ...options });
    const end = (more) => { socket.removeAllListeners('timeout'); if (!keep) socket.destroy(); resolve({ ...seen, ...more, socket }); };
    socket.setTimeout(PATIENCE_MS, () => end({ error: 'timeout' }));
    socket.on('session', (session) => { seen.session = session; });
    socket.on('secureConnect', () => {
      Object.assign(seen, { secure: true, protocol: socket.getProtocol(), cipher: socket.getCipher().name,
        reused: socket.isSessionReused(), ticket: socket.getTLSTicket(), cert: socket.getPeerX509Certificate()?.subject });
      socket.write(text);
    });
    socket.on('data', (chunk) => {
      seen.text += chunk;
      const at = seen.text.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(seen.text)?.[1] ?? 0);
      if (at >= 0 && (!whole || seen.text.length >= at + 4 + length)) end({ status: Number(seen.text.slice(9, 12)) });
    });
    socket.on('error', (error) => end({ error: error.code ?? error.message }));
    socket.on('close', () => end({ error: seen.error ?? 'closed' }));
  });
}

// Poll until `probe` is truthy.
async function until(probe, what) {
  for (const began = Date.now(); Date.now() - began < PATIENCE_MS;) {
    const found = await probe();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`waited in vain for ${what}`);
}

const events = (server, name) => server.log().split('\n').filter((line) => line.includes(`"${name}"`)).map((line) => JSON.parse(line));

test('agrees to TLS 1.2 with ECDHE and an AEAD cipher, to 1.3, and to nothing else', async () => {
  const rsa = trusted.issue('rsa', { rsa: true });
  const rows = [
    [{ minVersion: 'TLSv1', maxVersion: 'TLSv1' }, false],
    [{ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }, false],
    [{ ciphers: 'AES128-GCM-SHA256' }, false],
    [{ ciphers: 'AES256-SHA' }, false],
    [{ ciphers: 'ECDHE-RSA-AES128-SHA' }, false],
    [{ ciphers: 'ECDHE-RSA-AES256-SHA384' }, false],
    [{ ciphers: 'DHE-RSA-AES128-GCM-SHA256' }, false],
    [{ ciphers: 'AES128-SHA256:AES256-SHA256' }, false],
    [{ ciphers: 'ECDHE-RSA-AES128-GCM-SHA256', ecdhCurve: 'secp224r1' }, false],
    [{ ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' }, true],
    [{ ciphers: 'ECDHE-RSA-CHACHA20-POLY1305' }, true],
    [{ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' }, true],
    [{ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3', ciphers: 'TLS_CHACHA20_POLY1305_SHA256:DEFAULT' }, true],
  ];
  await serving(['--tls-cert', rsa.cert, '--tls-key', rsa.key], async ({ url }) => {
    for (const [wish, agreed] of rows) {
      const options = { minVersion: 'TLSv1', maxVersion: 'TLSv1.2', servername: 'localhost', ...wish };
      options.ciphers = `${options.ciphers ?? 'DEFAULT'}:@SECLEVEL=0`;
      const seen = await ask(url, options);
      assert.equal(seen.secure, agreed, `${JSON.stringify(wish)}: ${seen.error}`);
      assert.equal(seen.status, agreed ? 200 : undefined);
    }
  });
});

test('neither renegotiates nor compresses, and takes any server name', async () => {
  await serving(withTls(), async ({ url }) => {
    const open = await ask(url, { maxVersion: 'TLSv1.2', keep: true });
    const refused = await new Promise((resolve) => {
      open.socket.on('error', resolve);
      open.socket.renegotiate({}, (error) => resolve(error));
    });
    assert.ok(refused instanceof Error);
    open.socket.destroy();
    for (const servername of ['nobody.example', 'x'.repeat(63), 'xn--ls8h.example', '']) {
      const seen = await ask(url, { servername, checkServerIdentity: () => undefined });
      assert.equal(seen.status, 200, `${servername}: ${seen.error}`);
    }
    const hello = await raw(url, clientHello({ compressions: [1, 0] }));
    assert.equal(hello[0], 22);
    const sessionLength = hello[43];
    assert.equal(hello[44 + sessionLength + 2], 0, 'the server chose a compression');
    assert.equal((await raw(url, clientHello({ compressions: [1] })))[0], 21, 'an alert, if nothing else is offered');
  });
});

// A TLS 1.2 ClientHello with one cipher suite, as bytes.
function clientHello({ compressions }) {
  const extension = (type, ...data) => [type >> 8, type & 255, data.length >> 8, data.length & 255, ...data];
  const extensions = [...extension(10, 0, 2, 0, 23), ...extension(11, 1, 0), ...extension(13, 0, 2, 4, 3)];
  const body = [3, 3, ...Array(32).fill(7), 0, 0, 2, 0xc0, 0x2b, compressions.length, ...compressions,
    extensions.length >> 8, extensions.length & 255, ...extensions];
  const shake = [1, 0, body.length >> 8, body.length & 255, ...body];
  return Buffer.from([22, 3, 1, shake.length >> 8, shake.length & 255, ...shake]);
}

// Send bytes; resolves with the first bytes that come back, or all there was when the server closes.
function raw(url, bytes, { whole = false } = {}) {
  return new Promise((resolve, reject) => {
    let got = Buffer.alloc(0);
    const socket = net.connect(address(url), () => socket.write(bytes));
    socket.setTimeout(PATIENCE_MS, () => { socket.destroy(); reject(new Error('the server neither answered nor closed')); });
    socket.on('data', (chunk) => { got = Buffer.concat([got, chunk]); if (!whole && got.length > 5) { socket.destroy(); resolve(got); } });
    socket.on('end', () => { socket.destroy(); resolve(got); });
    socket.on('error', reject);
  });
}

test('ends cleanly what is no TLS', async () => {
  await serving(withTls(), async ({ url }) => {
    const rows = [GET, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'SSH-2.0-x\r\n', Buffer.alloc(64), Buffer.from([22, 3, 1, 255, 255, ...Array(40).fill(0)]),
      Buffer.from([0x80, 0x2e, 1, 0, 2, 0, 0x15, 0, 0, 0, 0x10, ...Array(40).fill(1)])];
    for (const bytes of rows) {
      const back = await raw(url, bytes, { whole: true });
      assert.ok(back.length === 0 || back[0] === 21, `${JSON.stringify(bytes)} was answered with ${back}`);
    }
    assert.equal((await ask(url)).status, 200);
  });
});

test('takes a session up again by its ticket, over a renewed certificate as well', async () => {
  install(first);
  await serving(withTls(), async (server) => {
    for (const version of ['TLSv1.2', 'TLSv1.3']) {
      const options = { minVersion: version, maxVersion: version };
      const open = await ask(server.url, { ...options, keep: true });
      assert.equal(open.reused, false);
      const session = await until(() => open.session ?? open.socket.getSession(), 'a ticket');
      open.socket.destroy();
      const ticket = version === 'TLSv1.2' ? session : await ticketOf(server.url, options);
      assert.equal((await ask(server.url, { ...options, session: ticket })).reused, true, version);
      const renewed = events(server, 'certificate_renewed').length;
      server.child.kill('SIGHUP');
      await until(() => events(server, 'certificate_renewed').length > renewed, 'the renewal');
      assert.equal((await ask(server.url, { ...options, session: ticket })).reused, true, `${version} after SIGHUP`);
      const spoilt = Buffer.from(ticket);
      for (let i = spoilt.length >> 2; i < spoilt.length; i += 16) spoilt[i] ^= 1;
      const seen = await ask(server.url, { ...options, session: spoilt }).catch(() => ({ reused: false }));
      assert.notEqual(seen.reused, true, 'a ticket that was tampered with');
    }
  });
});

// TLS 1.3 sends its ticket behind the handshake.
function ticketOf(url, options) {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ ...address(url), ca: trusted.pem, servername: 'localhost', ...options }, () => socket.write(GET));
    socket.on('session', (session) => { socket.destroy(); resolve(session); });
    socket.on('error', reject);
  });
}

test('a mutual listener lets in whom its authority has signed for client use', async () => {
  install(first);
  const good = trusted.issue('good', { kind: 'client' });
  const revoked = trusted.issue('revoked', { kind: 'client' });
  const crl = path.join(f.dir, 'crl.pem');
  copyFileSync(trusted.crl(), crl);
  const rows = [
    ['nobody', undefined, false],
    ['good', good, true],
    ['of another authority', other.issue('stranger', { kind: 'client' }), false],
    ['expired', trusted.issue('expired', { kind: 'client', from: -9, until: -1 }), false],
    ['not yet valid', trusted.issue('early', { kind: 'client', from: 1, until: 9 }), false],
    ['for servers only', trusted.issue('server', { kind: 'server' }), false],
    ['not revoked yet', revoked, true],
  ];
  const extra = [...withTls(), '--listen-mtls', '127.0.0.1:0', '--tls-client-ca', trusted.ca, '--tls-client-crl', crl];
  await serving(extra, async (server) => {
    assert.equal(server.urls.length, 2);
    assert.equal(server.urls[0], server.url);
    const [open, mutual] = server.urls;
    assert.equal((await ask(open)).status, 200, 'the other listener asks for no certificate');
    const ticket = await ticketOf(open, {});
    assert.equal((await ask(mutual, { session: ticket })).status, undefined, 'a ticket of the open listener opens nothing');
    const shown = (one) => (one === undefined ? {} : { cert: one.pem, key: one.keyPem });
    for (const [name, one, allowed] of rows) {
      for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
        const seen = await ask(mutual, { ...shown(one), maxVersion });
        assert.equal(seen.status, allowed ? 200 : undefined, `${name}, ${maxVersion}: ${seen.error}`);
        if (allowed) {
          assert.ok(seen.ticket === undefined && seen.session === undefined, 'no ticket that would outlive a revocation');
          const line = await until(() => events(server, 'request').find((e) => e.client_x5t === one.x5t), 'the line of the request');
          assert.equal(line.client_subject, `CN=${path.basename(one.cert, '.pem')}`);
        }
      }
    }
    // A spoilt proof: the certificate of one with the key of another.
    assert.notEqual((await ask(mutual, { cert: good.pem, key: revoked.keyPem })
      .catch((error) => ({ error }))).status, 200);
    copyFileSync(trusted.crl([revoked]), crl);
    server.child.kill('SIGHUP');
    await until(() => events(server, 'certificate_renewed').length === 1, 'the new list');
    assert.equal((await ask(mutual, shown(revoked))).status, undefined, 'revoked');
    assert.equal((await ask(mutual, shown(good))).status, 200);
    const anonymous = events(server, 'request').filter((e) => e.client_x5t === '');
    assert.ok(anonymous.length >= 1 && anonymous.every((e) => e.client_subject === ''));
  });
});

test('a stream that is cut has the certificate of its client in its line', async () => {
  const client = trusted.issue('cut', { kind: 'client' });
  const extra = [...withTls(), '--listen-mtls', '127.0.0.1:0', '--tls-client-ca', trusted.ca];
  await serving(extra, async (server) => {
    for (const [i, end] of ['reset', 'cut'].entries()) {
      const socket = tls.connect({ port: new URL(server.urls[1]).port, rejectUnauthorized: false, ALPNProtocols: ['h2'], cert: client.pem, key: client.keyPem });
      const session = http2.connect(server.urls[1], { createConnection: () => socket });
      const ask = (headers, options) => session.on('error', () => {}).request(headers, options).on('error', () => {});
      const stream = ask({ ':method': 'POST', ':path': '/v1/decisions', 'content-length': '9' }, { endStream: false });
      stream.write('1234');
      await once(ask({ ':path': '/livez' }).resume(), 'end'); // by now the server has read it
      if (end === 'reset') stream.close(http2.constants.NGHTTP2_CANCEL); else socket.destroy();
      const cut = () => events(server, 'request').filter((e) => e.status === 0);
      await until(() => cut().length > i, 'the line');
      session.destroy();
      assert.deepEqual([cut()[i].client_x5t, cut()[i].client_subject], [client.x5t, 'CN=cut'], end);
    }
  });
});

test('a connection that had to wait is asked for its certificate, too', async () => {
  const client = trusted.issue('patient', { kind: 'client' });
  const extra = [...withTls(), '--listen-mtls', '127.0.0.1:0', '--tls-client-ca', trusted.ca, '--handshakes', '8'];
  await serving(extra, async (server) => {
    const shown = { cert: client.pem, key: client.keyPem };
    const seen = await Promise.all(Array.from({ length: 16 }, (_, i) => ask(server.urls[1], i % 2 === 0 ? shown : {})));
    assert.deepEqual(seen.map(({ status }) => status), Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? 200 : undefined)));
    const metrics = await ask(server.url, { text: GET.replace('/livez', '/metrics'), whole: true });
    assert.match(metrics.text, /aval_http_tls_handshakes_paced_total (?!0)\d+/);
  });
});

test('takes a new certificate without a failed request', async () => {
  const RELOADS = 20, REQUESTS = 10000, KEPT = 8, FRESH = 2;
  install(first);
  await serving(withTls(), async (server) => {
    const counts = { asked: 0, failed: [], subjects: new Set() };
    const kept = await ask(server.url, { keep: true });
    assert.equal(kept.cert, 'CN=first');
    const more = () => counts.asked++ < REQUESTS;
    async function onKept() {
      const { socket } = await ask(server.url, { keep: true });
      while (more()) {
        const status = await again(socket);
        if (status !== 200) counts.failed.push(status);
      }
      socket.destroy();
    }
    async function onFresh() {
      while (more()) {
        const seen = await ask(server.url);
        counts.subjects.add(seen.cert);
        if (seen.status !== 200) counts.failed.push(seen.error);
      }
    }
    const load = Promise.all([...Array.from({ length: KEPT }, onKept), ...Array.from({ length: FRESH }, onFresh)]);
    for (let i = 1; i <= RELOADS; i++) {
      install(i % 2 === 1 ? second : first);
      server.child.kill('SIGHUP');
      const { sha256 } = await until(() => events(server, 'certificate_renewed')[i - 1], `renewal ${i}`);
      assert.equal(sha256, (i % 2 === 1 ? second : first).sha256);
    }
    await load;
    assert.deepEqual(counts.failed, []);
    assert.ok(counts.asked >= REQUESTS);
    assert.deepEqual([...counts.subjects].sort(), ['CN=first', 'CN=second']);
    assert.equal(await again(kept.socket), 200, 'a connection from before');
    kept.socket.destroy();
  });
});

// One more request on an open connection.
function again(socket) {
  return new Promise((resolve) => {
    let text = '';
    const done = (status) => { socket.off('data', onData); socket.off('close', onClose); resolve(status); };
    const onClose = () => done('closed');
    const onData = (chunk) => { text += chunk; if (text.includes('\r\n\r\n')) done(Number(text.slice(9, 12))); };
    socket.on('data', onData);
    socket.on('close', onClose);
    socket.write(GET);
  });
}

// What may be wrong with a pair of files: the name of the fault, what does it, and what the message says.
const faults = () => [
  ['a key of another certificate', () => copyFileSync(second.key, files.key), /is not that of the certificate/],
  ['no certificate', () => rmSync(files.cert), /Cannot read a certificate chain from .*cert\.pem: No such file/],
  ['no key', () => rmSync(files.key), /Cannot read the private key in .*key\.pem: No such file/],
  ['an empty certificate', () => writeFileSync(files.cert, ''), /Cannot read a certificate chain from .*: nothing of that kind/],
  ['half a certificate', () => writeFileSync(files.cert, first.pem.subarray(0, first.pem.length / 2)), /Cannot read a certificate chain from .*: bad end line/],
  ['half a key', () => writeFileSync(files.key, first.keyPem.subarray(0, 60)), /Cannot use the private key/],
  ['a key where the certificate should be', () => writeFileSync(files.cert, first.keyPem), /Cannot read a certificate chain from .*: nothing of that kind/],
  ['a key that others may read', () => chmodSync(files.key, 0o644), /run: chmod 600 .*key\.pem/],
  ['a key that a group may write', () => chmodSync(files.key, 0o620), /run: chmod 600/],
  ['an expired certificate', () => install(trusted.issue('late', { from: -9, until: -1 })), /expired at \d{4}-.*put a renewed one there/],
  ['a certificate of tomorrow', () => install(trusted.issue('soon', { from: 1, until: 9 })), /not valid before \d{4}-.*the clock/],
];

test('keeps the certificate it has when the new one cannot be used', async () => {
  install(first);
  await serving(withTls(), async (server) => {
    for (const [name, spoil, says] of faults()) {
      install(first);
      spoil();
      const seen = events(server, 'certificate_refused').length;
      server.child.kill('SIGHUP');
      const event = await until(() => events(server, 'certificate_refused')[seen], name);
      assert.match(event.reason, says, name);
      assert.equal(event.level, 'error');
      assert.ok(event.file === files.cert || event.file === files.key, event.file);
      const still = await ask(server.url);
      assert.equal(still.status, 200, `${name}: ${still.error}`);
      assert.equal(still.cert, 'CN=first', name);
    }
    assert.equal(events(server, 'certificate_renewed').length, 0);
    install(second);
    server.child.kill('SIGHUP');
    await until(() => events(server, 'certificate_renewed').length === 1, 'the renewal');
    assert.equal((await ask(server.url)).cert, 'CN=second');
  });
});

test('does not start with a pair that cannot be used, nor with half of what mutual TLS needs', () => {
  const start = (extra) => spawnSync(aval, ['serve', '--db', db, '--listen', '127.0.0.1:0', ...extra],
    { encoding: 'utf8', timeout: PATIENCE_MS });
  for (const [name, spoil, says] of faults()) {
    install(first);
    spoil();
    const { status, stderr, stdout } = start(withTls());
    assert.ok(status > 0, name);
    assert.equal(stdout, '', name);
    assert.match(stderr, says, name);
  }
  install(first);
  const mutual = ['--listen-mtls', '127.0.0.1:0'];
  const ca = ['--tls-client-ca', trusted.ca];
  const dated = path.join(f.dir, 'empty.pem');
  writeFileSync(dated, '');
  const rows = [
    ['no authority', [...withTls(), ...mutual], /--listen-mtls ADDR:PORT and --tls-client-ca FILE go together/],
    ['an authority for nothing', [...withTls(), ...ca], /go together/],
    ['a list for nothing', [...withTls(), '--tls-client-crl', trusted.crl()], /--tls-client-crl FILE is for --listen-mtls/],
    ['no TLS', ['--no-tls', ...mutual], /--no-tls contradicts --listen-mtls/],
    ['TLS and none', ['--no-tls', ...withTls()], /--no-tls contradicts the --tls options/],
    ['an empty authority', [...withTls(), ...mutual, '--tls-client-ca', dated], /Cannot read client authorities/],
    ['an absent authority', [...withTls(), ...mutual, '--tls-client-ca', '/absent.pem'], /Cannot read client authorities from .*: No such file/],
    ['an empty list', [...withTls(), ...mutual, ...ca, '--tls-client-crl', dated], /Cannot read a revocation list/],
    ['an overdue list', [...withTls(), ...mutual, ...ca, '--tls-client-crl', trusted.crl([], -1)], /due to be replaced at \d{4}-.*fetch/],
    ['a certificate as a list', [...withTls(), ...mutual, ...ca, '--tls-client-crl', first.cert], /Cannot read a revocation list/],
    ['handshakes 0', [...withTls(), '--handshakes', '0'], /usage/],
    ['handshakes of a word', [...withTls(), '--handshakes', 'many'], /usage/],
    ['nine listeners', [...withTls(), ...Array(8).fill(['--listen', '127.0.0.1:0']).flat()], /usage/],
    ['a listener twice', ['--no-tls', '--listen', '127.0.0.1:47651', '--listen', '127.0.0.1:47651'], /in use/],
    ['plain beyond loopback', ['--no-tls', '--listen', '0.0.0.0:0'], /loopback only/],
  ];
  for (const [name, extra, says] of rows) {
    const { status, stderr, stdout } = start(extra);
    assert.ok(status > 0, name);
    assert.equal(stdout, '', name);
    assert.match(stderr, says, name);
  }
});

test('says in time that the certificate ends', async () => {
  install(trusted.issue('ending', { until: 29 }));
  await serving(withTls(), async (server) => {
    const [event] = await until(() => events(server, 'certificate_expires').length && events(server, 'certificate_expires'), 'the warning');
    assert.equal(event.level, 'warn');
    assert.ok(event.days === 28 || event.days === 29);
    assert.ok(Date.parse(event.expires) > Date.now());
    install(first);
    server.child.kill('SIGHUP');
    await until(() => events(server, 'certificate_renewed').length === 1, 'the renewal');
    assert.equal(events(server, 'certificate_expires').length, 1, 'the new one is good for long');
  });
  await serving(withTls(), async (server) => {
    await ask(server.url);
    assert.equal(events(server, 'certificate_expires').length, 0);
  });
});

test('one address that hammers waits, and the others do not', async () => {
  const RATE = 10, HAMMER = 150, OTHERS = RATE;
  install(first);
  await serving([...withTls(), '--handshakes', String(RATE)], async (server) => {
    const hammer = { done: 0, closed: 0 };
    const waiting = Array.from({ length: HAMMER }, () => ask(server.url, { localAddress: '127.0.0.1' })
      .then((seen) => { if (seen.status === 200) hammer.done++; else hammer.closed++; }));
    await until(() => hammer.done >= RATE && hammer.closed > 0, 'the burst, and the first that is turned away');
    // At most what the bucket holds, and ten seconds of waiting: the rest is closed at once.
    const others = await Promise.all(Array.from({ length: OTHERS }, () => ask(server.url, { localAddress: '127.0.0.2' })));
    assert.ok(others.every((seen) => seen.status === 200));
    const left = HAMMER - hammer.done - hammer.closed;
    assert.ok(left > 0, 'the others were served while the hammer still waited');
    await until(() => hammer.done > 2 * RATE, 'those who waited');
    await server.stop();
    await Promise.all(waiting);
    assert.equal(hammer.done + hammer.closed, HAMMER);
    assert.ok(hammer.closed >= HAMMER - 11 * RATE - RATE, `${hammer.closed} were closed`);
  });
});
