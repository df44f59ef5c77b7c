#!/bin/bash
# Run the tests: tools/test.sh [tox environment...] [-- stestr argument...]
#
# Without arguments everything runs. On Debian and as root, missing packages
# (bindep.txt) are installed; nothing is left running. The last line of the
# output is `N passed, N failed, N skipped`; an environment without single
# tests (pep8, docs...) counts as one.
set -uo pipefail
cd "$(dirname "$0")/.."
. tools/python.sh

background=(pep8 docs releasenotes genconfig genpolicy)
environments=(py3 py3-threading py3-optimized functional functional-threading)
started=$SECONDS
results=$PWD/.tox/results
tox=$PWD/.tox/tools/bin/tox

chosen=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    chosen+=("$1")
    shift
done
if [ ${#chosen[@]} -gt 0 ]; then
    background=()
    environments=("${chosen[@]}")
fi

needs_servers() { [[ $1 == functional* ]]; }

# Packages that only the tests need; daemons must not start by themselves.
install_missing_packages() {
    local missing guard=/usr/sbin/policy-rc.d
    missing=$(.tox/tools/bin/bindep -b test) && return
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "Missing packages: $missing" >&2
        return 1
    fi
    if [ -e $guard ]; then
        guard=
    else
        printf '#!/bin/sh\nexit 101\n' > $guard
        chmod +x $guard
    fi
    # shellcheck disable=SC2086
    install_packages $missing
    [ -z "$guard" ] || rm -f "$guard"
}

# run ENVIRONMENT [TOX-ARGUMENT...]: its output and exit status become files.
run() {
    local name=$1
    shift
    "$tox" -e "$name" "$@" > "$results/$name.log" 2>&1
    echo $? > "$results/$name.status"
}

run_with_servers() {
    with_servers "$1" "$1" "${@:2}"
    local bad
    stats_of_last "$1" > "$results/$1.stats"
    bad=$(number 'Failed tests' "$(cat "$results/$1.stats")")
    # Some tests look at the clock, and machines are small and noisy.
    if [ "${bad:-0}" -gt 0 ] && [ "$bad" -le 10 ]; then
        echo "$1: $bad tests failed beside others, a second look at them alone:"
        .tox/"$1"/bin/stestr --repo-url "$results/$1" failing --list
        with_servers "$1" "$1.alone" -- --failing --serial
        cp "$results/$1.alone.status" "$results/$1.status"
        stats_of_last "$1" > "$results/$1.alone.stats"
    fi
}

# with_servers ENVIRONMENT NAME [TOX-ARGUMENT...]
with_servers() {
    GLANCE_CONCURRENCY=threading \
        .tox/functional/bin/python -m tests.fixtures.servers \
        rabbitmq mariadb postgresql keystone -- \
        "$tox" -e "$1" "${@:3}" > "$results/$2.log" 2>&1
    echo $? > "$results/$2.status"
}

prepare_functional() {
    local log=$results/prepare.log
    [ -z "${prepared:-}" ] || return "$prepared"
    {
        install_missing_packages &&
            "$tox" -q -e functional --notest &&
            GLANCE_CONCURRENCY=threading .tox/functional/bin/python \
                -m tests.fixtures.clients
    } > "$log" 2>&1
    prepared=$?
    [ "$prepared" = 0 ] || cat "$log"
    return "$prepared"
}

# Adds what an environment's tests gave to the sums, and shows what failed.
count() {
    local name=$1 ok bad skipped status stats again=
    status=$(cat "$results/$name.status" 2>/dev/null || echo 1)
    [ -e "$results/$name.stats" ] ||
        stats_of_last "$name" > "$results/$name.stats"
    stats=$(cat "$results/$name.stats")
    again=$(cat "$results/$name.alone.stats" 2>/dev/null)
    ok=$(number 'Passed tests' "$stats")
    bad=$(number 'Failed tests' "${again:-$stats}")
    skipped=$(number 'Skipped tests' "$stats")
    if [ -z "$ok" ]; then
        ok=$((status == 0)) bad=$((status != 0))
    else
        ok=$((ok + $(number 'Passed tests' "$again") + 0))
        [ "$status" = 0 ] || [ "$bad" != 0 ] || bad=1
    fi
    [ "$status" = 0 ] || tail -n 400 "$results/$name.log"
    echo "$name: $ok passed, ${bad:-0} failed, ${skipped:-0} skipped"
    passed=$((passed + ok))
    failed=$((failed + ${bad:-0}))
    skips=$((skips + ${skipped:-0}))
}

# What the last run of an environment gave, empty without single tests.
stats_of_last() {
    # The first run in a repository has the number 0.
    [ ! -e "$results/$1/.stestr/0" ] ||
        .tox/"$1"/bin/stestr --repo-url "$results/$1" last --subunit |
        .tox/"$1"/bin/subunit-stats
}

number() { sed -n "s/^$1: *//p" <<< "$2" | tail -n 1; }

rm -rf "$results"
mkdir -p "$results"
make_venv .tox/tools tox bindep || exit 1

if [ ${#background[@]} -gt 0 ]; then
    for name in "${background[@]}"; do run "$name"; done &
    background_job=$!
fi

for name in "${environments[@]}"; do
    needs_servers "$name" || { echo "Running $name"; run "$name" "$@"; }
done
for name in "${environments[@]}"; do
    if needs_servers "$name" && prepare_functional; then
        echo "Running $name"
        run_with_servers "$name" "$@"
    fi
done
[ -z "${background_job:-}" ] || wait "$background_job"

passed=0 failed=0 skips=0
for name in "${background[@]}" "${environments[@]}"; do
    count "$name"
done
echo "Took $((SECONDS - started)) s"
echo "$passed passed, $failed failed, $skips skipped"
[ "$failed" = 0 ]
