# DevStack plugin: the registry and the conductor beside DevStack's g-api.
#
# DevStack's own lib/glance installs this tree, writes glance-api.conf and
# starts the API. The two other programs read the same file.

# A service that is not wanted runs inside the processes that need it.
function configure_glance_part {
    local section=$1 service=$2
    if is_service_enabled "$service"; then
        iniset "$GLANCE_API_CONF" "$section" workers "$API_WORKERS"
    else
        iniset "$GLANCE_API_CONF" "$section" transport_url local://
    fi
}

function start_glance_part {
    local name=$1 service=$2 files=--config-file=$GLANCE_API_CONF
    # Given one file, a program does not look for this one, as g-api does.
    if [[ -e "${GLANCE_IMAGE_IMPORT_CONF:-}" ]]; then
        files="--config-file=$GLANCE_IMAGE_IMPORT_CONF $files"
    fi
    if is_service_enabled "$service"; then
        run_process "$service" \
            "$GLANCE_BIN_DIR/$name $files"
    fi
}

if is_service_enabled g-api; then
    if [[ "$1" == "stack" && "$2" == "post-config" ]]; then
        iniset_rpc_backend glance "$GLANCE_API_CONF"
        configure_glance_part registry "$GLANCE_REGISTRY_SERVICE"
        configure_glance_part conductor "$GLANCE_CONDUCTOR_SERVICE"
        # lib/glance starts the API after this phase and waits until it
        # serves, which takes a registry.
        start_glance_part glance-registry "$GLANCE_REGISTRY_SERVICE"
        start_glance_part glance-conductor "$GLANCE_CONDUCTOR_SERVICE"
    elif [[ "$1" == "unstack" ]]; then
        stop_process "$GLANCE_CONDUCTOR_SERVICE"
        stop_process "$GLANCE_REGISTRY_SERVICE"
    fi
fi
