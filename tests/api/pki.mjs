// pki.mjs - authorities and certificates for tests, made by the openssl program in a folder of their own.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { X509Certificate, createHash } from 'node:crypto';
import path from 'node:path';

const DAY = 86400000;
const stamp = (ms) => `${new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '')}`;

const openssl = (dir, ...args) => execFileSync('openssl', args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });

const config = `
[ca]
default_ca = own
[own]
dir = .
database = index.txt
rand_serial = yes
crlnumber = crlnumber
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
default_md = sha256
default_crl_days = 30
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
[server]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost,IP:127.0.0.1
[client]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = clientAuth
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
[req]
distinguished_name = name
[name]
`;

// An authority in dir/name.
export function authority(dir, name) {
  const own = path.join(dir, name);
  mkdirSync(own);
  writeFileSync(path.join(own, 'ca.cnf'), config);
  writeFileSync(path.join(own, 'index.txt'), '');
  writeFileSync(path.join(own, 'crlnumber'), '01\n');
  openssl(own, 'req', '-x509', '-config', 'ca.cnf', '-extensions', 'authority', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
    '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '3650', '-subj', `/CN=${name}`);
  const ca = path.join(own, 'ca.pem');

  // A pair for `kind` ("server" or "client"), valid from and until so many days from now.
  function issue(cn, { kind = 'server', from = -1, until = 365, rsa = false } = {}) {
    const base = path.join(own, cn);
    const algorithm = rsa ? ['-newkey', 'rsa:2048'] : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    openssl(own, 'req', '-new', '-config', 'ca.cnf', ...algorithm, '-nodes', '-keyout', `${base}.key`, '-out', `${base}.csr`, '-subj', `/CN=${cn}`);
    openssl(own, 'ca', '-batch', '-config', 'ca.cnf', '-extensions', kind, '-notext', '-in', `${base}.csr`, '-out', `${base}.pem`,
      '-startdate', stamp(Date.now() + from * DAY), '-enddate', stamp(Date.now() + until * DAY));
    chmodSync(`${base}.key`, 0o600);
    return pair(`${base}.pem`, `${base}.key`);
  }
  // A list of who was revoked so far and of these, due to be replaced so many days from now.
  function crl(revoked = [], until = 30) {
    for (const one of revoked) openssl(own, 'ca', '-config', 'ca.cnf', '-revoke', one.cert);
    const file = path.join(own, until > 0 ? 'crl.pem' : 'overdue.pem');
    openssl(own, 'ca', '-config', 'ca.cnf', '-gencrl', '-out', file,
      '-crl_lastupdate', stamp(Date.now() - 40 * DAY), '-crl_nextupdate', stamp(Date.now() + until * DAY));
    return file;
  }
  return { ca, pem: readFileSync(ca), issue, crl };
}

function pair(cert, key) {
  const pem = readFileSync(cert);
  const { raw } = new X509Certificate(pem);
  const sha256 = createHash('sha256').update(raw).digest();
  return { cert, key, pem, keyPem: readFileSync(key), x5t: sha256.toString('base64url'), sha256: sha256.toString('hex') };
}
