#!/bin/sh
# same_bits.sh - prove that scores are the same to the last bit, whoever compiled them and wherever they run.
#
# usage: tests/tools/same_bits.sh [BUNDLE...]     (default: that of the unit tests and the shipped ones)
#
# Builds tests/tools/bits.c and what it stands on with gcc and clang, with and without optimisation, under the
# sanitizers and for the processor at hand, runs each with and without the C library's AVX2 and FMA kernels, and
# compares everything they print.  Exit 1 names the first that differs.  Compilers that are not installed are said
# and left out; with fewer than two builds nothing is proven, which is a failure too.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

if [ $# -eq 0 ]; then
    set -- tests/unit/score/tiny_model.json models/*/model.json
fi
# defect.c is part of builds with planted defects only.
sources="tests/tools/bits.c src/base/[!d]*.c src/format/*.c src/credit/*.c src/graph/*.c src/forest/*.c src/feature/*.c src/score/*.c"
# The one flag that results rest on.  The build sets it for the whole tree: meson.build.
grep -q -e "'-ffp-contract=off'" meson.build || { echo "meson.build lost -ffp-contract=off" >&2; exit 1; }
common="-std=c17 -D_GNU_SOURCE -ffp-contract=off -fno-math-errno -Isrc -w"
untuned=glibc.cpu.hwcaps=-AVX2_Usable,-FMA_Usable,-AVX2,-FMA

runs=0
compare() { # LABEL: $work/out against the first
    runs=$((runs + 1))
    if [ ! -f "$work/first" ]; then
        mv "$work/out" "$work/first"
        first=$1
    elif ! cmp -s "$work/first" "$work/out"; then
        echo "same_bits: $1 differs from $first:" >&2
        diff "$work/first" "$work/out" | head -n 6 >&2
        exit 1
    fi
}

builds=0
while read -r compiler flags; do
    if ! command -v "$compiler" >/dev/null; then
        echo "same_bits: no $compiler here, left out" >&2
        continue
    fi
    # shellcheck disable=SC2086 # flags and sources are lists
    "$compiler" $common $flags -o "$work/bits" $sources -lm
    builds=$((builds + 1))
    "$work/bits" "$@" >"$work/out"
    compare "$compiler $flags"
    GLIBC_TUNABLES=$untuned "$work/bits" "$@" >"$work/out"
    compare "$compiler $flags, without AVX2 and FMA"
done <<'END'
gcc -O0
gcc -O2
gcc -O3 -march=native
gcc -O3 -flto
gcc -O1 -fsanitize=address,undefined
clang -O0
clang -O2
clang -O3 -march=native
clang -O1 -fsanitize=address,undefined
END

if [ "$builds" -lt 2 ]; then
    echo "same_bits: $builds build proves nothing" >&2
    exit 1
fi
echo "same_bits: $runs runs of $builds builds print the same $(wc -l <"$work/first") lines"
echo "$runs passed, 0 failed"
