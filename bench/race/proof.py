"""proof.py - was everything done that was answered?  If not, the figure is void.

A server that skips a part of the work is faster.  So every acknowledged decision is looked up: its row, the claim of its key,
its audit entry; the chain is verified; receipts are checked with code that shares nothing with the server; and each
commit must have forced its pages to disk, which sync_count saw from outside.
"""
import hashlib
import http.client
import json
import os
import random
import sqlite3
import subprocess
import tempfile
import zlib

from race.load import Void
from race.servers import HERE, Broken

ROUTE = 'POST /v1/decisions'
BASE32 = '0123456789abcdefghjkmnpqrstvwxyz'
RECEIPTS = 3
DICTIONARY = os.path.join(os.path.dirname(HERE), 'src/store/payload_1.dictionary')
ED25519_DER = bytes.fromhex('302a300506032b6570032100')


def id_bytes(text):
    number = 0
    for digit in text.removeprefix('dec_'):
        number = number * 32 + BASE32.index(digit)
    return number.to_bytes(16, 'big')


def open_read_only(path):
    return sqlite3.connect(f'file:{path}?mode=ro', uri=True)


def must(condition, words):
    if not condition:
        raise Void(words)


def compare(name, what, promised, kept, in_flight):
    """Everything promised is there, and no more than what was on its way when the generator stopped."""
    missing = promised - kept
    must(not missing, f'{name}: {len(missing)} of {len(promised)} acknowledged decisions have no {what}')
    must(len(kept) <= len(promised) + in_flight,
         f'{name}: {len(kept)} times a {what} for {len(promised)} answers, and only {in_flight} could be on their way')


def promises(name, runs):
    ids = [one for run in runs for one in run.acknowledged()]
    must(len(ids) == sum(run.count for run in runs), f'{name}: the generator wrote {len(ids)} ids for {sum(r.count for r in runs)} answers')
    must(len(set(ids)) == len(ids), f'{name}: one decision was answered twice')
    must(ids, f'{name}: nothing was acknowledged')
    return set(ids), sum(run.in_flight for run in runs)


# ---- ours ----

def rows(name, db, runs, epoch_before):
    """Counts what the runs left in the database; `epoch_before` is the last epoch before this server was started."""
    ids, in_flight = promises(name, runs)
    promised = {id_bytes(one) for one in ids}
    decisions, claims = set(), set()
    for run in runs:
        last = run.tag + '~'
        decisions.update(row[0] for row in db.execute(
            'SELECT id FROM decision WHERE environment IN (SELECT number FROM environment) AND client_reference > ? AND client_reference < ? '
            'AND payload IS NOT NULL', (run.tag, last)))
        claims.update(row[0] for row in db.execute(
            'SELECT object FROM idempotency WHERE environment IN (SELECT number FROM environment) AND route = ? AND key > ? AND key < ?',
            (ROUTE, run.tag, last)))
    entries = {row[0] for row in db.execute(
        "SELECT object FROM audit_entry WHERE stream = 'main' AND epoch > ? AND kind = 'decision.created'", (epoch_before,))}
    compare(name, 'row', promised, decisions, in_flight)
    compare(name, 'claim of its Idempotency-Key', promised, claims, in_flight)
    missing = promised - entries
    must(not missing, f'{name}: {len(missing)} of {len(promised)} acknowledged decisions have no audit entry')
    return len(promised)


def last_epoch(db):
    return db.execute("SELECT coalesce(max(epoch), 0) FROM audit_entry WHERE stream = 'main'").fetchone()[0]


def synchronous(name, db, epoch_before, syncs):
    """With synchronous=FULL a commit is at least one sync; with less, only a checkpoint of the WAL is."""
    commits = db.execute("SELECT count(*) FROM audit_commit WHERE stream = 'main' AND epoch > ?", (epoch_before,)).fetchone()[0]
    must(commits > 0, f'{name}: it recorded no commit')
    must(syncs >= commits, f'{name}: {commits} commits, but only {syncs} syncs: it did not run with synchronous=FULL')


def merkle(leaf, index, size, path):
    """RFC 6962, section 2.1.1: the root that this path leads to, or None."""
    node = hashlib.sha256(b'\0' + leaf).digest()
    last = size - 1
    for sibling in map(bytes.fromhex, path):
        if last == 0:
            return None
        if index % 2 == 1 or index == last:
            node = hashlib.sha256(b'\1' + sibling + node).digest()
            while index % 2 == 0:
                index, last = index >> 1, last >> 1
        else:
            node = hashlib.sha256(b'\1' + node + sibling).digest()
        index, last = index >> 1, last >> 1
    return node if last == 0 else None


def word(text):
    return bytes([len(text)]) + text.encode()


def u64(number):
    return number.to_bytes(8, 'big')


def signature_holds(public_key, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (('key', ED25519_DER + public_key), ('message', message), ('signature', signature)):
            with open(f'{folder}/{name}', 'wb') as f:
                f.write(data)
        out = subprocess.run(['openssl', 'pkeyutl', '-verify', '-pubin', '-inkey', f'{folder}/key', '-keyform', 'DER', '-rawin',
                              '-in', f'{folder}/message', '-sigfile', f'{folder}/signature'], capture_output=True, check=False)
        return out.returncode == 0


def receipt_holds(receipt, payload):
    """docs/AUDIT.md, 'A receipt'."""
    e, c, s, k = receipt['entry'], receipt['commit'], receipt['signed'], receipt['checkpoint']
    digest = hashlib.sha256(bytes.fromhex(e['salt']) + payload).hexdigest()
    entry = hashlib.sha256(b'aval.entry.1\0' + bytes.fromhex(e['previous']) + word(e['stream']) + u64(e['epoch']) + u64(e['seq']) +
                           u64(e['time']) + word(e['kind']) + u64(e['environment']) + bytes.fromhex(e['object']) +
                           bytes.fromhex(e['digest'])).digest()
    public_key = bytes.fromhex(receipt['public_key'])
    commit, signed = merkle(entry, c['index'], c['size'], c['path']), merkle(bytes.fromhex(c['root']), s['index'], s['size'], s['path'])
    message = (b'aval.checkpoint.1\0' + word(k['stream']) + u64(k['epoch']) + u64(k['last']) + bytes.fromhex(k['head']) +
               bytes.fromhex(k['root']) + bytes.fromhex(k['previous']) + u64(k['time']) + bytes.fromhex(k['key']))
    return (digest == e['digest'] and entry.hex() == e['hash'] and commit is not None and commit.hex() == c['root'] and
            signed is not None and signed.hex() == s['root'] == k['root'] and k['key'] == hashlib.sha256(public_key).hexdigest() and
            signature_holds(public_key, message, bytes.fromhex(k['signature'])))


def unpack(packed):
    """docs/AUDIT.md, 'In the database': the payload of a decision, out of its LZ4 block."""
    must(packed[0] == 1, f'a payload is packed with dictionary {packed[0]}, which is not known here')
    with open(DICTIONARY, 'rb') as f:
        out = bytearray(f.read())
    start, at = len(out), 9
    must(zlib.crc32(packed[9:], zlib.crc32(packed[:5])) == int.from_bytes(packed[5:9], 'big'), 'a payload is damaged: its CRC-32 differs')

    def length(nibble):
        nonlocal at
        total = nibble
        while nibble == 15:
            total, byte, at = total + packed[at], packed[at], at + 1
            if byte != 255:
                break
        return total

    while at < len(packed):
        token, at = packed[at], at + 1
        literals = length(token >> 4)
        out += packed[at:at + literals]
        at += literals
        if at >= len(packed):
            break
        offset, at = int.from_bytes(packed[at:at + 2], 'little'), at + 2
        for _ in range(length(token & 15) + 4):
            out.append(out[-offset])
    text = bytes(out[start:])
    must(len(text) == int.from_bytes(packed[1:5], 'big'), 'a payload does not unpack to its length')
    return text


def ask(server, path):
    host = server.url.split('//')[1]
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request('GET', path, headers={'Authorization': f'Bearer {server.api_key}'})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    must(answer.status == 200, f'{server.name}: GET {path} answered {answer.status}: {body[:200]!r}')
    return body


def receipts(server, db, runs):
    """A few decisions, by chance: they read back as recorded, and their receipts hold.  The server runs, after a restart: what
    it has to say comes from the file."""
    ids = sorted(one for run in runs for one in run.acknowledged())
    for one in random.sample(ids, min(RECEIPTS, len(ids))):
        read = json.loads(ask(server, f'/v1/decisions/{one}'))
        must(read['id'] == one and read['body']['status'] == 'scored', f'{server.name}: {one} does not read back as a decision')
        payload = unpack(db.execute('SELECT payload FROM decision WHERE environment IN (SELECT number FROM environment) AND id = ?',
                                    (id_bytes(one),)).fetchone()[0])
        must(json.loads(payload)['body'] == read['body'], f'{server.name}: {one} reads back otherwise than recorded')
        receipt = json.loads(ask(server, f'/v1/decisions/{one}/receipt'))
        must(bytes.fromhex(receipt['entry']['object']) == id_bytes(one) and receipt_holds(receipt, payload),
             f'{server.name}: the receipt of {one} does not hold')


def verified(server):
    """The whole chain, by the program itself; returns how many entries it has."""
    try:
        verdict = server.run('verify', '--db', server.db)
    except Broken as fault:
        raise Void(f'{server.name}: {fault}') from None
    must(verdict.get('valid') is True, f'{server.name}: the audit chain does not verify: {verdict}')
    return verdict['entries']


def ours(server, runs, epoch_before, syncs, is_whole=True):
    """All of it, on a server that has stopped.  Leaves it stopped.  Returns how many decisions were checked."""
    db = open_read_only(server.db)
    try:
        synchronous(server.name, db, epoch_before, syncs)
        count = rows(server.name, db, runs, epoch_before)
        if is_whole:
            must(verified(server) >= count, f'{server.name}: the chain has fewer entries than decisions were answered')
        server.start(server.folder, 'plain')
        try:
            receipts(server, db, runs)
        finally:
            server.stop()
        return count
    finally:
        db.close()


# ---- the peers ----

def peer(server, runs, syncs):
    ids, in_flight = promises(server.name, runs)
    db = open_read_only(server.db)
    try:
        decisions = {row[0] for row in db.execute('SELECT id FROM decision')}
        claims = {row[0] for row in db.execute('SELECT decision FROM idempotency')}
        compare(server.name, 'row', ids, decisions, in_flight)
        compare(server.name, 'claim of its Idempotency-Key', ids, claims, in_flight)
        head, entries = bytes(32), set()
        for decision, digest, stored in db.execute('SELECT decision, digest, hash FROM audit ORDER BY seq'):
            head = hashlib.sha256(head + digest).digest()
            must(head == stored, f'{server.name}: its hash chain is broken at {decision}')
            entries.add(decision)
        compare(server.name, 'audit entry', ids, entries, in_flight)
        most = 1 if server.commit == 'each' else max(run.in_flight for run in runs)
        must(syncs * most >= len(decisions), f'{server.name}: {len(decisions)} rows in {syncs} syncs: it did not run with synchronous=FULL')
        return len(ids)
    finally:
        db.close()
