// scan.mjs - strangers try the door: sslscan, and with time enough testssl.sh, against a certificate of an authority of ours.
//
// testssl takes three quarters of a minute; what it finds must be of the test certificate, not of the server.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { authority } from '../api/pki.mjs';

// The authority of a test publishes neither revocation lists nor DNS records.
const OF_THE_TEST = ['cert_revocation', 'DNS_CAArecord', 'cert_chain_of_trust', 'cert_trust'];
const SOUND_CIPHER = /^(TLS_|ECDHE-(ECDSA|RSA)-)(AES[-_]?\d+[-_]GCM|CHACHA20)[-_]/;
const LEAST = 60; // findings of testssl, good ones included, in a whole run: fewer, and it was not whole

function sslscan(w, target) {
  const { stdout, error } = spawnSync('sslscan', ['--xml=-', '--no-heartbleed', target], { encoding: 'utf8' });
  w.expect(error === undefined, 'broken', error?.message);
  const all = (pattern) => [...(stdout ?? '').matchAll(pattern)].map((m) => m.groups);
  for (const { type, version, enabled } of all(/<protocol type="(?<type>\w+)" version="(?<version>[\d.]+)" enabled="(?<enabled>\d)"/g)) {
    const is = type === 'tls' && ['1.2', '1.3'].includes(version);
    w.expect((enabled === '1') === is, 'weak', `${type} ${version} is ${enabled === '1' ? 'on' : 'off'}`);
  }
  const ciphers = all(/<cipher status="(?:accepted|preferred)" sslversion="(?<version>[^"]+)".*?cipher="(?<name>[^"]+)"/g);
  for (const { version, name } of ciphers) w.expect(SOUND_CIPHER.test(name), 'weak', `${version} ${name}`);
  w.expect(ciphers.length >= 6, 'broken', `sslscan saw ${ciphers.length} ciphers: ${stdout}`);
  for (const { supported } of all(/<(?:compression|renegotiation) supported="(?<supported>\d)"/g)) {
    w.expect(supported === '0', 'weak', 'compression or renegotiation');
  }
  return ciphers.length;
}

function testssl(w, target, ca) {
  const file = path.join(w.dir, 'testssl.json');
  rmSync(file, { force: true });
  spawnSync('testssl', ['--quiet', '--color', '0', '--warnings', 'off', '--add-ca', ca, '-p', '-s', '-e', '-U', '-S', '--jsonfile', file, target],
    { stdio: 'ignore' });
  const found = JSON.parse(readFileSync(file, 'utf8'));
  for (const { id, severity, finding } of found) {
    const counts = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'].includes(severity) && !OF_THE_TEST.includes(id);
    w.expect(!counts, 'weak', `${severity} ${id}: ${finding}`);
  }
  w.expect(found.length >= LEAST, 'broken', `testssl found ${found.length} things, good and bad`);
  return found.length;
}

export const scan = {
  name: 'scan',
  title: 'scanners of TLS at the door',
  defects: { 'weak-tls': ['weak'] },
  seconds: 3,

  async run(w) {
    const counts = { ciphers: 0, checks: 0 };
    const ours = authority(w.dir, 'authority');
    const pair = ours.issue('server');
    w.run(['tenant', 'create', 'storm', '--db', w.db]);
    const child = spawn(w.binary, ['serve', '--db', w.db, '--listen', '127.0.0.1:0', '--tls-cert', pair.cert, '--tls-key', pair.key, '--log', 'error'],
      { stdio: ['ignore', 'pipe', 'inherit'], env: w.env() });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    try {
      const url = await new Promise((resolve, reject) => {
        child.stdout.once('data', (line) => resolve(JSON.parse(line).url));
        ended.then((code) => reject(new Error(`serve ended with ${code}`)));
      });
      const target = `127.0.0.1:${new URL(url).port}`;
      counts.ciphers = sslscan(w, target);
      if (w.isLong) counts.checks = testssl(w, target, ours.ca);
      w.expect(child.exitCode === null, 'died', 'while it was scanned');
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
    return counts;
  },
};
