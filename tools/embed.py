#!/usr/bin/env python3
"""embed.py OUT.S OUT.h NAME=FILE ...: make files part of the program.

Each NAME becomes `extern const unsigned char NAME[]` and `extern const size_t NAME_len`."""
import os
import sys


def main():
    out_s, out_h, pairs = sys.argv[1], sys.argv[2], [a.split("=", 1) for a in sys.argv[3:]]
    guard = os.path.basename(out_h).upper().replace(".", "_")
    with open(out_s, "w") as s:
        s.write("    .section .rodata\n")
        for name, path in pairs:
            size = os.path.getsize(path)
            s.write(f"    .global {name}\n    .balign 16\n{name}:\n    .incbin \"{os.path.abspath(path)}\"\n    .byte 0\n")
            s.write(f"    .global {name}_len\n    .balign 8\n{name}_len:\n    .quad {size}\n")
        s.write("    .section .note.GNU-stack,\"\",@progbits\n")
    with open(out_h, "w") as h:
        h.write(f"/* {os.path.basename(out_h)} - files that are part of the program; made at build. */\n")
        h.write(f"#ifndef {guard}\n#define {guard}\n\n#include <stddef.h>\n\n")
        for name, path in pairs:
            h.write(f"extern const unsigned char {name}[]; /* {os.path.basename(path)} */\nextern const size_t {name}_len;\n")
        h.write("\n#endif\n")


main()
