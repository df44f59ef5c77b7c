#!/bin/bash
# Serve the Image API from this tree, in the foreground: one process, SQLite,
# files in the state directory, no Keystone. Nothing needs to be installed.
#
#     tools/serve.sh [--host H] [--port P] [--state-dir D] [option...]
#
# Further options go to glance-standalone. Names of files mean, as everywhere,
# the folder of the caller.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/tools/python.sh"

host=127.0.0.1
port=9292
state=
rest=()
while [ $# -gt 0 ]; do
    case $1 in
        --host) host=${2?--host H}; shift 2 ;;
        --port) port=${2?--port P}; shift 2 ;;
        --state-dir) state=${2?--state-dir D}; shift 2 ;;
        --host=*) host=${1#*=}; shift ;;
        --port=*) port=${1#*=}; shift ;;
        --state-dir=*) state=${1#*=}; shift ;;
        *) rest+=("$1"); shift ;;
    esac
done
if [ -z "$state" ]; then
    no_home='there is no HOME to keep the state in: use --state-dir D'
    state=${XDG_STATE_HOME:-${HOME:?$no_home}/.local/state}/glance
fi

(cd "$root" && make_venv .venv -r requirements.txt -e .)
state=$(realpath -m -- "$state")

case $host in
    0.0.0.0|::) url=http://127.0.0.1:$port ;;
    *:*) url=http://[$host]:$port ;;
    *) url=http://$host:$port ;;
esac
cat <<EOF

Serving $url, state in $state. To try it from another terminal:

    pip install python-openstackclient python-glanceclient
    export OS_AUTH_TYPE=none OS_ENDPOINT=$url
    openstack image create --disk-format raw --file $root/README.rst first
    openstack image list
    openstack image save --file first.copy first

    glance --os-auth-type password --os-image-url $url \\
        --os-auth-token none image-list

    curl $url/v2/images

EOF
exec "$root/.venv/bin/glance-standalone" --host "$host" --port "$port" \
    --state-dir "$state" "${rest[@]}"
