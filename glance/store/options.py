"""The options of a store's section of the configuration.

glance_store declares them; its drivers register theirs when they are loaded,
so only what our own drivers read is registered here.
"""

from collections.abc import Sequence
import copy
import functools
import types
import typing
import urllib.parse

import glance_store
from oslo_config import cfg
from stevedore import driver as stevedore_driver
from stevedore import exception as stevedore_exception

from glance.conf import store as store_conf
from glance.store import driver

SHARED = 'backend_defaults'
_DEFAULTS = (cfg.Locations.opt_default, cfg.Locations.set_default)


def use_staging_uri(conf: cfg.ConfigOpts) -> None:
    """Without `enabled_backends` the staging folder is `node_staging_uri`."""
    if not conf.enabled_backends:
        path = urllib.parse.urlsplit(conf.node_staging_uri).path
        conf.set_default('filesystem_store_datadir', path,
                         group=store_conf.STAGING_STORE)


def common() -> Sequence[cfg.Opt]:
    """:returns: the options weight and description"""
    found: Sequence[cfg.Opt] = glance_store.Store.MULTI_BACKEND_OPTIONS
    return found


# Always the same objects: one whose use was warned of is not like a new one.
@functools.cache
def of_driver(native: type[driver.Driver]) -> Sequence[cfg.Opt]:
    """The options of a driver of ours.

    :param native: driver class; with `OPTIONS` of its own, or standing in
        for glance_store's driver of the same type and taking its options, of
        which it does not need those in `IDLE`, {name: reason}
    """
    return [_idle(opt, native.IDLE[opt.name]) if opt.name in native.IDLE
            else opt for opt in _declared(native)]


def _declared(native: type[driver.Driver]) -> Sequence[cfg.Opt]:
    opts = native.OPTIONS
    if opts is None:
        manager = stevedore_driver.DriverManager(
            'glance_store.drivers', native.type, invoke_on_load=False)
        opts = [*manager.driver.OPTIONS, *native.EXTRA]
    return opts


def of_library(store_type: str) -> Sequence[cfg.Opt]:
    """:returns: the options of a driver of glance_store, [] without it"""
    try:
        return list(stevedore_driver.DriverManager(
            'glance_store.drivers', store_type,
            invoke_on_load=False).driver.OPTIONS or ())
    except (stevedore_exception.NoMatches, ImportError):
        return []


def _idle(opt: cfg.Opt, reason: str) -> cfg.Opt:
    opt = copy.copy(opt)
    opt.deprecated_for_removal, opt.deprecated_reason = True, reason
    return opt


def register_native(conf: cfg.ConfigOpts, group: str,
                    native: type[driver.Driver]) -> None:
    """Register what a driver of ours reads.

    :param native: see `of_driver`
    """
    conf.register_opts(of_driver(native), group=group)
    # A driver of glance_store may declare the same ones there.
    conf.register_opts(_declared(native), group=SHARED)


def values(conf: cfg.ConfigOpts, group: str, native: type[driver.Driver]
           ) -> types.SimpleNamespace:
    """What a driver of ours reads, by name.

    :param group: section of the store, registered with `register_native`
    """
    names = [opt.dest for opt in of_driver(native)]
    return types.SimpleNamespace(**{name: value(conf, group, name)
                                    for name in names})


def value(conf: cfg.ConfigOpts, group: str, name: str) -> typing.Any:
    """Of the section of a store, or else of [backend_defaults].

    The libraries of other drivers do the same.
    """
    where = conf.get_location(name, group)
    is_set = where is not None and where.location not in _DEFAULTS
    return conf[group if is_set else SHARED][name]
