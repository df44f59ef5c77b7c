"""The stores of this service, as the configuration names them."""

import hashlib
import importlib

from oslo_log import log
from stevedore import exception as stevedore_exception
from stevedore import extension

from glance.common import exceptions
from glance.conf import store as store_conf
from glance.store.drivers import filesystem
from glance.store.drivers import glance_store as adapter
from glance.store.drivers import http
from glance.store import options

LOG = log.getLogger(__name__)

NAMESPACE = 'glance.store.drivers'
_BUILT_IN = {'file': filesystem.Driver, 'http': http.Driver}
# Kinds of glance_store that we know well; each needs libraries of its own.
_ADAPTED = {'cinder': 'cinder', 'rbd': 'rbd', 's3': 's3', 'swift': 'swift',
            'vmware': 'vmware'}


class Stores:
    """All stores by id; `default` is where data goes when nobody says."""

    def __init__(self, drivers, default_id, multi=True, reserved=()):
        self.multi = multi
        self._by_id = {one.id: one for one in drivers}
        self._reserved = {one.id: one for one in reserved}
        self.default_id = default_id

    def __iter__(self):
        """Drivers users may name, in the order of the configuration."""
        return iter(self._by_id.values())

    @property
    def default(self):
        return self.get(self.default_id)

    @property
    def have_readers(self):
        """Whether some have to be told who may read."""
        return any(one.has_readers for one in self)

    def get(self, store_id):
        """:raises BadRequest: no store of this id that users may name"""
        try:
            return self._by_id[store_id]
        except KeyError:
            raise exceptions.BadRequest(
                'There is no store with the ID %s'
                % str(store_id)[:64]) from None

    def by_id(self, store_id):
        """:returns: the store, internal ones included
        :raises BadRequest: it is not configured (any more)
        """
        return self._reserved.get(store_id) or self.get(store_id)

    def internal(self, store_id):
        """A reserved store (staging, tasks); None if there are none."""
        return self._reserved.get(store_id)

    def known_schemes(self):
        return {scheme for one in self for scheme in one.schemes}

    def by_url(self, url):
        """:returns: the store `url` points into
        :raises BadRequest: no store takes such URLs
        """
        scheme = url.split(':', 1)[0].lower()
        fitting = [one for one in self if scheme in one.schemes]
        for one in fitting:
            if one.owns(url):
                return one
        if fitting:
            return fitting[0]
        raise exceptions.BadRequest('No store knows locations of this kind.')

    def by_location(self, location):
        """:param location: dict with `url` and `metadata`
        :returns: the store whose id the metadata holds, else as `by_url`
        """
        metadata = location.get('metadata') or {}
        # Databases of old releases say `backend`.
        store_id = metadata.get('store') or metadata.get('backend')
        if store_id in self._reserved:
            return self._reserved[store_id]
        if self.multi and store_id in self._by_id:
            store = self._by_id[store_id]
            if store.owns(location['url']) or not self._owners(location):
                return store
        return self.by_url(location['url'])

    def id_of(self, location):
        """:returns: id of the store as `by_location` finds it, or None"""
        try:
            return self.by_location(location).id
        except exceptions.BadRequest:
            return None

    def _owners(self, location):
        return [one for one in self if one.owns(location['url'])]

    def by_weight(self, locations):
        """Locations in the order to use them: heavy stores first."""
        def weight(location):
            try:
                return -self.by_location(location).weight
            except exceptions.BadRequest:
                return 1 << 31
        return sorted(locations, key=weight)


def load(conf):
    """Load every configured store.

    :param conf: the global CONF, already read
    :returns: Stores
    :raises RuntimeError: the configuration cannot work
    """
    options.use_staging_uri(conf)
    _check_algorithm(conf.hashing_algorithm)
    if conf.enabled_backends:
        return _load_multi(conf)
    return _load_single(conf)


def _check_algorithm(name):
    try:
        size = hashlib.new(name, usedforsecurity=False).digest_size
    except ValueError:
        size = 0
    if not 0 < size <= 64:
        raise RuntimeError('hashing_algorithm %s cannot be used' % name)


def _load_multi(conf):
    for store_id in conf.enabled_backends:
        if store_id.startswith(store_conf.RESERVED_PREFIX):
            raise RuntimeError('The store ID %s in enabled_backends is '
                               'reserved' % store_id)
    default_id = conf.glance_store.default_backend
    if default_id not in conf.enabled_backends:
        raise RuntimeError('[glance_store] default_backend must name one of '
                           'enabled_backends')
    drivers = [_make(conf, store_id, store_type)
               for store_id, store_type in conf.enabled_backends.items()]
    return Stores(drivers, default_id, reserved=_load_reserved(conf))


def _make(conf, store_id, store_type):
    options.register_common(conf, store_id)
    section = conf[store_id]
    return _load_driver(conf, store_id, store_type, weight=section.weight,
                        description=section.store_description)


def _load_reserved(conf):
    """The internal stores; a folder that cannot be had disables its users."""
    for store_id in store_conf.RESERVED_STORES:
        try:
            yield filesystem.Driver(store_id, conf[store_id])
        except (OSError, ValueError) as exc:
            LOG.warning('The internal store %(id)s cannot be used: %(error)s',
                        {'id': store_id, 'error': type(exc).__name__})


def _load_single(conf):
    drivers = []
    for store_type in conf.glance_store.stores:
        try:
            drivers.append(_load_driver(conf, store_type, store_type,
                                        named=False))
        except RuntimeError as exc:
            LOG.warning('%s; going on without it', exc)
    wanted = conf.glance_store.default_store
    for one in drivers:
        if wanted in one.schemes:
            return Stores(drivers, one.id, multi=False,
                          reserved=_load_reserved(conf))
    raise RuntimeError('[glance_store] default_store is not among the stores')


def _load_driver(conf, store_id, store_type, named=True, **kwargs):
    native = _native_drivers().get(store_type)
    try:
        if native is None:
            return _adapter(store_type)(store_id, store_type, conf,
                                        named=named, **kwargs)
        group = store_id if named else 'glance_store'
        options.register_native(conf, group, native)
        values = (options.values(conf, group, native) if named
                  else conf[group])
        return native(store_id, values, named=named, **kwargs)
    except (stevedore_exception.NoMatches, ImportError, ValueError,
            OSError) as exc:
        raise RuntimeError('Store %s of type %s cannot be loaded: %s'
                           % (store_id, store_type, exc)) from exc


def _adapter(store_type):
    """:returns: the class that knows how this kind keeps data"""
    if store_type not in _ADAPTED:
        return adapter.Driver
    return importlib.import_module(
        'glance.store.drivers.' + _ADAPTED[store_type]).Driver


def _native_drivers():
    found = extension.ExtensionManager(NAMESPACE)
    return dict(_BUILT_IN, **{one.name: one.plugin for one in found})
