#!/usr/bin/env bash
# http2_abuse - the attacks of tests/suites/http2_abuse.test.mjs, five seconds each, with tight bounds, plain and over TLS.
#
# AVAL_BUILD names a build with tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
tap=$(mktemp)
trap 'rm -f "$tap"' EXIT
AVAL_LONG=1 node --test --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$tap" tests/suites/http2_abuse.test.mjs || true
tools/count_results tap "$tap"
