#!/usr/bin/env bash
# quality.sh - train and validate on the public data sets, hold every figure against its floor, and
# retrain the shipped model: it must come out byte for byte.  Then trees, on each set: figures, every answer and
# every contribution beside XGBoost's own, and a peer that Python trains by the same protocol.  Last, what each idea
# to better them brings on the training rows, paired: docs/MODEL_QUALITY.md reads that table.
#
# Usage: tests/quality/quality.sh --data DIR [--aval PATH] [--only scorecard|forest|ideas]
# What is chosen is chosen by cross-validation on the training rows; test rows are scored once, here.
# DIR holds <set>_{train,valid,test}.csv.gz (models/default/README.md says of which data).  Nothing is kept.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
default=$root/models/default
aval=$root/build/aval
data=
only=

usage() {
    printf 'usage: %s --data DIR [--aval PATH] [--only scorecard|forest|ideas]\n' "$0" >&2
    exit 64
}

while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
        --data) data=$2 ;;
        --aval) aval=$2 ;;
        --only) only=$2 ;;
        *) usage ;;
    esac
    shift 2
done
[ -n "$data" ] || usage
case $only in '' | scorecard | forest | ideas) ;; *) usage ;; esac
[ -x "$aval" ] || {
    printf 'quality: %s is not there: build first\n' "$aval" >&2
    exit 66
}
for file in us_bankruptcy_{train,valid,test} polish_{5,3,1}year_{train,test} taiwan_{train,test} sba_balanced_{train,test}; do
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

scorecards() {
    if "$default/make" --data "$data" --aval "$aval" --out "$work/default.json" >"$work/made.json"; then
        outcome ok "default model: made"
    else
        outcome failed "default model: models/default/make"
    fi
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
}

# ---- trees ----

# explain WHAT BUNDLE OUT ARGUMENT...
explain() {
    local what=$1 bundle=$2 out=$3
    shift 3
    "$aval" validate "$bundle" --json --explain "$out" "$@" >/dev/null || outcome failed "$what: explain"
}

# parity WHAT NAME PART: our answers to these rows beside XGBoost's.
parity() {
    local said
    if said=$("$here/xgboost_peer.py" parity "$work/$2.xgboost.json" "$work/$2.$3.csv"); then
        outcome ok "$1, $3: $said"
    else
        outcome failed "$1, $3: $said"
    fi
}

# forest WHAT NAME FLOOR FREE: trees of a set.  The arrays train_on, learned, tested and peer_on say of which.
# train_on: arguments of train.  learned, tested: arguments of validate.  peer_on: of the peer.
forest() {
    local what=$1 name=$2 floor=$3 free=() said
    [ -z "$4" ] || free=("$4")
    if ! "$aval" train boost --seed 20261122 --bags 5 --out "$work/$name.json" --xgboost "$work/$name.xgboost.json" --json \
        "${free[@]}" "${train_on[@]}" >"$work/summary"; then
        outcome failed "$what: train"
        return
    fi
    said=$(cat "$work/summary")
    outcome ok "$what: $(figure trees "$said") trees, cross-validated AUC $(figure cross_validated_auc "$said") +- $(figure cross_validated_auc_se "$said")"
    validate "$what" "$floor" "$work/$name.json" "${tested[@]}"
    explain "$what" "$work/$name.json" "$work/$name.train.csv" "${learned[@]}"
    explain "$what" "$work/$name.json" "$work/$name.test.csv" "${tested[@]}"
    parity "$what" "$name" train
    parity "$what" "$name" test
    if said=$("$here/xgboost_peer.py" peer "${free[@]}" --explain-train "$work/$name.train.csv" \
        --explain-test "$work/$name.test.csv" --features-def "$root/src/feature/features.def" "${peer_on[@]}"); then
        outcome ok "$what: $said"
    else
        outcome failed "$what: $said"
    fi
}

forests() {
    local train_on learned tested peer_on year
    printf '\n%-24s %6s %5s  %-16s  %6s %6s %7s %7s %7s\n' 'trees, on test' rows bad AUC KS AP Brier logloss ECE
    learned=("${us_train[@]}" --label default_12m)
    train_on=("${us_train[@]}" --mapping "$here/us_own.mapping.json")
    tested=("${us_test[@]}")
    peer_on=("${us_train[@]}" --test "$data/us_bankruptcy_test.csv.gz" --label default_12m --group firm)
    forest 'US' us 0.85 ''
    forest 'US, free' us_free 0.87 --free

    local -A floors=([5]=0.94 [3]=0.885 [1]=0.90) free_floors=([5]=0.95 [3]=0.91 [1]=0.90)
    for year in 5 3 1; do
        learned=(--data "$data/polish_${year}year_train.csv.gz" --label class)
        tested=(--data "$data/polish_${year}year_test.csv.gz" --label class)
        peer_on=("${learned[@]}" --test "$data/polish_${year}year_test.csv.gz")
        # Crosses are what survived cross-validation there: see ideas.
        train_on=("${learned[@]}" --mapping "$here/polish_ideas.mapping.json" --exclude 'mark_*,gap_*')
        forest "Poland ${year}year" "polish_$year" "${floors[$year]}" ''
        forest "Poland ${year}year, free" "polish_${year}_free" "${free_floors[$year]}" --free
    done

    train_on=(--data "$data/taiwan_train.csv.gz" --label bankrupt)
    learned=("${train_on[@]}")
    tested=(--data "$data/taiwan_test.csv.gz" --label bankrupt)
    peer_on=("${train_on[@]}" --test "$data/taiwan_test.csv.gz")
    forest 'Taiwan, free' taiwan 0.92 --free

    # Whole years are held out: the test rows are of later years.
    learned=(--data "$data/sba_balanced_train.csv.gz" --weight weight --label chgoff)
    train_on=("${learned[@]}" --mapping "$here/sba.mapping.json")
    tested=(--data "$data/sba_balanced_test.csv.gz" --weight weight --label chgoff)
    peer_on=("${learned[@]}" --group approval_fy --test "$data/sba_balanced_test.csv.gz")
    forest 'SBA without term, free' sba 0.67 --free
}

# ---- ideas, on the training rows alone ----

# idea WHAT ARGUMENT...: trees grown otherwise, against the start, on the same rows held out.  The first one after
# `start` is empty is the start itself.  On the rows of train_on.
start=
idea() {
    local what=$1 against=() said
    shift
    [ -z "$start" ] || against=(--against "$start")
    if ! said=$("$aval" train boost --seed 20261122 --out "$work/idea.json" --held-out "$work/idea.csv" --json \
        "${against[@]}" "${train_on[@]}" "$@"); then
        outcome failed "$what: train"
        return
    fi
    if [ -z "$start" ]; then
        start=$work/start.csv
        mv "$work/idea.csv" "$start"
        printf '%-40s %.4f +- %.4f by fold, %s trees: the start\n' "$what" "$(figure cross_validated_auc "$said")" \
            "$(figure cross_validated_auc_se "$said")" "$(figure trees "$said")"
        return
    fi
    printf '%-40s %.4f - %.4f = %+.4f +- %.4f   (%+.4f to %+.4f), %s trees\n' "$what" "$(figure auc "$said")" \
        "$(figure auc_against "$said")" "$(figure difference "$said")" "$(figure difference_se "$said")" \
        "$(figure difference_low "$said")" "$(figure difference_high "$said")" "$(figure trees "$said")"
}

ideas() {
    local train_on year
    printf '\n%-40s %s\n' 'ideas, on rows held out in training' 'pooled AUC, of the start, difference, 95 %'
    train_on=("${us_train[@]}" --mapping "$here/us_ideas.mapping.json")
    start=
    idea 'US: levels' --exclude 'trend_*,d_*,sales_growth,cross_*,gap_*'
    idea 'US: missingness' --exclude 'trend_*,d_*,sales_growth,cross_*'
    idea 'US: trends' --exclude 'cross_*,gap_*'
    idea 'US: crosses' --exclude 'trend_*,d_*,sales_growth,gap_*'
    idea 'US: bags' --exclude 'trend_*,d_*,sales_growth,cross_*,gap_*' --bags 5
    idea 'US: crosses, bags' --exclude 'trend_*,d_*,sales_growth,gap_*' --bags 5
    # A company's first two rows are never its last, so never bad: only where both are behind does a trend mean a trend.
    train_on+=(--where 'not missing(prev(prev(total_assets)))')
    start=
    idea 'US, two years before: levels' --exclude 'trend_*,d_*,sales_growth,cross_*,gap_*'
    idea 'US, two years before: trends' --exclude 'cross_*,gap_*'
    idea 'US, two years before: trends, bags' --exclude 'cross_*,gap_*' --bags 5
    for year in 5 3 1; do
        train_on=(--data "$data/polish_${year}year_train.csv.gz" --mapping "$here/polish_ideas.mapping.json")
        start=
        idea "Poland ${year}year: as given" --exclude 'cross_*,mark_*,gap_*'
        idea "Poland ${year}year: missingness" --exclude 'cross_*,mark_*'
        idea "Poland ${year}year: crosses" --exclude 'mark_*,gap_*'
        idea "Poland ${year}year: bags" --exclude 'cross_*,mark_*,gap_*' --bags 5
        idea "Poland ${year}year: marks of the record" --exclude 'cross_*,gap_*'
    done
}

case $only in
    scorecard) scorecards ;;
    forest) forests ;;
    ideas) ideas ;;
    *)
        scorecards
        forests
        ideas
        ;;
esac
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
