# Sourced by the other tools: a Python environment, made when it is not there
# or what it was made from has changed. These functions look at each exit
# status themselves: bash ignores `set -e` in what is called with `||`.

PYTHON=${PYTHON:-$(command -v python3.11 || command -v python3 || echo python3)}

check_python() {
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
        2>/dev/null && return
    echo "Python 3.11 or newer is needed; $PYTHON is" \
        "$("$PYTHON" -V 2>/dev/null || echo missing)." \
        "PYTHON=... names another one." >&2
    return 1
}

# make_venv DIRECTORY PIP-ARGUMENT...
make_venv() {
    local directory=$1 stamp
    shift
    check_python || return
    stamp=$({ "$PYTHON" -VV; echo "$PWD" "$@"; cat setup.cfg requirements.txt; } |
        sha256sum)
    [ "$(cat "$directory/complete" 2>/dev/null)" != "$stamp" ] || return 0
    echo "Preparing $directory" >&2
    rm -rf "$directory"
    if new_venv "$directory" && pip_install "$directory" "$@" &&
        echo "$stamp" > "$directory/complete"
    then
        return
    fi
    rm -rf "$directory"
    echo "$directory was not made, for the reason above." >&2
    return 1
}

# Quiet once more than needed for success: what builds us warns of editable
# installations.
pip_install() {
    # An archive has no Git history to take the version from.
    [ -e .git ] || local -x PBR_VERSION=${PBR_VERSION:-$(
        sed -n 's/^version = //p' setup.cfg)}
    "$1/bin/python" -m pip install --quiet --quiet \
        --disable-pip-version-check "${@:2}"
}

has_ensurepip() { "$PYTHON" -c 'import ensurepip' 2>/dev/null; }

# Debian keeps apart what puts pip into environments (python3-venv). The pip of
# its archive does it as well, and can be had without root.
new_venv() {
    local work status
    if ! has_ensurepip && ! command -v apt-get >/dev/null; then
        echo "$PYTHON has no ensurepip: install it as your system offers it" >&2
        return 1
    elif ! has_ensurepip && [ "$(id -u)" = 0 ]; then
        install_packages python3-venv || return
    fi
    if has_ensurepip; then
        "$PYTHON" -m venv "$1"
        return
    fi
    work=$(mktemp -d) && debian_pip "$work" &&
        "$PYTHON" -m venv --without-pip "$1" &&
        PYTHONPATH=$(echo "$work"/usr/share/python-wheels/pip-*.whl) \
            pip_install "$1" pip
    status=$?
    rm -rf "$work"
    [ $status = 0 ] || echo "It would take no such steps with the packages" \
        "python3-venv and ca-certificates." >&2
    return $status
}

# debian_pip DIRECTORY: unpacks it there; apt keeps its lists there as well.
debian_pip() (
    options=(-qq -o "Dir::State::Lists=$1/lists" -o "Dir::Cache=$1/cache")
    mkdir "$1/lists" "$1/cache" && cd "$1" &&
        apt-get "${options[@]}" update >&2 &&
        apt-get "${options[@]}" download python3-pip-whl >&2 &&
        dpkg-deb -x python3-pip-whl_*.deb .
)

install_packages() {
    echo "Installing $*" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get -q -y -o DPkg::Lock::Timeout=600 update >&2 &&
        apt-get -q -y -o DPkg::Lock::Timeout=600 install \
            --no-install-recommends "$@" >&2 && return
    echo "Not installed: $*" >&2
    return 1
}

# install_test_packages PROFILE...: what only the tests need, as bindep.txt
# says; daemons must not start by themselves.
install_test_packages() {
    local missing status guard=/usr/sbin/policy-rc.d
    missing=$(.tox/tools/bin/bindep -b "$@") && return
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "Missing packages: $missing" >&2
        return 1
    fi
    if [ -e $guard ]; then
        guard=
    else
        printf '#!/bin/sh\nexit 101\n' > $guard && chmod +x $guard || return
    fi
    # shellcheck disable=SC2086
    install_packages $missing
    status=$?
    [ -z "$guard" ] || rm -f "$guard"
    return $status
}
