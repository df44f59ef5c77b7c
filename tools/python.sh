# Sourced by the other tools: a Python environment, made when it is not there
# or what it was made from has changed.

PYTHON=${PYTHON:-$(command -v python3.11 || command -v python3)}

# Debian keeps the part of Python that makes environments in a package.
need_venv() {
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        install_packages python3-venv
    else
        echo "$PYTHON cannot make virtual environments:" \
            "install the package python3-venv" >&2
        exit 1
    fi
}

install_packages() {
    echo "Installing $*" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get -q -y -o DPkg::Lock::Timeout=600 update >&2
    apt-get -q -y -o DPkg::Lock::Timeout=600 install \
        --no-install-recommends "$@" >&2
}

# make_venv DIRECTORY PIP-ARGUMENT...
make_venv() {
    local directory=$1 stamp
    shift
    stamp=$({ "$PYTHON" -VV; echo "$PWD" "$@"; cat setup.cfg requirements.txt; } |
        sha256sum)
    if [ "$(cat "$directory/complete" 2>/dev/null)" != "$stamp" ]; then
        need_venv
        echo "Preparing $directory" >&2
        rm -rf "$directory"
        "$PYTHON" -m venv "$directory"
        "$directory/bin/python" -m pip install --quiet \
            --disable-pip-version-check "$@"
        echo "$stamp" > "$directory/complete"
    fi
}

# install_test_packages PROFILE...: what only the tests need, as bindep.txt
# says; daemons must not start by themselves.
install_test_packages() {
    local missing guard=/usr/sbin/policy-rc.d
    missing=$(.tox/tools/bin/bindep -b "$@") && return
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
