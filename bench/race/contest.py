"""contest.py - who runs against whom, in which order, and what is asked of them afterwards."""
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from race import figures, load, proof, servers
from race.load import Run, Void

WARM_S = 1
IDLE_CONNECTIONS = 1000
IN_FLIGHT = (1, 8, 64, 256)
HEADLINE = ('tls', 64)
PEER_VARIANTS = {'each': (('each', 1), ('each', 2)), 'group': (('group', 1), ('group-thread', 1), ('group', 2))}
GIB = 1 << 30
BYTES_A_DECISION = 6000
RATE_AT_MOST = 40000  # decisions a second, to know beforehand what the disk must hold


def say(words):
    print(words, file=sys.stderr, flush=True)


def first_answer(server):
    """One decision, read closely: what the loads only count must be worth counting.  Returns the length of the answer."""
    host, port = server.url.split('//')[1].split(':')
    if server.url.startswith('https'):
        connection = http.client.HTTPSConnection(host, int(port), timeout=30, context=servers.insecure())
    else:
        connection = http.client.HTTPConnection(host, int(port), timeout=30)
    connection.request('POST', '/v1/decisions', server.tools.request,
                       {'Authorization': f'Bearer {server.api_key}', 'Content-Type': 'application/json', 'Idempotency-Key': os.urandom(8).hex()})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    proof.must(answer.status == 201, f'{server.name}: the first decision was answered with {answer.status}: {text[:200]!r}')
    if isinstance(server, servers.Aval):
        decision = json.loads(text)
        body = decision['body']
        proof.must(decision['object'] == 'decision' and body['status'] == 'scored' and len(body['reasons']) > 0 and
                   len(body['contributions']['items']) > 0 and decision['words']['justification'],
                   f'{server.name}: the answer is no whole decision: {text[:200]!r}')
    return len(text)


def measure(server, transport, in_flight, seconds, folder):
    """(Sample, [Run]).  One who has not answered once, on a busy machine and in a second or two, gets more time."""
    runs = []
    for longer in (1, 4, 16):
        runs.append(Run(folder))
        sample = load.send(server, transport, in_flight, seconds * longer, runs[-1], may_be_silent=longer < 16)
        if sample:
            break
    return sample, runs


class Contest:
    def __init__(self, tools, seconds, rounds):
        self.tools, self.seconds, self.rounds = tools, seconds, rounds
        self.samples = {}  # (server name, transport, in flight) -> [Sample], one a round
        self.checked = 0

    def ratio(self, ours, theirs, transport, in_flight):
        return figures.ratio(self.samples[ours, transport, in_flight], self.samples[theirs, transport, in_flight])

    def summary(self, name, transport, in_flight):
        return figures.summarise(self.samples[name, transport, in_flight])

    def stint(self, server, transports, loads, seconds=None, is_last=True):
        """From start to stop, then the proof.  Returns {(transport, in flight): Sample}."""
        # Handshakes are within a load: the more connections, the longer it must be.
        last = {in_flight: max(seconds or self.seconds, in_flight // 64) for in_flight in loads}
        folder = tempfile.mkdtemp(dir=self.tools.folder)
        samples, runs, epoch_before = {}, [], 0
        try:
            if server.stored_in:
                epoch_before = copy_stored(server.stored_in, folder)
            server.start(folder, 'plain' if transports == ('plain',) else 'tls')
            try:
                if server.url.startswith('https'):
                    proof.must(server.tls_version() == 'TLSv1.3', f'{server.name} speaks {server.tls_version()}')
                for transport in transports:
                    for in_flight in loads:
                        warm = Run(folder)
                        load.send(server, transport, in_flight, WARM_S, warm, may_be_silent=True)
                        samples[transport, in_flight], measured = measure(server, transport, in_flight, last[in_flight], folder)
                        runs += [warm, *measured]
                server.stop()
            finally:
                server.kill()
            if isinstance(server, servers.Aval):
                # The whole chain of a large database is verified once, in the last round.
                self.checked += proof.ours(server, runs, epoch_before, server.syncs(), is_whole=is_last or not server.stored_in)
            elif isinstance(server, servers.Peer):
                self.checked += proof.peer(server, runs, server.syncs())
            return samples
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def race(self, field, transports, loads):
        """A B C A B C: neighbours in time are compared."""
        for number in range(self.rounds):
            for server in field:
                spoken = tuple(t for t in transports if t in server.transports)
                if not spoken:
                    continue
                began = time.monotonic()
                for (transport, in_flight), sample in self.stint(server, spoken, loads, is_last=number + 1 == self.rounds).items():
                    self.samples.setdefault((server.name, transport, in_flight), []).append(sample)
                    say(f'  round {number + 1}: {server.name:<13} {transport:<5} {in_flight:>3} in flight  {sample.per_s:>8.0f}/s  '
                        f'p50 {sample.p50_ms:7.2f} ms  p99 {sample.p99_ms:7.2f} ms  {sample.cpu_us:6.1f} us  '
                        f'generator {sample.generator_load * 100:3.0f} %')
                say(f'           {server.name}: started, measured, checked and removed in {time.monotonic() - began:.1f} s')

    def tuned_peer(self, name, model):
        """The fastest way for it on this machine."""
        best = None
        for commit, workers in PEER_VARIANTS[name]:
            peer = servers.Peer(name, self.tools, model, commit, workers)
            rate = self.stint(peer, ('tls',), (64,), seconds=min(2, self.seconds))['tls', 64].per_s
            say(f'  {name}: {rate:.0f}/s with {peer.tuning()}')
            if best is None or rate > best[0]:
                best = (rate, peer)
        return best[1]


def survey(tools):
    """The length of our answer, of a server that is asked once."""
    folder = tempfile.mkdtemp(dir=tools.folder)
    server = servers.Aval(tools)
    try:
        server.start(folder, 'tls')
        length = first_answer(server)
        server.stop()
        return length
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def train_peers(folder):
    """(model file, versions)"""
    model = f'{folder}/peer-model.json'
    out = subprocess.run([servers.DEBIAN_PYTHON, f'{servers.HERE}/peers/train.py', model], check=True, capture_output=True, text=True,
                         env={**os.environ, 'OMP_NUM_THREADS': '1'})
    return model, json.loads(out.stdout)


# ---- a database with many decisions ----

def stored_count(folder):
    if not os.path.exists(f'{folder}/aval.db'):
        return 0
    db = proof.open_read_only(f'{folder}/aval.db')
    try:
        return db.execute("SELECT coalesce(max(rowid), 0) FROM decision").fetchone()[0]
    finally:
        db.close()


def fill(tools, folder, wanted):
    """At least so many decisions, all of them through the front door.  Returns the seconds it took; 0 if they were there."""
    have = stored_count(folder)
    if have >= wanted:
        return 0.0
    os.makedirs(folder, exist_ok=True)
    need = (wanted - have) * BYTES_A_DECISION + 2 * GIB
    if shutil.disk_usage(folder).free < need:
        raise Void(f'{folder} has {shutil.disk_usage(folder).free / GIB:.1f} GiB free, and {wanted} decisions need {need / GIB:.1f}: '
                   'use --stored N or --cache DIR')
    say(f'filling {folder} from {have} to {wanted} decisions, through the API')
    began = time.monotonic()
    server = servers.Aval(tools)
    runs = tempfile.mkdtemp(dir=tools.folder)
    try:
        server.start(folder, 'plain')
        while have < wanted:
            run = Run(runs)
            sample = load.send(server, 'plain', 256, 5, run)
            have += sample.answers
            say(f'  {have} decisions, {sample.per_s:.0f}/s')
        server.stop()
    finally:
        server.kill()
        shutil.rmtree(runs, ignore_errors=True)
    say('  verifying it')
    proof.verified(server)
    return time.monotonic() - began


def copy_stored(stored, folder):
    """Each stint on a copy of its own, or the database would grow from round to round.  On disk before the clock starts: what
    the kernel had still to write would be written during the measurement.  Returns the last epoch in it."""
    for name in ('aval.db', 'aval.db-wal', 'aval.db.audit-key'):
        if os.path.exists(f'{stored}/{name}'):
            shutil.copy2(f'{stored}/{name}', f'{folder}/{name}')
    os.sync()
    db = proof.open_read_only(f'{folder}/aval.db')
    try:
        return proof.last_epoch(db)
    finally:
        db.close()


# ---- memory ----

def memory(tools):
    """{'rss_rest_mib', 'rss_1000_mib'}: just started, and with 1,000 TLS connections that were each answered once."""
    folder = tempfile.mkdtemp(dir=tools.folder)
    server = servers.Aval(tools)
    connections = []
    try:
        server.start(folder, 'tls')
        rest = server.rss_mib()
        host, port = server.url.split('//')[1].split(':')
        context = servers.insecure()
        for _ in range(IDLE_CONNECTIONS):
            one = context.wrap_socket(socket.create_connection((host, int(port)), timeout=30))
            one.sendall(b'GET /livez HTTP/1.1\r\nHost: bench\r\n\r\n')
            proof.must(one.recv(4096).startswith(b'HTTP/1.1 200'), f'connection {len(connections) + 1} was not answered')
            connections.append(one)
        many = server.rss_mib()
        for one in connections:
            one.close()
        server.stop()
        return {'rss_rest_mib': round(rest, 1), 'rss_1000_mib': round(many, 1)}
    except OSError as fault:
        raise Void(f'connection {len(connections) + 1} of {IDLE_CONNECTIONS}: {fault}') from None
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def start_to_ready(tools, folder, times=3):
    """Milliseconds until it is ready, the median of some starts."""
    took = []
    for _ in range(times):
        server = servers.Aval(tools)
        try:
            server.start(folder, 'tls')
            took.append(server.start_ms)
            server.stop()
        finally:
            server.kill()
    return round(sorted(took)[len(took) // 2], 1)
