// door.mjs - the server that a suite of the door is aimed at: the real binary, or another server.
//
// HTTP_TARGET=host:port aims the plain half, HTTP_TARGET_TLS=host:port the TLS half at a server that stands already;
// HTTP_TARGET_PATH (default /test/echo) is a path that answers GET and POST with at least five bytes.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { folder, runJson, serve } from '../api/harness.mjs';

export const target = process.env.HTTP_TARGET_PATH ?? '/test/echo';
export const isOurs = !process.env.HTTP_TARGET && !process.env.HTTP_TARGET_TLS;
export const patience = 5000; // ms in which whatever must happen has happened

function certificate(dir) {
  const [cert, key] = [path.join(dir, 'cert.pem'), path.join(dir, 'key.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { cert, key };
}

// A door: {secure, host, port, ca, pid, key, log(), stop()}.  pid and log are those of our own server only.
export async function openDoor({ secure = false, extra = [] } = {}) {
  const given = secure ? process.env.HTTP_TARGET_TLS : process.env.HTTP_TARGET;
  if (!isOurs) {
    if (!given) return null;
    const [host, port] = given.split(':');
    return { secure, host, port: Number(port), url: `${secure ? 'https' : 'http'}://${given}`, stop: async () => ({ code: 0, signal: null }) };
  }
  const f = folder();
  const db = path.join(f.dir, 'aval.db');
  runJson('tenant', 'create', 'acme', '--db', db);
  const { key } = runJson('key', 'create', '--tenant', 'acme', '--mode', 'test', '--db', db);
  const files = secure ? certificate(f.dir) : null;
  const server = await serve(db, [...(secure ? ['--tls-cert', files.cert, '--tls-key', files.key] : ['--no-tls']), ...extra]);
  return {
    secure, host: '127.0.0.1', port: Number(new URL(server.url).port), url: server.url, key, pid: server.child.pid, child: server.child,
    ca: secure ? readFileSync(files.cert) : undefined, caFile: files?.cert, ended: server.ended, log: server.log,
    stop: async () => { const end = await server.stop(); f.remove(); return end; },
  };
}

// A socket to the door, once it stands; over TLS it offers `protocols`.
export function connect(door, protocols = ['http/1.1']) {
  return new Promise((resolve, reject) => {
    const socket = door.secure
      ? tls.connect({ host: door.host, port: door.port, ca: door.ca, servername: 'localhost', rejectUnauthorized: door.ca !== undefined, ALPNProtocols: protocols })
      : net.connect({ host: door.host, port: door.port });
    socket.setNoDelay(true);
    socket.once('error', reject);
    socket.once(door.secure ? 'secureConnect' : 'connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

// Resident memory of our server in bytes.
export function residentBytes(door) {
  const [, kib] = readFileSync(`/proc/${door.pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB/m);
  return Number(kib) * 1024;
}

export const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
