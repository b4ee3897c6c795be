#!/usr/bin/env python3
"""embed_web.py OUT.bin OUT.S OUT.c NAME=FILE ...: make web files part of the program.

Makes the table of src/api/asset.h.  Each file is there twice, as it is and packed with gzip, and under a path that holds
its digest, so that it can be kept for ever.  In a page (.html) or style sheet, {{NAME}} stands for the path of NAME."""
import gzip
import hashlib
import os
import re
import sys

TYPES = {'.css': 'text/css; charset=utf-8', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
         '.json': 'application/json', '.svg': 'image/svg+xml', '.txt': 'text/plain; charset=utf-8'}


def path_of(name, data):
    stem, extension = os.path.splitext(name)
    return f'{stem}.{hashlib.sha256(data).hexdigest()[:12]}{extension}'


def expand(name, text, paths):
    def path(match):
        if match.group(1) not in paths:
            sys.exit(f'{name}: {match.group(0)} is no file that is embedded')
        return '/docs/' + paths[match.group(1)]
    return re.sub(r'\{\{([\w.-]+)\}\}', path, text)


def read_all(pairs):
    files = {}
    for name, path in pairs:
        with open(path, 'rb') as f:
            files[name] = f.read()
    paths = {name: path_of(name, data) for name, data in files.items() if not name.endswith('.html')}
    for name in files:
        if name.endswith('.html'):
            files[name] = expand(name, files[name].decode(), paths).encode()
            paths[name] = path_of(name, files[name])
    return files, paths


def main():
    out_bin, out_s, out_c, pairs = sys.argv[1], sys.argv[2], sys.argv[3], [a.split('=', 1) for a in sys.argv[4:]]
    files, paths = read_all(pairs)
    rows, at = [], 0
    with open(out_bin, 'wb') as b:
        for name, data in files.items():
            packed = gzip.compress(data, 9, mtime=0)
            b.write(data + packed)
            etag = hashlib.sha256(data).hexdigest()[:32]
            kind = TYPES[os.path.splitext(name)[1]]
            rows.append(f'    {{"{name}", "{paths[name]}", "{kind}", "{etag}", web_bytes + {at}, {len(data)},\n'
                        f'     web_bytes + {at + len(data)}, {len(packed)}}},\n')
            at += len(data) + len(packed)
    with open(out_s, 'w') as s:
        s.write(f'    .section .rodata\n    .global web_bytes\n    .balign 16\nweb_bytes:\n    .incbin "{os.path.abspath(out_bin)}"\n'
                '    .byte 0\n    .section .note.GNU-stack,"",@progbits\n')
    with open(out_c, 'w') as c:
        c.write('/* web_assets.c - the table of asset.h; made at build. */\n#include "api/asset.h"\n\n'
                'extern const unsigned char web_bytes[];\n\nconst struct asset assets[] = {\n')
        c.write(''.join(rows))
        c.write(f'}};\nconst size_t asset_count = {len(rows)};\n')


main()
