"""What the URLs of Swift stand for.

Where the service has one account for all, a URL names it by a reference into
a file, or by its address and credentials; of these only the user counts: keys
change. Where each project has an account of its own, the URL is that of the
account.
"""

import functools
import re
import typing
import urllib.parse

import glance_store
from glance_store._drivers.swift import utils

from glance.common import exceptions
from glance.store.drivers.swift import swift_tenants
from glance.store import places

_REFERENCE = 'swift+config'
_WEB = ('swift', 'swift+http', 'swift+https')
_VERSION = re.compile(r'/v[0-9.]+\Z')
_SEGMENT = re.compile(r'(?!\.)[A-Za-z0-9_.~:\[\]-]+', re.ASCII)


class OfService:
    """:param store: of glance_store
    :param options: of the store
    """

    def __init__(self, store: glance_store.Store, options: typing.Any) -> None:
        self._store, self._options = store, options

    @functools.cached_property
    def _references(self) -> dict[str, dict[str, typing.Any]]:
        """{name: {"auth_address", "user", ...}}, the default one first"""
        found = utils.SwiftParams(self._store.conf,
                                  backend=self._store.backend_group).params
        default = self._options.default_swift_reference
        return dict(sorted(found.items(), key=lambda one: one[0] != default))

    def place(self, url: str) -> places.Place:
        scheme, _colon, rest = url.partition('://')
        account, container, name = _last(rest)
        if scheme == _REFERENCE:
            reference = account if account in self._references else None
        else:
            reference = self._reference(account) if scheme in _WEB else None
        if not reference or not self.is_ours(container, name):
            raise exceptions.BadLocation()
        return places.named((reference, container), name,
                            self._url(reference, container, name))

    def _reference(self, account: str) -> str | None:
        """:param account: credentials, @, address of the identity service"""
        keys, _at, address = account.rpartition('@')
        user = urllib.parse.unquote(keys).rpartition(':')[0]
        for name, values in self._references.items():
            if (user == (values.get('user') or '')
                    and _unversioned(address) == _unversioned(
                        _without_scheme(values['auth_address']))):
                return name
        return None

    def is_ours(self, container: str, name: str) -> bool:
        """With many containers, their names go on with that of the data."""
        own = self._options.swift_store_container
        return container == own or bool(name) and (
            container.startswith(own + '_')
            and name.lower().startswith(container[len(own) + 1:] or '/'))

    def _url(self, reference: str, container: str, name: str) -> str:
        where = '%s/%s/%s' % (reference, container, name)
        if self._options.swift_store_config_file:
            return '%s://%s' % (_REFERENCE, where)
        values = self._references[reference]
        keys = ''
        if values.get('user') and values.get('key'):
            keys = '%s:%s@' % (urllib.parse.quote(values['user']),
                               urllib.parse.quote(values['key']))
        address = values['auth_address']
        return '%s://%s%s/%s/%s' % (
            'swift+http' if address.startswith('http://') else 'swift+https',
            keys, _without_scheme(address), container, name)

    @staticmethod
    def own(place: places.Place) -> str:
        """:returns: a URL with which the library uses the account as it is
            configured now
        """
        reference, container = typing.cast(tuple[str, str], place.container)
        return '%s://%s/%s/%s' % (_REFERENCE, reference, container,
                                  place.name)


class OfTenants:
    """See `OfService`."""

    def __init__(self, store: glance_store.Store, options: typing.Any) -> None:
        self._store, self._options = store, options

    def place(self, url: str) -> places.Place:
        """A container holds one image and is named after it."""
        scheme, _colon, rest = url.partition('://')
        account, container, name = _last(rest)
        segments = account.split('/')
        if scheme not in _WEB or len(segments) < 2 or (
                not all(map(_SEGMENT.fullmatch, segments))):
            raise exceptions.BadLocation()
        if container != self._container(name):
            raise exceptions.BadLocation()
        scheme = 'swift+https' if scheme == 'swift' else scheme
        return places.named((scheme, account, container), name,
                            '%s://%s' % (scheme, rest))

    def is_ours(self, container: str, name: str) -> bool:
        """:param name: of the data, or of a segment of it"""
        return (name + '-').startswith(container.removeprefix(
            self._container('')) + '-')

    def _container(self, name: str) -> str:
        return '%s_%s' % (self._options.swift_store_container, name)

    @functools.cached_property
    def _address(self) -> tuple[str, str]:
        found = swift_tenants.address(self._store, self._options)
        return urllib.parse.urlsplit(found)[:2]

    def own(self, place: places.Place) -> str | None:
        """:raises BadLocation: the token would go to another server"""
        scheme, account, _container = typing.cast(tuple[str, str, str],
                                                  place.container)
        if (scheme.removeprefix('swift+'),
                account.partition('/')[0]) != self._address:
            raise exceptions.BadLocation()
        return place.url


def _last(rest: str) -> list[str]:
    """:returns: what comes before container and name, and these"""
    pieces = rest.rsplit('/', 2)
    if len(pieces) != 3 or not places.is_name(pieces[2]):
        raise exceptions.BadLocation()
    return pieces


def _without_scheme(address: str) -> str:
    return address.partition('://')[2].strip('/') or address.strip('/')


def _unversioned(address: str) -> str:
    return _VERSION.sub('', address)
