#!/bin/bash
# What requests and bytes cost in CPU time: tools/bench.sh [--quick]
# or, beside upstream's service: tools/bench.sh --against-upstream [--quick]
#
# Starts the real programs, private servers and clients, in one process with
# SQLite and as separate services over RabbitMQ and MariaDB. Under two minutes
# with --quick, once the environment of the functional tests is there.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/python.sh

make_venv .tox/tools tox bindep
install_test_packages test
.tox/tools/bin/tox -q -e functional --notest
export GLANCE_CONCURRENCY=${GLANCE_CONCURRENCY:-eventlet}
bench=bench_requests
if [ "${1:-}" = --against-upstream ]; then
    bench=bench_upstream
    shift
fi
exec .tox/functional/bin/python -W ignore -m "tests.benchmarks.$bench" "$@"
