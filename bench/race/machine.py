"""machine.py - what the figures were taken on, and what the kernel says of a process."""
import json
import os
import re
import subprocess


def read(path):
    with open(path, encoding='utf-8', errors='replace') as f:
        return f.read()


def first_line(*command):
    try:
        out = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return 'not installed'
    return ((out.stdout + out.stderr).strip().splitlines() or ['?'])[0]


def family(pid):
    """The process and all below it."""
    pids, todo = [], [pid]
    while todo:
        one = todo.pop()
        try:
            for thread in os.listdir(f'/proc/{one}/task'):
                todo += map(int, read(f'/proc/{one}/task/{thread}/children').split())
        except FileNotFoundError:
            continue
        pids.append(one)
    return pids


def cpu_seconds(pid):
    """User and system time of the whole process, threads that ended included."""
    fields = read(f'/proc/{pid}/stat').rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def rss_mib(pid):
    match = re.search(r'^VmRSS:\s+(\d+) kB', read(f'/proc/{pid}/status'), re.MULTILINE)
    return int(match.group(1)) / 1024 if match else 0.0


def filesystem(folder):
    best = ('', '?')
    for line in read('/proc/mounts').splitlines():
        device, mount, kind, options, *_ = line.split()
        inside = os.path.realpath(folder).startswith(mount if mount.endswith('/') else mount + '/') or mount == '/'
        if inside and len(mount) >= len(best[0]):
            best = (mount, f'{kind} on {device} ({options})')
    return best[1]


def compiler_flags(build):
    for entry in json.loads(read(f'{build}/compile_commands.json')):
        if entry['file'].endswith('src/main/main.c'):
            words = entry['command'].split()
            return ' '.join([os.path.basename(words[0])] + [w for w in words if re.match(r'-(O|g$|f|D_FORTIFY|std)', w)])
    return '?'


def describe(root, build, folder):
    """(name, value) pairs."""
    cpu = re.search(r'^model name\s*:\s*(.*)$', read('/proc/cpuinfo'), re.MULTILINE)
    revision = first_line('git', '-C', root, 'describe', '--always', '--dirty', '--abbrev=12')
    return [
        ('revision', revision),
        ('aval', f'{first_line(f"{build}/aval", "--version")}, {compiler_flags(build)}, OpenSSL and SQLite of the system'),
        ('compiler', first_line('cc', '--version')),
        ('processor', f'{cpu.group(1) if cpu else "?"}, {os.cpu_count()} of them'),
        ('kernel', f'{os.uname().sysname} {os.uname().release} {os.uname().machine}'),
        ('memory', read('/proc/meminfo').splitlines()[0].split(':')[1].strip()),
        ('filesystem', filesystem(folder)),
        ('load before', read('/proc/loadavg').split()[0]),
        ('wrk', first_line('wrk', '-v').split()[1]),
        ('nginx', first_line(f'{build}/nginx/usr/sbin/nginx', '-v').removeprefix('nginx version: ')),
    ]
