#!/usr/bin/env bash
# quality.sh - train and validate on the public data sets, hold every figure against its floor, and
# retrain the shipped model: it must come out byte for byte.
#
# Usage: tests/quality/quality.sh --data DIR [--aval PATH]
# DIR holds <set>_{train,valid,test}.csv.gz (models/default/README.md says of which data).  Nothing is kept.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
default=$root/models/default
aval=$root/build/aval
data=

usage() {
    printf 'usage: %s --data DIR [--aval PATH]\n' "$0" >&2
    exit 64
}

while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
        --data) data=$2 ;;
        --aval) aval=$2 ;;
        *) usage ;;
    esac
    shift 2
done
[ -n "$data" ] || usage
[ -x "$aval" ] || {
    printf 'quality: %s is not there: build first\n' "$aval" >&2
    exit 66
}
for file in us_bankruptcy_{train,valid,test} polish_5year_{train,test}; do
    [ -f "$data/$file.csv.gz" ] || {
        printf 'quality: %s has no %s.csv.gz\n' "$data" "$file" >&2
        exit 66
    }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# outcome OK WHAT: count it and say it.
outcome() {
    if [ "$1" = ok ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
    printf '%-6s %s\n' "$1" "$2"
}

# figure NAME JSON: one number of a flat JSON object.
figure() {
    printf '%s\n' "$2" | sed -n "s/.*\"$1\":\\([-0-9.e]*\\).*/\\1/p"
}

# at_least VALUE FLOOR
at_least() { awk -v value="$1" -v floor="$2" 'BEGIN { exit !(value != "" && value + 0 >= floor + 0) }'; }

# validate LABEL FLOOR BUNDLE ARGUMENT...: a row of the table, and its AUC against the floor.
validate() {
    local label=$1 floor=$2 bundle=$3 answer auc
    shift 3
    if ! answer=$("$aval" validate "$bundle" --json "$@"); then
        outcome failed "$label: validate"
        return
    fi
    auc=$(figure auc "$answer")
    printf '%-24s %6s %5s  %.4f +- %.4f  %6.3f %6.3f %7.4f %7.4f %7.4f\n' "$label" \
        "$(figure n "$answer")" "$(figure bads "$answer")" "$auc" "$(figure auc_se "$answer")" \
        "$(figure ks "$answer")" "$(figure average_precision "$answer")" \
        "$(figure brier "$answer")" "$(figure log_loss "$answer")" "$(figure ece "$answer")"
    if at_least "$auc" "$floor"; then
        outcome ok "$label: AUC at least $floor"
    else
        outcome failed "$label: AUC $auc is below $floor"
    fi
}

# train WHAT OUT ARGUMENT...
train() {
    local what=$1 out=$2
    shift 2
    if "$aval" train scorecard --seed 20261122 --out "$out" --json "$@" >"$work/summary"; then
        outcome ok "$what: trained, cross-validated AUC $(figure cross_validated_auc "$(cat "$work/summary")")"
    else
        outcome failed "$what: train"
    fi
}

us_test=(--data "$data/us_bankruptcy_test.csv.gz" --label default_12m --where 'year >= 2015')
polish_test=(--data "$data/polish_5year_test.csv.gz" --label class)
us_train=(--data "$data/us_bankruptcy_train.csv.gz" --data "$data/us_bankruptcy_valid.csv.gz")

train "default model" "$work/default.json" \
    "${us_train[@]}" --test "$data/us_bankruptcy_test.csv.gz" \
    --mapping "$default/us_bankruptcy.mapping.json" \
    --data "$data/polish_5year_train.csv.gz" --test "$data/polish_5year_test.csv.gz" \
    --mapping "$default/polish_bankruptcy.mapping.json" \
    --features core --exclude dso,dio --rank auto \
    --central-tendency "$default/central_tendency.json" --card "$default/card.json" \
    --id aval-default --version 2026.11.0
if cmp -s "$work/default.json" "$default/model.json"; then
    outcome ok "default model: retrained byte for byte"
else
    outcome failed "default model: retraining gives other bytes than models/default/model.json"
fi
train "US, own ratios" "$work/us.json" "${us_train[@]}" --mapping "$here/us_own.mapping.json"
train "Poland, own ratios" "$work/polish.json" --data "$data/polish_5year_train.csv.gz" --label class

printf '\n%-24s %6s %5s  %-16s  %6s %6s %7s %7s %7s\n' 'on test' rows bad AUC KS AP Brier logloss ECE
validate "default model, US" 0.795 "$default/model.json" "${us_test[@]}"
validate "default model, Poland" 0.76 "$default/model.json" "${polish_test[@]}"
validate "US, own ratios" 0.832 "$work/us.json" "${us_test[@]}"
validate "Poland, own ratios" 0.921 "$work/polish.json" "${polish_test[@]}"

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
