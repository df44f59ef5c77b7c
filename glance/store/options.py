"""The options of a store's section of the configuration.

glance_store declares them; its drivers register theirs when they are loaded,
so only what our own drivers read is registered here.
"""

import urllib.parse

import glance_store
from stevedore import driver as stevedore_driver

from glance.conf import store as store_conf


def use_staging_uri(conf):
    """Without `enabled_backends` the staging folder is `node_staging_uri`."""
    if not conf.enabled_backends:
        path = urllib.parse.urlsplit(conf.node_staging_uri).path
        conf.set_default('filesystem_store_datadir', path,
                         group=store_conf.STAGING_STORE)


def register_common(conf, group):
    """Register weight and description."""
    conf.register_opts(glance_store.Store.MULTI_BACKEND_OPTIONS, group=group)


def register_native(conf, group, native):
    """Register what a driver of ours reads.

    :param native: driver class; with `OPTIONS` of its own, or standing in
        for glance_store's driver of the same type and taking its options
    """
    opts = getattr(native, 'OPTIONS', None)
    if opts is None:
        manager = stevedore_driver.DriverManager(
            'glance_store.drivers', native.type, invoke_on_load=False)
        opts = manager.driver.OPTIONS
    conf.register_opts(opts, group=group)
