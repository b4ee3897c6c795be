"""servers.py - aval, its peers and the ruler, each started afresh in a folder, and stopped.

Every server is given the same certificate (P-256) and listens on loopback.  Nothing is pinned to a processor.
"""
import hashlib
import json
import os
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import time

from race import machine

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DEBIAN_PYTHON = '/usr/bin/python3'  # the one that Debian's packages belong to, whatever else is first in PATH
START_S, STOP_S = 60, 60


class Broken(Exception):
    """A server does not do what it should; says what."""


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def insecure():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def make_certificate(folder):
    cert, key = f'{folder}/cert.pem', f'{folder}/key.pem'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30',
                    '-keyout', key, '-out', cert, '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'],
                   check=True, capture_output=True)
    return cert, key


class Tools:
    """What all servers share in one run of the bench."""

    def __init__(self, build, folder, request, aval=None):
        self.build, self.folder, self.request = build, folder, request
        self.aval = aval or f'{build}/aval'
        self.cert, self.cert_key = make_certificate(folder)
        self.nginx = f'{build}/nginx'  # unpacked there by ./dev, not installed: it would start a server of its own
        self.loops = os.cpu_count() or 1  # as many as aval has unless told otherwise


class Server:
    """One process, or a few, that answers POST /v1/decisions."""
    transports = ('plain', 'tls')
    is_recorded = True  # it promises rows
    stored_in = None
    good_exits = (0,)

    def __init__(self, name, tools):
        self.name, self.tools = name, tools
        self.process = None
        self.api_key = 'none'

    def launch(self, command, folder, environment=None, cwd=None):
        """With every fsync counted, in a file that the library maps: what it says of itself need not be believed."""
        self.folder, self.syncs_file = folder, f'{folder}/syncs'
        with open(self.syncs_file, 'wb') as f:
            f.write(bytes(8))
        self.log = open(f'{folder}/{self.name}.log', 'ab')
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=self.log, text=True, cwd=cwd,
            env={**os.environ, **(environment or {}), 'AVAL_BENCH_SYNCS': self.syncs_file,
                 'LD_PRELOAD': f'{self.tools.build}/bench/libsync_count.so'})

    def await_port(self, port):
        until = time.monotonic() + START_S
        while time.monotonic() < until and self.process.poll() is None:
            try:
                socket.create_connection(('127.0.0.1', port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        self.kill()
        raise Broken(f'{self.name} did not start: {self.last_words()}')

    def tls_version(self):
        host, port = self.url.split('//')[1].split(':')
        with socket.create_connection((host, int(port)), timeout=30) as raw, insecure().wrap_socket(raw) as s:
            return s.version()

    def last_words(self):
        self.log.flush()
        return machine.read(self.log.name).strip()[-600:]

    def pids(self):
        return machine.family(self.process.pid)

    def cpu_seconds(self):
        return sum(machine.cpu_seconds(pid) for pid in self.pids())

    def rss_mib(self):
        return sum(machine.rss_mib(pid) for pid in self.pids())

    def syncs(self):
        with open(self.syncs_file, 'rb') as f:
            return int.from_bytes(f.read(8), 'little')

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def stop(self):
        """Told to end, it must: with 0, and in time."""
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Broken(f'{self.name} did not stop in {STOP_S} s') from None
        finally:
            self.process.stdout.close()
            self.log.close()
        if code not in self.good_exits:
            raise Broken(f'{self.name} ended with {code}: {machine.read(self.log.name).strip()[-600:]}')


class Aval(Server):
    transports = ('plain', 'tls', 'h2')

    def __init__(self, tools, name='aval', stored_in=None):
        super().__init__(name, tools)
        self.stored_in = stored_in  # a folder with a database to begin with
        self.start_ms = None

    @property
    def db(self):
        return f'{self.folder}/aval.db'

    def run(self, *arguments):
        out = subprocess.run([self.tools.aval, *arguments, '--json'], capture_output=True, text=True, check=False)
        if out.returncode != 0:
            raise Broken(f'aval {arguments[0]}: {out.stderr.strip() or out.stdout.strip()}')
        return json.loads(out.stdout)

    def new_key(self, folder):
        db = f'{folder}/aval.db'
        if not os.path.exists(db):
            self.run('tenant', 'create', 'bench', '--db', db)
        return self.run('key', 'create', '--tenant', 'bench', '--mode', 'test', '--db', db)['key']

    def start(self, folder, transport, options=()):
        self.folder = folder
        self.api_key = self.new_key(folder)
        tls = ['--no-tls'] if transport == 'plain' else ['--tls-cert', self.tools.cert, '--tls-key', self.tools.cert_key]
        began = time.monotonic()
        self.launch([self.tools.aval, 'serve', '--db', self.db, '--listen', '127.0.0.1:0', '--log', 'warn', *tls, *options],
                    folder)
        line = self.process.stdout.readline()
        self.start_ms = (time.monotonic() - began) * 1e3
        if not line:
            self.kill()
            raise Broken(f'aval did not start: {self.last_words()}')
        self.url = json.loads(line)['url']


class Peer(Server):
    good_exits = (0, -signal.SIGTERM)

    def __init__(self, name, tools, model, commit, workers):
        super().__init__(name, tools)
        self.model, self.commit, self.workers = model, commit, workers

    @property
    def db(self):
        return f'{self.folder}/peer.db'

    def start(self, folder, transport):
        self.folder, self.api_key = folder, 'sk_test_' + hashlib.sha256(self.name.encode()).hexdigest()
        with sqlite3.connect(self.db) as db:
            db.executescript('PRAGMA journal_mode=WAL;' + machine.read(f'{HERE}/peers/schema.sql'))
            db.execute('INSERT INTO api_key VALUES (?, 1)', (hashlib.sha256(self.api_key.encode()).digest(),))
        db.close()
        port = free_port()
        tls = [] if transport == 'plain' else ['--ssl-certfile', self.tools.cert, '--ssl-keyfile', self.tools.cert_key]
        self.launch([DEBIAN_PYTHON, '-m', 'uvicorn', 'scorer:app', '--host', '127.0.0.1', '--port', str(port), '--loop', 'uvloop',
                     '--http', 'httptools', '--no-access-log', '--log-level', 'warning', '--timeout-keep-alive', '600',
                     '--workers', str(self.workers), *tls],
                    folder, {'BENCH_DB': self.db, 'BENCH_WORKERS': str(self.workers), 'BENCH_COMMIT': self.commit,
                             'BENCH_MODEL': self.model, 'OMP_NUM_THREADS': '1', 'PYTHONDONTWRITEBYTECODE': '1'},
                    cwd=f'{HERE}/peers')
        self.await_port(port)
        self.url = f'http{"" if transport == "plain" else "s"}://127.0.0.1:{port}'

    def tuning(self):
        return f'commit {self.commit}, {self.workers} worker{"s" if self.workers > 1 else ""}'


class Nginx(Server):
    """The ruler: reads the whole body, then answers a constant as long as ours."""
    transports = ('plain', 'tls', 'h2')
    is_recorded = False

    def __init__(self, tools, answer_len):
        super().__init__('nginx', tools)
        self.answer_len = answer_len

    def start(self, folder, transport):
        port = free_port()
        # A parameter of the configuration ends at 4,096 bytes, so the answer comes in pieces.
        pieces = [size for size in [3900] * (self.answer_len // 3900) + [self.answer_len % 3900] if size]
        values = {
            'MODULE': f'{self.tools.nginx}/usr/lib/nginx/modules/ngx_http_echo_module.so', 'FOLDER': folder, 'WORKERS': str(self.tools.loops),
            'LISTEN': f'127.0.0.1:{port}' + ('' if transport == 'plain' else ' ssl http2'),
            'CERT': self.tools.cert, 'KEY': self.tools.cert_key,
            'SETS': '\n'.join(f"            set $piece{i} '{'x' * size}';" for i, size in enumerate(pieces)),
            'ANSWER': ''.join(f'$piece{i}' for i in range(len(pieces))),
        }
        text = re.sub(r'@([A-Z]+)@', lambda m: values[m.group(1)], machine.read(f'{HERE}/peers/nginx.conf'))
        with open(f'{folder}/nginx.conf', 'w', encoding='utf-8') as f:
            f.write(text)
        self.launch([f'{self.tools.nginx}/usr/sbin/nginx', '-e', f'{folder}/nginx-error.log', '-c', f'{folder}/nginx.conf'], folder)
        self.await_port(port)
        self.url = f'http{"" if transport == "plain" else "s"}://127.0.0.1:{port}'
        self.check_reads_body(port, transport)

    def check_reads_body(self, port, transport):
        """A ruler that answers before it has the body would measure less than we do."""
        raw = socket.create_connection(('127.0.0.1', port), timeout=10)
        with raw if transport == 'plain' else insecure().wrap_socket(raw) as s:
            s.sendall(b'POST /v1/decisions HTTP/1.1\r\nHost: ruler\r\nConnection: close\r\nContent-Length: 10\r\n\r\n12345')
            s.settimeout(0.2)
            try:
                early = s.recv(1)
            except TimeoutError:
                early = None
            if early is not None:
                raise Broken('nginx answered before it had read the body: it is no ruler')
            s.settimeout(10)
            s.sendall(b'67890')
            answer = b''
            while chunk := s.recv(65536):
                answer += chunk
        if not answer.startswith(b'HTTP/1.1 201 ') or answer.count(b'x') < self.answer_len:
            raise Broken(f'nginx answered {answer[:60]!r}')
