"""Which URLs this service may follow.

Everything that fetches from or sends to an address a user has named asks here
first, for the first URL and for each redirect. The rules are the options
[import_filtering_opts]. A host is judged by its name and then by its
addresses; the connection has to go to an address that was judged.

The rules are not for what the operator has named, as in the catalogue of
Keystone. Nor is what is recorded as a location a new URL of a user: lists that
were made for imports would take away data that has been there for years. Of
its first hop only the addresses are judged, by an option of the store.
"""

import base64
import ipaddress
import re
import typing
import urllib.parse

from glance.common import concurrency
from glance.common import exceptions
from glance.conf import CONF

_PORTS = {'http': 80, 'https': 443}
_MAX_LENGTH = 2048
# What a resolver would take for an address though it is none as written.
_NUMERIC = re.compile(r'(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+))*\.?', re.I)
_NAME = re.compile(r'[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?'
                   r'(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*', re.I)
_TRANSLATED = [ipaddress.ip_network(text) for text in (
    '::/96', '::ffff:0:0/96', '::ffff:0:0:0/96', '64:ff9b::/96',
    '64:ff9b:1::/48', '2001::/32', '2002::/16')]


# Which addresses may be connected to; each one includes those before it.
PUBLIC, PRIVATE, LOCAL, ANY = 'public', 'private', 'local', 'any'


class Unresolvable(exceptions.BadRequest):
    code = 'host-unresolvable'
    default = ('This URL does not pass filtering: its host cannot be '
               'resolved.')


class Target(typing.NamedTuple):
    """:param path: what is asked for, with the query
    :param reach: which addresses the host may have
    """

    scheme: str
    host: str
    port: int
    path: str
    reach: str


def check(url, private=False):
    """See whether a URL may be followed, as far as can be told now.

    It may block: the host is resolved.

    :param private: as for `parse`
    :raises BadRequest: it may not, with the reason
    """
    addresses(parse(url, private))


def parse(url, private=False):
    """Judge scheme, host name and port.

    :param private: whether it is an address of this cloud, that the operator
        has named: the options are about what users name
    :returns: Target
    :raises BadRequest:
    """
    pieces = _split(url)
    scheme = pieces.scheme.lower()
    if scheme not in _PORTS:
        raise _refused('the scheme %s is not supported' % scheme[:16])
    if pieces.username is not None or pieces.password is not None:
        raise _refused('it holds a user name')
    host, port = _host(pieces.hostname), _port(pieces)
    if not private:
        _allow('scheme', 'schemes', scheme)
        _allow('host', 'hosts', host)
        _allow('port', 'ports', port)
    return Target(scheme, host, port, _path(pieces),
                  ANY if private else _reach(host))


def _reach(host):
    options = CONF.import_filtering_opts
    if host in [str(one).lower() for one in options.allowed_hosts]:
        return ANY
    return PRIVATE if options.allow_private_addresses else PUBLIC


def recorded(url, reach):
    """What to ask for where a URL was recorded, in any spelling.

    :param reach: PUBLIC, PRIVATE or LOCAL
    :returns: Target, and the value of the header Authorization for the user
        that the URL names, None without one
    :raises BadRequest: there is nothing that could be asked
    """
    pieces = _pieces(url)
    scheme = pieces.scheme.lower()
    if scheme not in _PORTS:
        raise _refused('the scheme is not supported')
    host = (pieces.hostname or '').lower()
    host = _ipv6(host) if ':' in host else _name(host)
    return (Target(scheme, host, _port(pieces), _path(pieces), reach),
            _authorization(pieces))


def joined(url, reference):
    """:param reference: what stands in an answer of `url`, relative or not
    :returns: the URL that it means
    :raises BadRequest: it means none
    """
    try:
        return urllib.parse.urljoin(url, reference)
    except ValueError:
        raise _refused('it cannot be understood') from None


def text(target):
    """:returns: the URL, without a user"""
    return '%s://%s%s' % (target.scheme, netloc(target), target.path)


def netloc(target):
    """:returns: host and port as the header Host has them"""
    host = '[%s]' % target.host if ':' in target.host else target.host
    if target.port == _PORTS[target.scheme]:
        return host
    return '%s:%d' % (host, target.port)


def _authorization(pieces):
    if not (pieces.username or pieces.password):
        return None
    plain = '%s:%s' % tuple(urllib.parse.unquote(one or '') for one in
                            (pieces.username, pieces.password))
    return 'Basic ' + base64.b64encode(plain.encode()).decode()


def _port(pieces):
    return _PORTS[pieces.scheme.lower()] if pieces.port is None else (
        pieces.port)


def _path(pieces):
    path = urllib.parse.quote(pieces.path or '/', safe="/%:@!$&'()*+,;=~")
    if pieces.query:
        path += '?' + urllib.parse.quote(pieces.query,
                                         safe="/%?:@!$&'()*+,;=~")
    return path


def _split(url):
    if not isinstance(url, str) or len(url) > _MAX_LENGTH:
        raise _refused('it is no text of at most %d characters' % _MAX_LENGTH)
    if re.search(r'[\x00-\x20\x7f\\]', url) or not url.isascii():
        raise _refused('it has characters that have to be encoded')
    return _pieces(url)


def _pieces(url):
    try:
        pieces = urllib.parse.urlsplit(url)
        pieces.port     # judged when it is read
    except ValueError:
        raise _refused('it cannot be understood') from None
    return pieces


def _host(text):
    host = (text or '').lower()
    if ':' in host:
        return _ipv6(host)
    if _NUMERIC.fullmatch(host):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise _refused('its address is not written as four decimal '
                           'numbers') from None
    return _name(host)


def _ipv6(text):
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        raise _refused('its address is not valid') from None
    if address.scope_id is not None:
        raise _refused('its address is not valid')
    return address.compressed


def _name(text):
    host = text.removesuffix('.')
    if not _NAME.fullmatch(host) or len(host) > 253:
        raise _refused('its host name is not valid')
    return host


def _allow(what, option, value):
    """A list of what is allowed switches the other list off."""
    group = CONF.import_filtering_opts
    allowed = group['allowed_' + option]
    if allowed:
        fits = value in [_plain(one) for one in allowed]
    else:
        fits = value not in [_plain(one)
                             for one in group['disallowed_' + option]]
    if not fits:
        raise _refused('the %s %s is not allowed'
                       % (what, str(value)[:64]))


def _plain(value):
    return str(value).lower() if isinstance(value, str) else value


def addresses(target):
    """Resolve a host and judge every address it has; this may block.

    :param target: as `parse` or `recorded` gives it
    :returns: [(family, address text)], all of them fit to connect to
    :raises Unresolvable: it has none now
    :raises BadRequest:
    """
    try:
        socket = concurrency.native.socket
        found = socket.getaddrinfo(target.host, target.port,
                                   type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unresolvable() from None
    result = list(dict.fromkeys((entry[0], entry[4][0]) for entry in found))
    if target.reach != ANY:
        for _family, address in result:
            _judge(address, target.reach)
    return result


def _judge(text, reach):
    address = ipaddress.ip_address(text.split('%')[0])
    translated = [network for network in _TRANSLATED
                  if address.version == 6 and address in network]
    if translated and reach != LOCAL:
        raise _refused('its address stands for one of another kind')
    if not translated and reach != LOCAL and address.is_loopback:
        raise _refused('its address is not one of another host')
    if any(map(_is_nowhere, [address, *(
            ipaddress.IPv4Address(int(address) & 0xffffffff)
            for network in translated if network.prefixlen == 96)])):
        raise _refused('its address is not one of another host')
    if reach == PUBLIC and not address.is_global:
        raise _refused('its address is private; the operator can allow the '
                       'host, or all private addresses')


def _is_nowhere(address):
    """Where no data of images is: here, next door or at many places."""
    return (address.is_unspecified or address.is_link_local
            or address.is_multicast
            or getattr(address, 'is_site_local', False))


def _refused(reason):
    return exceptions.BadRequest(
        'This URL does not pass filtering: %s.' % reason)
