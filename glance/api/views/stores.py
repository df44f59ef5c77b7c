"""What clients see of the configured stores."""

from glance.api import views
from glance.conf import CONF
from glance.store import driver
from glance.store import options

# Key in the answer -> option in the section of the store, by store type.
_PROPERTIES = {
    'cinder': {'volume_type': 'cinder_volume_type',
               'use_multipath': 'cinder_use_multipath'},
    'file': {'data_dir': 'filesystem_store_datadir',
             'chunk_size': 'filesystem_store_chunk_size',
             'thin_provisioning': 'filesystem_thin_provisioning'},
    'rbd': {'chunk_size': 'rbd_store_chunk_size',
            'pool': 'rbd_store_pool',
            'thin_provisioning': 'rbd_thin_provisioning'},
    's3': {name: name for name in ('s3_store_large_object_size',
                                   's3_store_large_object_chunk_size',
                                   's3_store_thread_pools')},
    'swift': {'container': 'swift_store_container',
              'large_object_size': 'swift_store_large_object_size',
              'large_object_chunk_size':
                  'swift_store_large_object_chunk_size'},
}


def show(store: driver.Driver, default_id: str) -> views.View:
    """:param store: a driver, see `glance.store.driver`"""
    view = {'id': store.id}
    if store.description:
        view['description'] = store.description
    # Clients compare with this text.
    if store.id == default_id:
        view['default'] = 'true'
    if store.read_only:
        view['read-only'] = 'true'
    return view


def show_detail(store: driver.Driver, default_id: str,
                reachable: bool) -> views.View:
    shown = _PROPERTIES.get(store.type or '', {})
    return dict(show(store, default_id), type=store.type,
                weight=store.weight, reachable=reachable,
                properties=dict(store.details(), **{
                    key: options.value(CONF, store.id, name)
                    for key, name in shown.items()}))
