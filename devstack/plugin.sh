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
    local name=$1 service=$2 conf=$3 import_conf=$4
    local files=--config-file=$conf
    # Given one file, a program does not look for this one, as g-api does.
    if [[ -e "$import_conf" ]]; then
        files="--config-file=$import_conf $files"
    fi
    if is_service_enabled "$service"; then
        run_process "$service" \
            "$GLANCE_BIN_DIR/$name $files"
    fi
}

if is_service_enabled g-api; then
    # The clone of the API that DevStack can start has a staging folder of its
    # own.
    if is_service_enabled g-api-r &&
            is_service_enabled "$GLANCE_CONDUCTOR_SERVICE"; then
        enable_service "$GLANCE_REMOTE_CONDUCTOR_SERVICE"
    fi
    if [[ "$1" == "stack" && "$2" == "post-config" ]]; then
        iniset_rpc_backend glance "$GLANCE_API_CONF"
        configure_glance_part registry "$GLANCE_REGISTRY_SERVICE"
        configure_glance_part conductor "$GLANCE_CONDUCTOR_SERVICE"
        # lib/glance starts the API after this phase and waits until it
        # serves, which takes a registry.
        start_glance_part glance-registry "$GLANCE_REGISTRY_SERVICE" \
            "$GLANCE_API_CONF" "${GLANCE_IMAGE_IMPORT_CONF:-}"
        start_glance_part glance-conductor "$GLANCE_CONDUCTOR_SERVICE" \
            "$GLANCE_API_CONF" "${GLANCE_IMAGE_IMPORT_CONF:-}"
    elif [[ "$1" == "stack" && "$2" == "extra" ]]; then
        # The clone has its configuration only now.
        if is_service_enabled "$GLANCE_REMOTE_CONDUCTOR_SERVICE"; then
            start_glance_part glance-conductor \
                "$GLANCE_REMOTE_CONDUCTOR_SERVICE" \
                "$(glance_remote_conf "$GLANCE_API_CONF")" \
                "$(glance_remote_conf "${GLANCE_IMAGE_IMPORT_CONF:-none}")"
        fi
    elif [[ "$1" == "unstack" ]]; then
        stop_process "$GLANCE_REMOTE_CONDUCTOR_SERVICE"
        stop_process "$GLANCE_CONDUCTOR_SERVICE"
        stop_process "$GLANCE_REGISTRY_SERVICE"
    fi
fi
