"""Images that stay on the HTTP servers of others; nothing is written there.

The rules for URLs of users are about what is added, and about redirects. What
is recorded was added under the rules of its time, and stays readable: an
option of the store says where it may lead.
"""

from collections.abc import Iterator, Mapping, Sequence
import copy
import re
import types
import typing

from oslo_log import log as logging

from glance.common import context as contexts
from glance.common import exceptions
from glance.common import fetching
from glance.common import uris
from glance.conf import CONF
from glance.conf import store as store_conf
from glance.metrics import counters
from glance.store import driver
from glance.store import places

LOG = logging.getLogger(__name__)

_CHUNK = 1 << 20
_WHOLE, _PARTIAL = 200, 206
_RANGE = re.compile(r'\s*bytes\s+([0-9]{1,19})-[0-9]', re.ASCII | re.I)


def _unavailable(store_id: str, verb: str) -> exceptions.StoreUnavailable:
    counters.STORE_ERRORS.labels(store_id, verb).inc()
    return exceptions.StoreUnavailable()


def _begins_at(source: fetching.Source, offset: int) -> bool:
    """Whether a part begins there; several in one body say no range."""
    found = _RANGE.match(source.headers.get('Content-Range', ''))
    return found is not None and int(found[1]) == offset


class Reader(driver.Reader):
    """The body of an answer, from `skip` bytes on."""

    def __init__(self, store_id: str, source: fetching.Source, skip: int,
                 length: int | None) -> None:
        self._store_id, self._source = store_id, source
        self._skip = skip
        self.length = length

    def __iter__(self) -> Iterator[bytes]:
        left = self.length
        self._read_away()
        while left is None or left > 0:
            chunk = self._read(_CHUNK if left is None else min(_CHUNK, left))
            if not chunk:
                break
            if left is not None:
                left -= len(chunk)
            yield chunk
        if left:
            raise _unavailable(self._store_id, 'read')

    def _read_away(self) -> None:
        """Where a server gives all although a part was asked for."""
        while self._skip:
            chunk = self._read(min(_CHUNK, self._skip))
            if not chunk:
                raise _unavailable(self._store_id, 'read')
            self._skip -= len(chunk)

    def _read(self, size: int) -> bytes:
        try:
            return self._source.read(size)
        except exceptions.BadRequest:
            raise _unavailable(self._store_id, 'read') from None

    def close(self) -> None:
        self._source.close()


class Driver(driver.Driver):
    """:param values: the options of the store by name, as glance_store
    declares them for its own HTTP driver, and EXTRA
    """

    type = 'http'
    schemes = ('http', 'https')
    read_only = True
    EXTRA = store_conf.web_opts

    def __init__(self, store_id: str, values: types.SimpleNamespace,
                 **kwargs: typing.Any) -> None:
        super().__init__(store_id, **kwargs)
        self._refused: dict[str, bool] = {}
        self._via = fetching.Via(
            values.https_ca_certificates_file,
            values.https_insecure and self._is_told_insecure(),
            dict(values.http_proxy_information or {}),
            getattr(values, 'http_readable_addresses', uris.LOCAL))

    @property
    def strict(self) -> typing.Self:
        other = copy.copy(self)
        other._via = self._via._replace(reach=None)
        return other

    def refuses(self, url: str) -> bool:
        """Of many images on one server, the first one has it looked for."""
        try:
            target, _user = uris.recorded(url, self._via.reach)
        except exceptions.BadRequest:
            return True
        if target.host not in self._refused:
            self._refused[target.host] = self._refuses(target)
        return self._refused[target.host]

    def _refuses(self, target: uris.Target) -> bool:
        try:
            uris.addresses(target)
        except uris.Unresolvable:
            return False
        except exceptions.BadRequest:
            return True
        return False

    def _is_told_insecure(self) -> bool:
        """The default of the option is true; only who says so means it."""
        group = self.id if self.metadata else 'glance_store'
        location = CONF.get_location('https_insecure', group)
        return bool(location and location.location.is_user_controlled)

    def write(self, image_id: str, attempt: str, source: driver.Source,
              size: int | None = None, context: contexts.Caller | None = None
              ) -> typing.NoReturn:
        raise exceptions.Gone('The store takes no data.')

    def open(self, url: str, offset: int = 0, length: int | None = None,
             context: contexts.Caller | None = None) -> Reader:
        headers = {}
        if offset or length is not None:
            last = '' if length is None else str(offset + length - 1)
            headers['Range'] = 'bytes=%d-%s' % (offset, last)
        source = self._get('open', url, headers, (_WHOLE, _PARTIAL))
        if source.status == _PARTIAL:
            if not _begins_at(source, offset):
                source.close()
                LOG.warning('Store %s: another part of the data was given '
                            'than asked for', self.id)
                raise _unavailable(self.id, 'open')
            return Reader(self.id, source, 0, source.length)
        left: int | None = source.length
        if offset and left is not None:
            left = max(0, left - offset)
        if length is not None:
            left = length if left is None else min(length, left)
        return Reader(self.id, source, offset, left)

    def size(self, url: str, context: contexts.Caller | None = None) -> int:
        source = self._get('size', url, {}, (_WHOLE,))
        source.close()
        return source.length or 0

    def _get(self, verb: str, url: str, headers: Mapping[str, str],
             statuses: Sequence[int]) -> fetching.Source:
        try:
            return fetching.open(url, headers, statuses=statuses,
                                 via=self._via)
        except exceptions.BadRequest as error:
            # The reasons of other errors may name the host.
            if isinstance(error, fetching.Unreachable):
                LOG.warning('Store %s: %s', self.id, error.message)
            raise _unavailable(self.id, verb) from None

    def delete(self, url: str, context: contexts.Caller | None = None) -> None:
        raise exceptions.Forbidden('The store does not delete data.')

    def find_place(self, url: str) -> places.Place:
        """Servers of others give names as they like.

        The fragment stays: with it, clients tell two locations apart whose
        data they believe to be the same.
        """
        scheme, _colon, rest = url.partition('://')
        host, _slash, name = rest.partition('/')
        scheme = scheme.lower()
        if scheme not in self.schemes or not host or not (
                url.isascii() and url.isprintable()):
            raise exceptions.BadLocation()
        return places.Place((scheme, host), name,
                            url='%s://%s' % (scheme, rest))
