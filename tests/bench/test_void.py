#!/usr/bin/env python3
"""test_void.py BUILD [AVAL] - a figure must be void when anything of a decision is missing: each loss is planted and must be found.

AVAL is a program built with test_defects: then the server itself is made to lose.
"""
import http.client
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..'))
sys.path.insert(0, os.path.join(ROOT, 'bench'))

from race import contest, load, proof, servers  # noqa: E402  (found by the line above)

BUILD = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else os.path.join(ROOT, 'build')
DECISIONS = 12
IN_FLIGHT = 0
DEFECTIVE = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 and not sys.argv[1].startswith('-') else None


def request():
    with open(os.path.join(ROOT, 'bench/request.json'), encoding='utf-8') as f:
        return json.load(f)


def decide(server, run, count):
    """Sends decisions one after the other and writes down the ids, as the generators do."""
    host, port = server.url.split('//')[1].split(':')
    connection = http.client.HTTPConnection(host, int(port), timeout=60)
    ids = []
    for i in range(count):
        name = f'{run.tag}-1-{i:09}'
        connection.request('POST', '/v1/decisions', json.dumps({**request(), 'client_reference': name}),
                           {'Authorization': f'Bearer {server.api_key}', 'Content-Type': 'application/json', 'Idempotency-Key': name})
        answer = connection.getresponse()
        body = json.loads(answer.read())
        if answer.status != 201:
            raise AssertionError(body)
        ids.append(body['id'])
    connection.close()
    with open(f'{run.ids_file}.1', 'w', encoding='ascii') as f:
        f.write('\n'.join(ids) + '\n')
    run.count, run.in_flight = count, IN_FLIGHT
    return ids


def measured(folder, count=DECISIONS, aval=None):
    """(server, runs, syncs) of one that has served and stopped."""
    data = f'{folder}/data'
    os.makedirs(data)
    server = servers.Aval(servers.Tools(BUILD, folder, '', aval))
    run = load.Run(folder)
    try:
        server.start(data, 'plain')
        decide(server, run, count)
        server.stop()
    finally:
        server.kill()
    return server, [run], server.syncs()


class Proof(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.server, cls.runs, cls.syncs = measured(cls.folder)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def setUp(self):
        """Each test spoils a copy of its own."""
        self.whole = self.server.folder
        self.server.folder = tempfile.mkdtemp(dir=self.folder)
        shutil.copytree(self.whole, self.server.folder, dirs_exist_ok=True)

    def tearDown(self):
        self.server.kill()
        self.server.folder = self.whole

    def spoil(self, statement, *values):
        db = sqlite3.connect(self.server.db)
        changed = db.execute(statement, values).rowcount
        db.commit()
        db.close()
        self.assertGreater(changed, 0, 'the plant changed nothing')

    def one(self):
        return proof.id_bytes(self.runs[0].acknowledged()[DECISIONS // 2])

    def judge(self, syncs=None, runs=None):
        return proof.ours(self.server, runs or self.runs, 0, self.syncs if syncs is None else syncs)

    def assert_void(self, words, **judged):
        with self.assertRaisesRegex(load.Void, words):
            self.judge(**judged)

    def test_it_counts_what_is_whole(self):
        self.assertEqual(self.judge(), DECISIONS)

    def test_it_is_void_without_a_row(self):
        self.spoil('DELETE FROM decision WHERE id = ?', self.one())
        self.assert_void('1 of 12 acknowledged decisions have no row')

    def test_it_is_void_without_a_payload(self):
        self.spoil('UPDATE decision SET payload = NULL, salt = NULL WHERE id = ?', self.one())
        self.assert_void('have no row')

    def test_it_is_void_without_a_claim(self):
        self.spoil('DELETE FROM idempotency WHERE object = ?', self.one())
        self.assert_void('1 of 12 acknowledged decisions have no claim')

    def test_it_is_void_with_a_claim_under_another_key(self):
        self.spoil("UPDATE idempotency SET key = 'another' WHERE object = ?", self.one())
        self.assert_void('have no claim')

    def test_it_is_void_without_an_audit_entry(self):
        self.spoil('DELETE FROM audit_entry WHERE object = ?', self.one())
        self.assert_void('1 of 12 acknowledged decisions have no audit entry')

    def test_it_is_void_when_an_entry_was_touched(self):
        self.spoil("UPDATE audit_entry SET time_ms = time_ms + 1 WHERE object = ?", self.one())
        self.assert_void('verify')

    def test_it_is_void_when_a_row_says_other_than_its_entry(self):
        self.spoil("UPDATE decision SET recommendation = 'decline' WHERE id = ?", self.one())
        self.assert_void('verify')

    def test_it_is_void_when_checkpoints_are_missing(self):
        self.spoil("DELETE FROM audit_checkpoint WHERE stream = 'main'")
        self.assert_void('verify')

    def test_it_is_void_with_a_decision_that_nobody_was_promised(self):
        run = load.Run(self.server.folder)
        run.tag, run.count, run.in_flight = self.runs[0].tag, DECISIONS - 1, 0
        with open(f'{run.ids_file}.1', 'w', encoding='ascii') as f:
            f.write('\n'.join(self.runs[0].acknowledged()[1:]))
        self.assert_void('12 times a row for 11 answers', runs=[run])

    def test_it_is_void_when_one_decision_was_answered_twice(self):
        run = load.Run(self.server.folder)
        run.tag, run.count = self.runs[0].tag, DECISIONS + 1
        ids = self.runs[0].acknowledged()
        with open(f'{run.ids_file}.1', 'w', encoding='ascii') as f:
            f.write('\n'.join([*ids, ids[0]]))
        self.assert_void('answered twice', runs=[run])

    def test_it_is_void_when_the_generator_lost_an_id(self):
        self.runs[0].count += 1
        try:
            self.assert_void('wrote 12 ids for 13 answers')
        finally:
            self.runs[0].count -= 1

    def test_it_is_void_with_fewer_syncs_than_commits(self):
        self.assert_void('synchronous=FULL', syncs=DECISIONS - 1)


class Receipts(unittest.TestCase):
    """RFC 6962, appendix-free: the paths of trees small enough to do by hand."""

    def test_it_leads_a_leaf_to_its_root(self):
        leaves = [bytes([i]) for i in range(3)]
        a, b, c = (proof.hashlib.sha256(b'\0' + leaf).digest() for leaf in leaves)
        ab = proof.hashlib.sha256(b'\1' + a + b).digest()
        root = proof.hashlib.sha256(b'\1' + ab + c).digest()
        self.assertEqual(proof.merkle(leaves[0], 0, 3, [b.hex(), c.hex()]), root)
        self.assertEqual(proof.merkle(leaves[1], 1, 3, [a.hex(), c.hex()]), root)
        self.assertEqual(proof.merkle(leaves[2], 2, 3, [ab.hex()]), root)
        self.assertNotEqual(proof.merkle(leaves[2], 1, 3, [a.hex(), c.hex()]), root)

    def test_it_takes_no_path_of_another_length(self):
        self.assertIsNone(proof.merkle(b'x', 0, 4, ['00' * 32]))
        self.assertIsNone(proof.merkle(b'x', 0, 1, ['00' * 32]))


class Loads(unittest.TestCase):
    """What the generator says decides, too."""

    def send(self, figures, code=0):
        server = mock.Mock(is_recorded=True, api_key='k', url='http://127.0.0.1:1', tools=mock.Mock(build=BUILD, request='{}'))
        server.name = 'aval'
        server.rss_mib.return_value = server.cpu_seconds.return_value = 1.0
        out = subprocess.CompletedProcess([], code, figures, '')
        with mock.patch('race.load.subprocess.run', return_value=out):
            return load.send(server, 'plain', 8, 1, load.Run('.'))

    def test_it_takes_a_clean_run(self):
        self.assertEqual(self.send('figures 100 1000000 500 900 0 0 100').per_s, 100)

    def test_it_is_void_with_a_timeout_or_an_error(self):
        with self.assertRaisesRegex(load.Void, '1 errors'):
            self.send('figures 100 1000000 500 900 1 0 100')

    def test_it_is_void_when_an_answer_was_no_decision(self):
        with self.assertRaisesRegex(load.Void, '1 answers that were no decision'):
            self.send('figures 100 1000000 500 900 0 1 99')

    def test_it_is_void_without_answers(self):
        with self.assertRaisesRegex(load.Void, 'no answer'):
            self.send('figures 0 1000000 0 0 0 0 0')

    def test_it_gives_a_silent_server_more_time_and_then_no_figure(self):
        tried = []

        def send(_server, _transport, _in_flight, seconds, _run, may_be_silent):
            tried.append(seconds)
            if not may_be_silent:
                raise load.Void('no answer at all')

        with mock.patch('race.load.send', send), self.assertRaises(load.Void):
            contest.measure(None, 'tls', 64, 1, '.')
        self.assertEqual(tried, [1, 4, 16])

    def test_it_is_void_when_answers_had_no_id(self):
        with self.assertRaisesRegex(load.Void, '99 with a decision'):
            self.send('figures 100 1000000 500 900 0 0 99')

    def test_it_is_void_when_the_generator_failed(self):
        with self.assertRaisesRegex(load.Void, 'failed'):
            self.send('figures 100 1000000 500 900 0 0 100', code=1)


class Defects(unittest.TestCase):
    """A server that is faster because it does less."""

    def run_with(self, defect):
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, AVAL_TEST_DEFECT=defect):
            server, runs, syncs = measured(folder, 60, DEFECTIVE)
            return proof.ours(server, runs, 0, syncs)

    def test_it_is_void_when_commits_do_not_wait_for_the_disk(self):
        for defect in ('sync-normal', 'sync-off'):
            # A store that cannot even work without its syncs gives no figure, either.
            with self.subTest(defect), self.assertRaisesRegex((load.Void, servers.Broken), 'synchronous=FULL|could not be set up'):
                self.run_with(defect)

    def test_it_is_void_when_keys_are_remembered_in_memory(self):
        with self.assertRaisesRegex(load.Void, 'claim'):
            self.run_with('claim-in-memory')


if __name__ == '__main__':
    if DEFECTIVE is None:
        del Defects
    unittest.main()
