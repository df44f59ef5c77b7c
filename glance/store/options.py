"""The options of a store's section of the configuration.

glance_store declares them; its drivers register theirs when they are loaded,
so only what our own drivers read is registered here.
"""

import copy
import functools
import types
import urllib.parse

import glance_store
from oslo_config import cfg
from stevedore import driver as stevedore_driver
from stevedore import exception as stevedore_exception

from glance.conf import store as store_conf

SHARED = 'backend_defaults'
_DEFAULTS = (cfg.Locations.opt_default, cfg.Locations.set_default)


def use_staging_uri(conf):
    """Without `enabled_backends` the staging folder is `node_staging_uri`."""
    if not conf.enabled_backends:
        path = urllib.parse.urlsplit(conf.node_staging_uri).path
        conf.set_default('filesystem_store_datadir', path,
                         group=store_conf.STAGING_STORE)


def common():
    """:returns: the options weight and description"""
    return glance_store.Store.MULTI_BACKEND_OPTIONS


# Always the same objects: one whose use was warned of is not like a new one.
@functools.cache
def of_driver(native):
    """The options of a driver of ours.

    :param native: driver class; with `OPTIONS` of its own, or standing in
        for glance_store's driver of the same type and taking its options, of
        which it does not need those in `IDLE`, {name: reason}
    """
    return [_idle(opt, native.IDLE[opt.name]) if opt.name in native.IDLE
            else opt for opt in _declared(native)]


def _declared(native):
    opts = getattr(native, 'OPTIONS', None)
    if opts is None:
        manager = stevedore_driver.DriverManager(
            'glance_store.drivers', native.type, invoke_on_load=False)
        opts = [*manager.driver.OPTIONS, *native.EXTRA]
    return opts


def of_library(store_type):
    """:returns: the options of a driver of glance_store, [] without it"""
    try:
        return list(stevedore_driver.DriverManager(
            'glance_store.drivers', store_type,
            invoke_on_load=False).driver.OPTIONS or ())
    except (stevedore_exception.NoMatches, ImportError):
        return []


def _idle(opt, reason):
    opt = copy.copy(opt)
    opt.deprecated_for_removal, opt.deprecated_reason = True, reason
    return opt


def register_native(conf, group, native):
    """Register what a driver of ours reads.

    :param native: see `of_driver`
    """
    conf.register_opts(of_driver(native), group=group)
    # A driver of glance_store may declare the same ones there.
    conf.register_opts(_declared(native), group=SHARED)


def values(conf, group, native):
    """What a driver of ours reads, by name.

    :param group: section of the store, registered with `register_native`
    """
    names = [opt.dest for opt in of_driver(native)]
    return types.SimpleNamespace(**{name: value(conf, group, name)
                                    for name in names})


def value(conf, group, name):
    """Of the section of a store, or else of [backend_defaults].

    The libraries of other drivers do the same.
    """
    where = conf.get_location(name, group)
    is_set = where is not None and where.location not in _DEFAULTS
    return conf[group if is_set else SHARED][name]
