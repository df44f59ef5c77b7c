"""The parts a handler talks to: registry, conductor, stores; one of each.

Each is made on first use, in the process that serves requests: a connection
to the bus must not be shared across a fork.
"""

import contextlib
import threading

from glance.cache import image_cache
from glance.cache import maintainer
from glance.conductor import rpcapi as conductor_rpcapi
from glance.conf import CONF
from glance.registry import rpcapi
from glance.registry.rpcapi import events
from glance.store import backends as store_registry

_LOCK = threading.RLock()
_parts = {}


def registry():
    """The client of the registry: a `glance.registry.rpcapi.RegistryAPI`."""
    return _get('registry', rpcapi.connect)


def conductor():
    """The client of the conductor: a `ConductorAPI`."""
    return _get('conductor', conductor_rpcapi.connect)


def stores():
    """The configured stores: a `glance.store.backends.Stores`."""
    return _get('stores', lambda: store_registry.load(CONF))


def cache():
    """The image cache of this host: an `ImageCache`, None without one."""
    return _get('cache', lambda: image_cache.load(registry()))


def sent_events():
    """Who tells what users have read: a `Gatherer` of their payloads."""
    return _get('sent_events', lambda: events.sent_gatherer(
        lambda: registry().events))


def announcer():
    """Who tells the caches of all hosts: an `Announcer`."""
    return _get('announcer', maintainer.Announcer)


def start_cache():
    """Have the cache looked after, if there is one."""
    if cache() is not None:
        # It finds out early how to reach the others.
        announcer()
        _get('maintainer', lambda: maintainer.Maintainer(
            cache(), stores())).start()


def _get(name, make):
    part = _parts.get(name)
    if part is None:
        with _LOCK:
            part = _parts.get(name)
            if part is None:
                part = _parts[name] = make()
    return part


def reset():
    """Forget every part, so that the next use makes it from the options."""
    if 'maintainer' in _parts:
        _parts['maintainer'].stop()
    _parts.clear()


@contextlib.contextmanager
def override(**parts):
    """Put other parts in place, for tests.

    :param parts: registry=, conductor=, stores=
    """
    before = dict(_parts)
    _parts.update(parts)
    try:
        yield
    finally:
        _parts.clear()
        _parts.update(before)
