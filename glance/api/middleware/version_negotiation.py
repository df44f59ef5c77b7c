"""Find the wanted version, in the path or in Accept; tell which there are."""

import webob

from glance.api.middleware import base
from glance.api import versions

_MEDIA_TYPE = 'application/vnd.openstack.images-'


class VersionNegotiationFilter(base.Filter):
    """Every served version is passed on as /v2.

    What asks for no served version is answered here, before authentication,
    with the list of versions.
    """

    def __call__(self, environ, start_response):
        path = environ.get('PATH_INFO', '')
        first = _first_segment(path)
        if path == '/versions':
            return _tell(environ, 200)(environ, start_response)
        accept = environ.get('HTTP_ACCEPT', '')
        if accept.startswith(_MEDIA_TYPE) and not _is_version(first):
            first = accept[len(_MEDIA_TYPE):].partition(',')[0].strip()
            path = '/' + first + path
        if first != 'v2' and not versions.is_served(first):
            return _tell(environ, 300)(environ, start_response)
        environ['PATH_INFO'] = '/v2' + path[len(first) + 1:]
        return self.app(environ, start_response)


def _first_segment(path):
    return path[1:].partition('/')[0]


def _tell(environ, status):
    return versions.respond(webob.Request(environ), status)


def _is_version(segment):
    return segment[:1] == 'v' and segment[1:2].isdigit()
