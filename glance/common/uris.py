"""Which URLs of users this service may follow.

Everything that fetches from or sends to an address a user has named asks here
first, for the first URL and for each redirect. The rules are the options
[import_filtering_opts]. A host is judged by its name and then by its
addresses; the connection has to go to an address that was judged. The rules
are not for what the operator has named, as in the catalogue of Keystone.
"""

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


class Target(typing.NamedTuple):
    """:param path: what is asked for, with the query
    :param is_named: the operator has named this host
    """

    scheme: str
    host: str
    port: int
    path: str
    is_named: bool


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
    host = _host(pieces.hostname)
    port = _PORTS[scheme] if pieces.port is None else pieces.port
    if not private:
        _allow('scheme', 'schemes', scheme)
        _allow('host', 'hosts', host)
        _allow('port', 'ports', port)
    path = urllib.parse.quote(pieces.path or '/', safe="/%:@!$&'()*+,;=~")
    if pieces.query:
        path += '?' + urllib.parse.quote(pieces.query,
                                         safe="/%?:@!$&'()*+,;=~")
    allowed = [str(one).lower() for one in
               CONF.import_filtering_opts.allowed_hosts]
    return Target(scheme, host, port, path, bool(private) or host in allowed)


def _split(url):
    if not isinstance(url, str) or len(url) > _MAX_LENGTH:
        raise _refused('it is no text of at most %d characters' % _MAX_LENGTH)
    if re.search(r'[\x00-\x20\x7f\\]', url) or not url.isascii():
        raise _refused('it has characters that have to be encoded')
    try:
        pieces = urllib.parse.urlsplit(url)
        pieces.port     # judged when it is read
    except ValueError:
        raise _refused('it cannot be understood') from None
    return pieces


def _host(text):
    host = (text or '').lower()
    if ':' in host:
        try:
            address = ipaddress.IPv6Address(host)
        except ValueError:
            raise _refused('its address is not valid') from None
        if address.scope_id is not None:
            raise _refused('its address is not valid')
        return address.compressed
    if _NUMERIC.fullmatch(host):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise _refused('its address is not written as four decimal '
                           'numbers') from None
    host = host.removesuffix('.')
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

    :param target: as `parse` gives it
    :returns: [(family, address text)], all of them fit to connect to
    :raises BadRequest:
    """
    try:
        socket = concurrency.native.socket
        found = socket.getaddrinfo(target.host, target.port,
                                   type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _refused('its host cannot be resolved') from None
    result = list(dict.fromkeys((entry[0], entry[4][0]) for entry in found))
    if not target.is_named:
        for _family, text in result:
            _judge(text)
    return result


def _judge(text):
    address = ipaddress.ip_address(text.split('%')[0])
    if address.version == 6 and any(address in network
                                    for network in _TRANSLATED):
        raise _refused('its address stands for one of another kind')
    is_wrong = (address.is_unspecified or address.is_loopback
                or address.is_link_local or address.is_multicast
                or getattr(address, 'is_site_local', False))
    if is_wrong:
        raise _refused('its address is not one of another host')
    if not (address.is_global
            or CONF.import_filtering_opts.allow_private_addresses):
        raise _refused('its address is private; the operator can allow the '
                       'host, or all private addresses')


def _refused(reason):
    return exceptions.BadRequest(
        'This URL does not pass filtering: %s.' % reason)
