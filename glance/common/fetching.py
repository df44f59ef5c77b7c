"""The HTTP client for addresses that users have named.

Each hop is judged by `glance.common.uris`, and the connection goes to an
address that was judged, whatever the name resolves to by then. Calls block:
they are made in native threads. What goes wrong at the other end is always the
same error, so that nobody learns what answers where.
"""

from http import client as http_client
import io
import re
import typing

import urllib3
from urllib3.util import response as urllib3_response

from glance.common import exceptions
from glance.common import pace
from glance.common import uris
from glance.conf import CONF

_REDIRECTS = (301, 302, 303, 307, 308)
_MAX_HOPS = 10
_MAX_INTERIM = 20
_LENGTH = re.compile(r'[0-9]{1,19}\Z')
_HEADERS = {'Accept-Encoding': 'identity', 'User-Agent': 'glance'}


class Via(typing.NamedTuple):
    """How connections are made.

    :param ca_file: certificates of authorities; None for the usual ones
    :param insecure: whether certificates are taken unseen
    :param proxies: {scheme: URL of a proxy that the operator has named}
    :param reach: where the URL is recorded, which addresses it may lead to,
        see `glance.common.uris`; None for a URL that a user names now
    """

    ca_file: str | None = None
    insecure: bool = False
    proxies: dict = {}
    reach: str | None = None


class Unreachable(exceptions.BadRequest):
    code = 'source-unreachable'
    default = 'The source could not be read.'


class _Response(http_client.HTTPResponse):
    """One behind any interim answers; the library skips 100 only.

    It comes at the pace that is asked for, from its first byte on.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fp = io.BufferedReader(pace.Reader(self.fp.detach(), _pace()))

    def begin(self):
        """The library passes over what follows a malformed line, and logs the
        URL, which may hold what signs it.
        """
        super().begin()
        urllib3_response.assert_header_parsing(self.msg)

    def _read_status(self):
        for _answer in range(_MAX_INTERIM):
            found = super()._read_status()
            # After 101 another protocol is spoken.
            if not 100 < found[1] < 200 or found[1] == 101:
                return found
            http_client.parse_headers(self.fp)
        raise http_client.HTTPException('too many interim answers')


class _Connection(urllib3.connection.HTTPConnection):
    response_class = _Response


class _SecureConnection(urllib3.connection.HTTPSConnection):
    response_class = _Response


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {'http': _Pool, 'https': _SecurePool}


def _pace():
    """Two silences that are as long as they may be are no fault."""
    options = CONF.import_filtering_opts
    return pace.Pace(options.minimum_rate, 60 + 2 * options.read_timeout)


class Source:
    """A response whose body is read like a file.

    :ivar length: bytes announced, None if the other end does not say
    """

    def __init__(self, response, pool):
        self._response, self._pool = response, pool
        self.status, self.headers = response.status, response.headers
        length = response.headers.get('Content-Length', '')
        self.length = int(length) if _LENGTH.match(length) else None

    def demand_end(self):
        """Without a length, only a last chunk tells all data from a part."""
        chunked = self.headers.get('Transfer-Encoding', '').lower()
        if (self.length is None and chunked != 'chunked'
                and not CONF.import_filtering_opts.allow_unconfirmed_end):
            raise Unreachable(
                'The source does not say where its data ends: it has to '
                'announce a length or send chunks.')

    def read(self, size):
        try:
            return self._response.read(size)
        # The last one is for a chunk of a negative size.
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            slow = isinstance(error.__cause__, pace.TooSlow)
            raise Unreachable(
                'The source gives its data too slowly.' if slow else
                'The source did not give all of its data.') from None

    def close(self):
        self._response.close()
        self._pool.close()


def open(url, headers=None, private=False, statuses=(200,), via=None):
    """GET, over any number of allowed hops.

    :param headers: further ones; they go to the first host only
    :param private: see `uris.parse`
    :param statuses: the answers that are wanted
    :param via: Via; None for what the options of imports say
    :returns: Source
    :raises BadRequest: a URL on the way is not allowed
    :raises Unreachable: no answer, another one, or data that is encoded
        or whose end nobody confirms
    """
    via = via or Via(CONF.import_filtering_opts.ca_file)
    first, user = _named(url, private, via)
    target = first
    for _hop in range(_MAX_HOPS):
        response, pool = _request('GET', target, dict(
            _HEADERS, **(headers or {} if _is_same_host(target, first)
                         else {}), **user), via=via)
        if response.status not in _REDIRECTS:
            break
        location = response.headers.get('Location', '')
        response.close()
        pool.close()
        target, user = _next(target, location, first, private, via), {}
    source = Source(response, pool)
    try:
        if response.status not in statuses:
            raise Unreachable()
        _demand_plain(response)
        source.demand_end()
    except Unreachable:
        source.close()
        raise
    return source


def _named(url, private, via):
    """:returns: target, and headers about the user that a recorded URL names
    """
    if via.reach is None:
        return uris.parse(url, private), {}
    target, user = uris.recorded(url, via.reach)
    return target, {} if user is None else {'Authorization': user}


def _next(target, location, first, private, via):
    """Where a redirect leads: to other hosts by the rules for new URLs."""
    url = uris.joined(uris.text(target), location)
    found, user = _named(url, private, via)
    return (found if _is_same_host(found, first) and not user
            else uris.parse(url))


def _is_same_host(target, other):
    return target[:3] == other[:3]


def _demand_plain(response):
    """The bytes have to be the data itself, not a coding of it."""
    coding = response.headers.get('Content-Encoding', '').lower().split(',')
    # Whatever else it names, the client below takes the frames for the data.
    framing = response.headers.get('Transfer-Encoding', '').lower()
    if ({one.strip() for one in coding} - {'', 'identity'}
            or framing not in ('', 'identity', 'chunked')):
        raise Unreachable(
            'The source gives its data in another coding than asked for, such '
            'as compressed for the transfer; it has to give the data as it '
            'is.')


def send(url, body, length, headers=None):
    """PUT a file.

    :param body: `read(n)` gives bytes, b'' at the end
    :param length: bytes of it; None to send it in chunks
    :raises BadRequest: the URL is not allowed
    :raises Unreachable: no answer, or one that is no success
    """
    headers = dict(_HEADERS, **(headers or {}))
    if length is not None:
        headers['Content-Length'] = str(length)
    response, pool = _request('PUT', uris.parse(url), headers,
                              pace.Giver(body, _pace()))
    response.close()
    pool.close()
    if response.status not in (200, 201, 204):
        raise Unreachable('The target did not take the data.')


def _request(method, target, headers, body=None, via=None):
    """To the first address that takes the connection."""
    via = via or Via(CONF.import_filtering_opts.ca_file)
    found = uris.addresses(target)
    for number, (_family, address) in enumerate(found, 1):
        pool = _pool(target, address, via)
        try:
            return pool.urlopen(
                method, _path(target, address, via), body=body,
                retries=False,
                redirect=False, preload_content=False, decode_content=False,
                assert_same_host=False,
                headers=dict(headers, Host=uris.netloc(target))), pool
        except (urllib3.exceptions.NewConnectionError,
                urllib3.exceptions.ConnectTimeoutError):
            pool.close()
            if number == len(found):
                raise Unreachable(_failed(method)) from None
        except (urllib3.exceptions.HTTPError, OSError):
            pool.close()
            raise Unreachable(_failed(method)) from None
    raise Unreachable(_failed(method))


def _failed(method):
    return ('The target did not take the data.' if method == 'PUT'
            else Unreachable.default)


def _path(target, address, via):
    """A proxy for plain HTTP is told the whole URL, of the judged address."""
    if target.scheme == 'http' and 'http' in via.proxies:
        return uris.text(target._replace(host=address))
    return target.path


def _pool(target, address, via):
    options = CONF.import_filtering_opts
    kwargs = {'timeout': urllib3.Timeout(connect=options.connect_timeout,
                                         read=options.read_timeout),
              'maxsize': 1}
    if target.scheme == 'https':
        kwargs.update(
            cert_reqs='CERT_NONE' if via.insecure else 'CERT_REQUIRED',
            server_hostname=target.host,
            assert_hostname=False if via.insecure else target.host,
            ca_certs=via.ca_file)
    if target.scheme in via.proxies:
        proxy = urllib3.ProxyManager(via.proxies[target.scheme], **kwargs)
        proxy.pool_classes_by_scheme = _POOLS
        return proxy.connection_from_host(address, target.port, target.scheme)
    return _POOLS[target.scheme](address, target.port, **kwargs)
