"""The documents that tell which versions of the API are served."""

import json

import webob

from glance.api import request
from glance.conf import CONF

# Minor versions, newest first, that need an image cache or several stores.
_CACHE = (18, 16, 14)
_MULTI_STORE = (13, 12, 11, 10, 8)
_OTHERS = (17, 15, 9, 7, 6, 5, 4, 3, 2, 1, 0)


def minor_versions():
    """:returns: served minor versions, newest first"""
    served = _OTHERS
    if CONF.enabled_backends:
        served += _MULTI_STORE
    if CONF.image_cache_dir:
        served += _CACHE
    return sorted(served, reverse=True)


def is_served(segment):
    """Whether a path may start with this segment, such as v2 or v2.7."""
    if segment == 'v2':
        return True
    minor = segment.removeprefix('v2.')
    return (minor != segment and minor.isdecimal() and minor.isascii()
            and str(int(minor[:3])) == minor
            and int(minor) in minor_versions())


def document(req):
    """:returns: dict for JSON"""
    href = request.base_url(req) + '/v2/'
    served = minor_versions()
    current = max(served)
    return {'versions': [
        {'id': 'v2.%d' % minor,
         'status': 'CURRENT' if minor == current else 'SUPPORTED',
         'links': [{'rel': 'self', 'href': href}]}
        for minor in served]}


def respond(req, status):
    """:returns: the document as a webob.Response with this status"""
    return webob.Response(status=status,
                          body=json.dumps(document(req)).encode('ascii'),
                          content_type='application/json', charset='UTF-8')


class Versions:
    """The application behind every path that no other one serves."""

    def __call__(self, environ, start_response):
        status = 200 if environ.get('PATH_INFO') == '/versions' else 300
        response = respond(webob.Request(environ), status)
        return response(environ, start_response)


def create_resource(global_conf=None, **local_conf):
    """Paste application factory."""
    return Versions()
