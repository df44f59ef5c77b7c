"""No authentication, for callers on the same host only."""

import ipaddress
import urllib.parse

from glance.api.middleware import context
from glance.common import exceptions

_REFUSED = ('This service runs without authentication and serves its own '
            'host only.')


class StandaloneContextMiddleware(context.UnauthenticatedContextMiddleware):
    """Everybody who asks from this host is the administrator.

    A web page on another site can make a browser on this host send requests:
    by a name that leads here, then the Host header is not ours, or across
    sites, then Origin is not.

    :param options: `project_id` and `user_id` of the administrator
    """

    def make_context(self, environ):
        if not (_is_loopback(environ.get('REMOTE_ADDR', ''))
                and _is_local_name(environ.get('HTTP_HOST', ''))
                and _is_local_origin(environ.get('HTTP_ORIGIN'))):
            raise exceptions.Forbidden(_REFUSED)
        return context.administrator(
            environ, project_id=self.options.get('project_id', 'standalone'),
            user_id=self.options.get('user_id', 'standalone'))


def _is_loopback(address):
    # A UNIX socket has no address.
    if not address:
        return True
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return (getattr(ip, 'ipv4_mapped', None) or ip).is_loopback


def _is_local_name(host):
    return _is_local_url('//' + host)


def _is_local_origin(origin):
    return origin is None or _is_local_url(origin)


def _is_local_url(url):
    try:
        name = urllib.parse.urlsplit(url).hostname
    except ValueError:
        return False
    return name == 'localhost' or bool(name) and _is_loopback(name)
