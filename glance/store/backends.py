"""The stores of this service, as the configuration names them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
import hashlib
import importlib
from importlib import metadata
import re
import typing

from oslo_config import cfg
from oslo_log import log
from stevedore import exception as stevedore_exception
from stevedore import extension

from glance.common import exceptions
from glance.conf import errors
from glance.conf import store as store_conf
from glance.objects import location as location_types
from glance.store import driver
from glance.store.drivers.file import filesystem
from glance.store.drivers import glance_store as adapter
from glance.store.drivers.gridfs import gridfs
from glance.store.drivers import http
from glance.store.drivers import missing
from glance.store.drivers.sheepdog import sheepdog
from glance.store import options
from glance.store import places

LOG = log.getLogger(__name__)

_Location = typing.TypeVar('_Location', bound=location_types.Where)

NAMESPACE = 'glance.store.drivers'
_BUILT_IN: dict[str, type[driver.Driver]] = {
    'file': filesystem.Driver, 'gridfs': gridfs.Driver,
    'http': http.Driver, 'sheepdog': sheepdog.Driver}
# Kinds of glance_store that we know well; each needs libraries of its own.
_ADAPTED = {'cinder': 'cinder', 'rbd': 'rbd', 's3': 's3',
            'swift': 'swift.swift', 'vmware': 'vmware'}
_PACKAGES = {'rbd': 'the system package python3-rbd', **{
    kind: 'pip install glance[%s]' % kind
    for kind in ('cinder', 'gridfs', 's3', 'swift', 'vmware')}}
# Programs that drivers run, and what they come with.
_PROGRAMS = {'sheepdog': ('dog', 'Sheepdog (often in a package sheepdog)')}


class Stores:
    """All stores by id; `default` is where data goes when nobody says."""

    def __init__(self, drivers: Iterable[driver.Driver], default_id: str,
                 multi: bool = True, reserved: Iterable[driver.Driver] = ()
                 ) -> None:
        self.multi = multi
        self._by_id = {one.id: one for one in drivers}
        self._reserved = {one.id: one for one in reserved}
        self.default_id = default_id

    def __iter__(self) -> Iterator[driver.Driver]:
        """Drivers users may name, in the order of the configuration."""
        return iter(self._by_id.values())

    @property
    def default(self) -> driver.Driver:
        return self.get(self.default_id)

    @property
    def have_readers(self) -> bool:
        """Whether some have to be told who may read."""
        return any(one.has_readers for one in self)

    def get(self, store_id: str) -> driver.Driver:
        """:raises BadRequest: no store of this id that users may name"""
        try:
            return self._by_id[store_id]
        except KeyError:
            raise exceptions.BadRequest(
                'There is no store with the ID %s'
                % str(store_id)[:64]) from None

    def by_id(self, store_id: str) -> driver.Driver:
        """:returns: the store, internal ones included
        :raises BadRequest: it is not configured (any more)
        """
        return self._reserved.get(store_id) or self.get(store_id)

    def internal(self, store_id: str) -> driver.Driver | None:
        """A reserved store (staging, tasks); None if there are none."""
        return self._reserved.get(store_id)

    def known_schemes(self) -> set[str]:
        return {scheme for one in self for scheme in one.schemes}

    def by_url(self, url: str) -> driver.Driver:
        """:returns: the store `url` points into
        :raises BadRequest: no store takes such URLs
        """
        scheme = _scheme(url)
        fitting = [one for one in self if scheme in one.schemes]
        for one in self._owners(url):
            return one
        if fitting:
            return fitting[0]
        raise exceptions.BadRequest('No store knows locations of this kind.')

    def by_location(self, location: location_types.Where) -> driver.Driver:
        """:returns: the store whose id the metadata holds, else as `by_url`
        """
        url, store_id = location['url'], location_types.store_of(location)
        reserved = self._reserved.get(store_id or '')
        if reserved is not None and reserved.owns(url):
            return reserved
        store = self._by_id.get(store_id or '') if self.multi else None
        if store is not None and (store.owns(url) or not self._owners(url)):
            return store
        return self.by_url(url)

    def id_of(self, location: location_types.Where) -> str | None:
        """:returns: id of the store as `by_location` finds it, or None"""
        try:
            return self.by_location(location).id
        except exceptions.BadRequest:
            return None

    def place(self, location: location_types.Where
              ) -> tuple[driver.Driver, places.Place]:
        """As `by_location`, with what the URL names in there.

        :raises BadLocation: it names nothing that a store of ours has made
        :raises BadRequest, StoreUnavailable:
        """
        store = self.by_location(location)
        return store, store.place(location['url'])

    def may_be_same(self, location: location_types.Where,
                    other: location_types.Where) -> bool:
        """:returns: whether two locations are, for all that is known, of the
            same data: nobody can tell what one that no store has made names
        """
        try:
            store, _place = self.place(location)
            return store is self.place(other)[0] and store.may_be_same(
                location['url'], other['url'])
        except exceptions.GlanceError:
            return _scheme(location['url']) == _scheme(other['url'])

    def may_be_in(self, store: driver.Driver, url: str, found: str) -> bool:
        """:param found: URL of data that `store` has
        :returns: as `may_be_same`
        """
        return store.may_be_same(url, found) or (
            _scheme(url) in store.schemes and not self._owners(url))

    def _owners(self, url: str) -> list[driver.Driver]:
        return [one for one in self if one.owns(url)]

    def by_weight(self, locations: Iterable[_Location]) -> list[_Location]:
        """Locations in the order to use them: heavy stores first."""
        def weight(location: location_types.Where) -> int:
            try:
                return -self.by_location(location).weight
            except exceptions.BadRequest:
                return 1 << 31
        return sorted(locations, key=weight)


def _scheme(url: str) -> str:
    return url.partition(':')[0].lower()


def load(conf: cfg.ConfigOpts) -> Stores:
    """Load every configured store.

    :param conf: the global CONF, already read
    :raises ConfigurationError: the configuration cannot work
    """
    options.use_staging_uri(conf)
    _check_algorithm(conf.hashing_algorithm)
    load_all = _load_multi if conf.enabled_backends else _load_single
    stores = load_all(conf)
    for text in conf.former_locations:
        _add_former(stores, text)
    return stores


def _add_former(stores: Stores, text: str) -> None:
    store_id, _equal, prefix = text.partition('=')
    store = [one for one in stores if one.id == store_id]
    if not store or not re.fullmatch(
            r'[^/]+://.*' + re.escape(store[0].before_name), prefix) or (
            _scheme(prefix) not in store[0].schemes):
        raise errors.ConfigurationError(
            'former_locations takes the id of a store, =, and the beginning '
            'of its URLs with the slash (sheepdog: colon) before the name: '
            '%s is not right' % store_id)
    store[0].former += prefix,


def _check_algorithm(name: str) -> None:
    try:
        size = hashlib.new(name, usedforsecurity=False).digest_size
    except ValueError:
        size = 0
    if not 0 < size <= 64:
        raise errors.ConfigurationError(
            '[DEFAULT] hashing_algorithm %s cannot be used' % name)


def _load_multi(conf: cfg.ConfigOpts) -> Stores:
    for store_id in conf.enabled_backends:
        if store_id.startswith(store_conf.RESERVED_PREFIX):
            raise errors.ConfigurationError(
                'The store ID %s in enabled_backends is reserved' % store_id)
    default_id = conf.glance_store.default_backend
    if default_id not in conf.enabled_backends:
        raise errors.ConfigurationError(
            '[glance_store] default_backend must name one of '
            'enabled_backends')
    drivers = [_make(conf, store_id, store_type)
               for store_id, store_type in conf.enabled_backends.items()]
    return Stores(drivers, default_id, reserved=_load_reserved(conf))


def _make(conf: cfg.ConfigOpts, store_id: str, store_type: str
          ) -> driver.Driver:
    conf.register_opts(options.common(), group=store_id)
    section = conf[store_id]
    return _load_driver(conf, store_id, store_type, weight=section.weight,
                        description=section.store_description)


def _load_reserved(conf: cfg.ConfigOpts) -> Iterator[driver.Driver]:
    """The internal stores; a folder that cannot be had disables its users."""
    for store_id in store_conf.RESERVED_STORES:
        try:
            store = filesystem.Driver(store_id, conf[store_id])
            problem = store.problem
        except (OSError, ValueError) as exc:
            problem = type(exc).__name__
        if problem is None:
            yield store
        else:
            LOG.warning('The internal store %(id)s cannot be used: '
                        '%(problem)s',
                        {'id': store_id, 'problem': problem})


def _load_single(conf: cfg.ConfigOpts) -> Stores:
    drivers = []
    for store_type in conf.glance_store.stores:
        try:
            drivers.append(_load_driver(conf, store_type, store_type,
                                        named=False))
        except errors.ConfigurationError as exc:
            LOG.error('[glance_store] stores: %s; going on without it', exc)
    wanted = conf.glance_store.default_store
    for one in drivers:
        if wanted in one.schemes:
            return Stores(drivers, one.id, multi=False,
                          reserved=_load_reserved(conf))
    raise errors.ConfigurationError(
        '[glance_store] default_store is not among the stores')


def _load_driver(conf: cfg.ConfigOpts, store_id: str, store_type: str,
                 named: bool = True, **kwargs: typing.Any) -> driver.Driver:
    native = _native_drivers().get(store_type)
    try:
        if native is None:
            return _adapter(store_type)(store_id, store_type, conf,
                                        named=named, **kwargs)
        group = store_id if named else 'glance_store'
        options.register_native(conf, group, native)
        values = (options.values(conf, group, native) if named
                  else conf[group])
        make: Callable[..., driver.Driver] = native
        return make(store_id, values, named=named, **kwargs)
    except (stevedore_exception.NoMatches, ImportError) as exc:
        problem = _missing(store_type, exc)
        if problem is None:
            raise errors.ConfigurationError(
                'Store %s: there is no store type %s, but %s' % (
                    store_id, store_type,
                    ', '.join(sorted({*_BUILT_IN, *_ADAPTED})))) from exc
        LOG.error('Store %(id)s cannot be used: %(problem)s',
                  {'id': store_id, 'problem': problem})
        return missing.Driver(store_id, store_type, problem, named=named,
                              **kwargs)
    except (ValueError, OSError) as exc:
        raise errors.ConfigurationError(
            'Store %s of type %s cannot be loaded: %s'
            % (store_id, store_type, exc)) from exc


def _missing(store_type: str, error: Exception) -> str | None:
    """:returns: what a store of this kind lacks, and how to get it; None if
        there is no such kind
    """
    if store_type in _PROGRAMS:
        return ('the type %s needs the program %s, which is not installed; '
                'it comes with %s' % (store_type, *_PROGRAMS[store_type]))
    if store_type in _PACKAGES:
        return ('the type %s needs libraries that are not installed; %s '
                'installs them' % (store_type, _PACKAGES[store_type]))
    if store_type in metadata.entry_points(group=adapter.NAMESPACE).names:
        return 'the type %s needs a library: %s' % (store_type, error)
    return None


def _adapter(store_type: str) -> type[adapter.Driver]:
    """:returns: the class that knows how this kind keeps data"""
    if store_type not in _ADAPTED:
        return adapter.Driver
    found: type[adapter.Driver] = importlib.import_module(
        'glance.store.drivers.' + _ADAPTED[store_type]).Driver
    return found


def declared(store_type: str) -> Sequence[cfg.Opt]:
    """:returns: the options of a store of this kind; none where its library
    is missing
    """
    native = _native_drivers().get(store_type)
    if native is not None:
        return options.of_driver(native)
    return options.of_library(store_type)


def _native_drivers() -> dict[str, type[driver.Driver]]:
    found = extension.ExtensionManager(NAMESPACE)
    return dict(_BUILT_IN, **{one.name: one.plugin for one in found})
