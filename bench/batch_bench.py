#!/usr/bin/env python3
"""batch_bench - companies a second through `aval batch` with one thread, with reasons and without.

usage: batch_bench AVAL DIRECTORY [COMPANIES]

A second is one of a processor, of all that the program does: reading, deciding, writing.  It hardly depends on
what else the machine does.  Beside it, the second of a clock.
"""
import os
import resource
import subprocess
import sys
import time

KINDS = [('accounts alone', ['--blocks', 'financial,firmographic']), ('every block, with ties', [])]


def cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(args):
    began, spent = time.monotonic(), cpu()
    done = subprocess.run(args, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f'batch_bench: {args[1]} ended with {done.returncode}: {done.stderr}')
    return cpu() - spent, time.monotonic() - began


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    aval, directory = sys.argv[1:3]
    companies = int(sys.argv[3]) if len(sys.argv) == 4 else 20000
    print(f'aval batch --jobs 1, {companies} companies; a second:{"of a processor":>32} {"of the clock":>14}')
    for kind, options in KINDS:
        rows = os.path.join(directory, 'companies.ndjson')
        run([aval, 'economy', '--seed', '1', '--companies', str(companies), '--out', rows, *options])
        size = os.path.getsize(rows) / companies
        for what, more in (('with reasons', []), ('without', ['--no-reasons'])):
            spent, passed = run([aval, 'batch', rows, '--out', '/dev/null', '--jobs', '1', *more])
            print(f'  {kind}, {size / 1000:.1f} kB, {what:<20}'.ljust(62)
                  + f'{companies / spent:14.0f} {companies / passed:14.0f}')
        os.unlink(rows)


if __name__ == '__main__':
    main()
