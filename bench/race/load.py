"""load.py - sends decisions for some seconds: wrk for HTTP/1.1, h2_load for HTTP/2.

Closed loop: each connection (or stream) sends its next request when it has the answer.  Under such a load a server that
stops for a moment is not sent what would have come meanwhile, so p99 is kinder than life.  That holds for all of them.
"""
import os
import resource
import secrets
import subprocess

from race import figures, servers

WRK_SCRIPT = os.path.join(servers.HERE, 'decision.lua')
STREAMS = 8  # of one HTTP/2 connection


class Void(Exception):
    """The figure does not count; says why."""


class Run:
    """What one load sent, and what it was promised."""

    def __init__(self, folder):
        self.tag = 'b' + secrets.token_hex(5)
        self.ids_file = f'{folder}/ids-{self.tag}'
        self.in_flight = 0
        self.count = 0

    def acknowledged(self):
        ids = []
        for name in sorted(os.listdir(os.path.dirname(self.ids_file))):
            if name.startswith(os.path.basename(self.ids_file) + '.'):
                with open(os.path.join(os.path.dirname(self.ids_file), name), encoding='ascii') as f:
                    ids += f.read().split()
        return ids


def h2_shape(in_flight):
    """(connections, streams each) for so many requests in flight."""
    return (max(1, in_flight // STREAMS), min(STREAMS, in_flight))


def generator_cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def send(server, transport, in_flight, seconds, run, may_be_silent=False):
    """A Sample, or None if nothing was answered and that may be.  Raises Void if any answer was no decision."""
    tools = server.tools
    if transport == 'h2':
        connections, streams = h2_shape(in_flight)
        command = [f'{tools.build}/bench/h2_load', server.url, str(connections), str(streams), str(seconds)]
    else:
        command = ['wrk', '-t', '1', '-c', str(in_flight), '-d', f'{seconds}s', '--timeout', '10s', '-s', WRK_SCRIPT, server.url]
    environment = {**os.environ, 'AVAL_BENCH_BODY': tools.request, 'AVAL_BENCH_KEY': server.api_key, 'AVAL_BENCH_RUN': run.tag,
                   'AVAL_BENCH_IDS': run.ids_file if server.is_recorded else ''}
    rss_before, server_before, generator_before = server.rss_mib(), server.cpu_seconds(), generator_cpu_seconds()
    out = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    generator_used = generator_cpu_seconds() - generator_before
    lines = [line for line in out.stdout.splitlines() if line.startswith('figures ')]
    if out.returncode != 0 or not lines:
        raise Void(f'the generator failed: {(out.stderr or out.stdout).strip()[-300:]}')
    server_used, rss_after = server.cpu_seconds() - server_before, server.rss_mib()
    answers, duration_us, p50_us, p99_us, errors, wrong, acknowledged = map(int, lines[-1].split()[1:])
    run.in_flight, run.count = in_flight, acknowledged
    where = f'{server.name}, {transport}, {in_flight} in flight'
    if errors or wrong:
        raise Void(f'{where}: {errors} errors or timeouts and {wrong} answers that were no decision, of {answers}')
    if not answers and may_be_silent:
        return None
    if not answers:
        raise Void(f'{where}: no answer at all')
    if server.is_recorded and acknowledged != answers:
        raise Void(f'{where}: {answers} answers, but {acknowledged} with a decision')
    return figures.Sample(answers, duration_us / 1e6, p50_us / 1e3, p99_us / 1e3, server_used, generator_used, rss_before, rss_after)
