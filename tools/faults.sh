#!/bin/bash
# Kill, freeze and cut off parts of the service under load, then look whether
# anything was lost: tools/faults.sh [--minutes N] [--seed S] [...]
#
# It exits with 0 only when nothing was lost, stuck, orphaned or wrong; the last
# line of its output are the totals. `--help` tells more, and
# doc/source/contributor/faults.rst tells all.
set -uo pipefail
cd "$(dirname "$0")/.."
. tools/python.sh

make_venv .tox/tools tox bindep || exit 1
install_test_packages test ceph || exit 1
.tox/tools/bin/tox -q -e faults --notest || exit 1
export GLANCE_CONCURRENCY=threading
exec .tox/faults/bin/python -W ignore -m tests.faults "$@"
