"""overload.py - more than can be done: what is decided then, and how the rest is turned away.

The peak is the best of closed loops.  Then an open loop asks three times as much by the clock, over many connections and streams,
with several keys, and does not slow down with the server.  Generator and server share the processors: the generator of an
overload takes more of them than that of the peak, and what it lags behind its own clock is told.

Apart, the server has one half of the processors and the generator the other, at the peak as in the storm: then three times what the
server can do is asked of it, and nobody takes its processors from it.  That is how callers on other machines are.
"""
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass

from race import load, servers
from race.load import Run, Void

TIMES = 3
PEAK_SHAPES = ((8, 8), (8, 32), (32, 32))  # connections, streams of each
OVERLOAD_SHAPE = (200, 64)
CROWD_SHAPE = (250, 4)  # a thousand requests in flight, one key: nobody may be refused
KEYS = 4
FIELDS = ('due', 'unsent', 'good', 'length_us', 'refused', 'errors', 'wrong', 'unanswered', 'p50_us', 'p99_us', 'refused_p50_us',
          'refused_p99_us', 'lag_p50_us', 'lag_p99_us', 'retry_least_s', 'retry_most_s', 'most_open', 'decided', 'turned')


@dataclass
class Storm:
    """What one open loop saw."""
    figures: dict
    server_used: float
    generator_used: float


def generate(server, shape, seconds, run, rate=0):
    connections, streams = shape
    command = [f'{server.tools.build}/bench/h2_load', server.url, str(connections), str(streams), str(seconds), '0', str(rate)]
    environment = {**os.environ, 'AVAL_BENCH_BODY': server.tools.request, 'AVAL_BENCH_KEY': server.api_key, 'AVAL_BENCH_RUN': run.tag,
                   'AVAL_BENCH_IDS': ''}
    server_before, generator_before = server.cpu_seconds(), load.generator_cpu_seconds()
    out = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    used = (server.cpu_seconds() - server_before, load.generator_cpu_seconds() - generator_before)
    lines = [line for line in out.stdout.splitlines() if line.startswith(('figures ', 'overload '))]
    if out.returncode != 0 or not lines:
        raise Void(f'the generator failed: {(out.stderr or out.stdout).strip()[-300:]}')
    return list(map(int, lines[-1].split()[1:])), used


def closed(server, shape, seconds, folder):
    """(decisions a second, p99 in ms, microseconds of server time a decision); every answer was a decision."""
    numbers, (server_used, _) = generate(server, shape, seconds, Run(folder))
    answers, length_us, _, p99_us, errors, wrong, _ = numbers
    if errors or wrong or not answers:
        raise Void(f'{shape[0] * shape[1]} in flight: {errors} errors, {wrong} answers that were no decision, of {answers}')
    return answers / length_us * 1e6, p99_us / 1e3, server_used / answers * 1e6


def storm(server, rate, seconds, folder):
    numbers, used = generate(server, OVERLOAD_SHAPE, seconds, Run(folder), rate)
    figures = dict(zip(FIELDS, numbers))
    if figures['errors'] or figures['wrong'] or figures['unanswered']:
        raise Void(f'overload: {figures["errors"]} errors, {figures["wrong"]} wrong answers, {figures["unanswered"]} without one, '
                   f'of {figures["due"]}')
    if not figures['refused']:
        raise Void(f'overload: nobody was refused at {rate}/s: it was none')
    return Storm(figures, *used)


def halves(processors):
    """The processors of the server and those of the generator."""
    if len(processors) < 2:
        raise Void('one processor cannot be halved')
    middle = len(processors) // 2
    return set(processors[:middle]), set(processors[middle:])


def measure(tools, report, seconds, apart=False):
    processors = sorted(os.sched_getaffinity(0))
    of_server, of_generator = halves(processors) if apart else (set(processors), set(processors))
    folder = tempfile.mkdtemp(dir=tools.folder)
    server = servers.Aval(tools)
    options = ('--handshakes', '100000', *(('--loops', str(len(of_server)), '--workers', str(len(of_server))) if apart else ()))
    try:
        os.sched_setaffinity(0, of_server)  # for the server to inherit
        server.start(folder, 'tls', options)
        os.sched_setaffinity(0, of_generator)
        one_key = server.api_key
        closed(server, PEAK_SHAPES[0], 1, folder)  # warm
        loops = [closed(server, shape, seconds, folder) for shape in PEAK_SHAPES]
        for (connections, streams), (rate, p99_ms, cpu_us) in zip(PEAK_SHAPES, loops):
            report.line(f'closed, {connections * streams:>4} in flight  {rate:>8.0f}/s  p99 {p99_ms:7.1f} ms  {cpu_us:6.1f} us of server time each')
        crowd = closed(server, CROWD_SHAPE, seconds, folder)
        report.line(f'closed, 1000 in flight  {crowd[0]:>8.0f}/s  p99 {crowd[1]:7.1f} ms  one key, nobody refused')
        peak = max(rate for rate, _, _ in loops)
        cpu_us = min(us for _, _, us in loops)
        server.api_key = ' '.join([one_key, *(server.new_key(folder) for _ in range(KEYS - 1))])
        s = storm(server, round(TIMES * peak), seconds, folder)
        server.api_key = one_key
        after = closed(server, PEAK_SHAPES[1], seconds, folder)
        server.stop()
    finally:
        os.sched_setaffinity(0, processors)
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
    f = s.figures
    good = f['good'] / f['length_us'] * 1e6
    refused_us = (s.server_used * 1e6 - f['decided'] * cpu_us) / f['turned']
    report.line(f'open, {TIMES} times the peak  {f["due"]} due, {f["unsent"]} found no stream, at most {f["most_open"]} in flight; '
                f'the generator took {s.generator_used:.1f} s and lagged {f["lag_p50_us"] / 1e3:.1f} ms (p99 {f["lag_p99_us"] / 1e3:.1f})')
    report.line(f'server on {len(of_server)} processors, generator on {len(of_generator)}, {"apart" if apart else "shared"}; '
                f'of an answer the generator takes {s.generator_used * 1e6 / (f["decided"] + f["turned"]):.1f} us')
    return {'peak_per_s': round(peak), 'goodput_per_s': round(good), 'goodput_ratio': round(good / peak, 3), 'admitted_p50_ms': f['p50_us'] / 1e3,
            'admitted_p99_ms': f['p99_us'] / 1e3, 'refused': f['refused'], 'refused_p50_ms': f['refused_p50_us'] / 1e3,
            'refused_p99_ms': f['refused_p99_us'] / 1e3, 'refusal_cpu_us': round(refused_us, 1), 'decision_cpu_us': round(cpu_us, 1),
            'retry_after_s': f'{f["retry_least_s"]}..{f["retry_most_s"]}', 'crowd_p99_ms': round(crowd[1], 1), 'after_per_s': round(after[0])}
