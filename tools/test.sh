#!/bin/bash
# Run the tests: tools/test.sh [tox environment...] [-- stestr argument...]
#
# Without arguments everything runs but `stores`, which has Cinder and vCenter
# besides the Ceph and Swift of `stores-quick`. On Debian and as root, missing
# packages (bindep.txt) are installed; nothing is left running. The last line of
# the output is `N passed, N failed, N skipped`; an environment without single
# tests (pep8, mypy, docs...) counts as one.
set -uo pipefail
cd "$(dirname "$0")/.."
. tools/python.sh

background=(pep8 mypy docs releasenotes genconfig genpolicy)
units=(py3 py3-threading-optimized)
# The longest first, so that all lanes end at about the same time.
queue=(functional functional-threading native stores-quick faults tempest)
# Much of what these do is waiting; two go on side by side.
lanes=2
# Most modules are never imported; those that are get compiled then.
export PIP_COMPILE=no
started=$SECONDS
results=$PWD/.tox/results
tox=$PWD/.tox/tools/bin/tox

chosen=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    chosen+=("$1")
    shift
done
if [ ${#chosen[@]} -gt 0 ]; then
    background=() units=() queue=("${chosen[@]}") lanes=1
fi

needs_servers() {
    [[ $1 == functional* || $1 == native || $1 == stores* || $1 == tempest ]]
}

# record ENVIRONMENT COMMAND...: its output, exit status and time become files.
record() {
    local name=$1 began=$SECONDS
    shift
    "$@" > "$results/$name.log" 2>&1
    echo $? > "$results/$name.status"
    echo $((SECONDS - began)) > "$results/$name.seconds"
}

run() { record "$1" "$tox" -e "$@"; }

run_with_servers() {
    local start='.tox/functional/bin/python -m tests.fixtures.servers'
    local servers='rabbitmq mariadb postgresql keystone --'
    # Swift and Cinder need some of the others.
    case $1 in
        stores) servers="rabbitmq mariadb keystone ceph vcenter --"
                servers+=" $start swift cinder --" ;;
        stores-quick) servers="keystone ceph -- $start swift --" ;;
    esac
    # shellcheck disable=SC2086
    GLANCE_CONCURRENCY=threading record "$1" $start $servers "$tox" -e "$@"
}

# run_lane [TOX-ARGUMENT...]: one environment after the other, of those that no
# other lane has taken.
run_lane() {
    local name
    for name in "${queue[@]}"; do
        mkdir "$results/$name.taken" 2>/dev/null || continue
        echo "Running $name"
        if needs_servers "$name"; then
            run_with_servers "$name" --skip-pkg-install "$@"
        else
            run "$name" --skip-pkg-install "$@"
        fi
    done
}

# Builds what the lanes need; two tox that build at once would collide.
prepare() {
    local name profiles=() others=(clients consumers)
    for name in "${queue[@]}"; do
        "$tox" -q -e "$name" --notest || return
        ! needs_servers "$name" || profiles+=(test)
        case $name in
            faults) profiles+=(test ceph) ;;
            stores-quick) profiles+=(test ceph) others+=(servers.swift) ;;
            stores) profiles+=(test ceph vcenter) others+=(servers.swift) ;;
        esac
    done
    [ ${#profiles[@]} -gt 0 ] || return 0
    install_test_packages "${profiles[@]}" &&
        "$tox" -q -e functional --notest || return
    for name in "${others[@]}"; do
        GLANCE_CONCURRENCY=threading .tox/functional/bin/python \
            -m "tests.fixtures.$name" || return
    done
}

# Adds what an environment's tests gave to the sums, and shows what failed.
count() {
    local name=$1 ok status stats=
    status=$(cat "$results/$name.status" 2>/dev/null || echo 1)
    # The first run in a repository has the number 0.
    [ ! -e "$results/$name/.stestr/0" ] ||
        stats=$(.tox/"$name"/bin/stestr --repo-url "$results/$name" last \
            --subunit | .tox/"$name"/bin/subunit-stats)
    ok=$(number 'Passed tests' "$stats")
    if [ -z "$ok" ]; then
        stats="Failed tests: $((status != 0))"
        ok=$((status == 0))
    elif [ "$status" != 0 ] && [ "$(number 'Failed tests' "$stats")" = 0 ]
    then
        stats="$stats"$'\n'"Failed tests: 1"
    fi
    local bad skipped
    bad=$(number 'Failed tests' "$stats")
    skipped=$(number 'Skipped tests' "$stats")
    [ "$status" = 0 ] || show_failed "$name"
    # What fault runs and tempest count by themselves.
    grep -h '^[0-9]* acknowledged, \|^tempest [a-z]*: \|^Skipped [0-9]*: ' \
        "$results/$name.log"
    echo "$name: $ok passed, ${bad:-0} failed, ${skipped:-0} skipped, in" \
        "$(cat "$results/$name.seconds" 2>/dev/null || echo 0) s"
    passed=$((passed + ok))
    failed=$((failed + ${bad:-0}))
    skips=$((skips + ${skipped:-0}))
}

# The failed tests with their tracebacks, or the end of the log where there is
# none; their names once more after all else, each with its last line.
show_failed() {
    local tests=
    [ ! -e "$results/$1/.stestr/0" ] ||
        tests=$(.tox/"$1"/bin/stestr --repo-url "$results/$1" failing)
    if ! grep -q '^FAIL: \|^ERROR: ' <<< "$tests"; then
        # Without the list of all packages, a line of thousands of characters.
        grep -v 'freeze> \|==.*==.*==' "$results/$1.log" | tail -n 400
        return
    fi
    tail -n 400 <<< "$tests"
    names+=$(awk -v name="$1" '
        /^(FAIL|ERROR): / { test = $2 }
        /^=====|^Ran / && test { print name ": FAILED " test "\n    " last
                                test = "" }
        /[^ ]/ { last = substr($0, 1, 300) }' <<< "$tests")$'\n'
}

# The slowest tests of all environments, which decide how long a lane takes.
show_slowest() {
    local repository name
    echo 'The slowest tests, in seconds:'
    for repository in "$results"/*/.stestr; do
        name=$(basename "$(dirname "$repository")")
        .tox/"$name"/bin/stestr --repo-url "${repository%/.stestr}" last \
            --subunit | .tox/"$name"/bin/subunit-ls --times |
            awk -v name="$name" '{ printf "%8.1f %s: %s\n", $NF, name, $1 }'
    done | sort -rn | head -n 40
}

number() { sed -n "s/^$1: *//p" <<< "$2" | tail -n 1; }

rm -rf "$results"
mkdir -p "$results"
make_venv .tox/tools tox bindep || exit 1

{
    for name in "${background[@]}"; do run "$name"; done
    prepare > "$results/prepare.log" 2>&1 || cat "$results/prepare.log"
} &
background_job=$!
for name in "${units[@]}"; do
    echo "Running $name"
    run "$name" "$@"
done
wait $background_job

for ((lane = 0; lane < lanes; lane++)); do
    first_port=$((20000 + 6000 * lane))
    GLANCE_TEST_PORTS=$first_port-$((first_port + 5999)) run_lane "$@" &
    lane_jobs+=($!)
done
wait "${lane_jobs[@]}"

passed=0 failed=0 skips=0 names=
for name in "${background[@]}" "${units[@]}" "${queue[@]}"; do
    count "$name"
done
show_slowest
printf '%s' "$names"
echo "Took $((SECONDS - started)) s"
echo "$passed passed, $failed failed, $skips skipped"
[ "$failed" = 0 ]
