"""The WSGI application of the v2 API: from a request to a handler and back.

A handler is called as `handler(req, **path_parameters)`. It returns a dict or
a list (200 with JSON), None (204) or a `webob.Response` of its own, and raises
the errors of `glance.common.exceptions`. A handler marked by `request.no_body`
gets no request that has a body.
"""

import json
import urllib.parse

import webob

from glance.api import composite
from glance.api import faults
from glance.api import pipeline
from glance.api import protections
from glance.api import request
from glance.api import router
from glance.api import services
from glance.common import concurrency
from glance.common import exceptions
from glance.conf import CONF
from glance import policy

# Longer ones are cut by most proxies and servers anyway.
MAX_QUERY_LENGTH = 16384


class Application:
    """:param routes: the table, see `glance.api.routes`"""

    def __init__(self, routes):
        self._router = router.Router(routes)

    def __call__(self, environ, start_response):
        try:
            response = self._respond(environ)
        except Exception as error:
            response = faults.response(error, environ)
        return response(environ, start_response)

    def _respond(self, environ):
        raw_path = environ.get('PATH_INFO', '')
        if not raw_path:
            return _redirect_to_slash(environ)
        path = _decode(raw_path, 'path')
        _check_query(environ.get('QUERY_STRING', ''))
        handler, args, pattern = self._router.match(
            path, environ['REQUEST_METHOD'])
        environ[composite.ROUTE] = '/v2' + pattern
        req = request.Request(environ)
        _check_framing(req, handler)
        if req.context.read_only and req.method != 'GET':
            raise exceptions.Forbidden('Anonymous callers may only read.')
        return _to_response(handler(req, **args))


def _redirect_to_slash(environ):
    location = request.Request(environ).base_url + '/v2/'
    return webob.Response(status=302, location=location)


def _decode(raw, what, unquote=bytes):
    """WSGI carries bytes as latin-1 text."""
    try:
        text = unquote(raw.encode('latin-1')).decode('utf-8')
    except UnicodeError:
        raise exceptions.BadRequest('The %s is not valid UTF-8.' % what)
    if '\x00' in text:
        raise exceptions.BadRequest('The %s contains a NUL character.' % what)
    return text


def _check_query(query):
    if len(query) > MAX_QUERY_LENGTH:
        raise exceptions.BadRequest('The query is longer than %d characters.'
                                    % MAX_QUERY_LENGTH)
    if '%' in query or not query.isascii():
        _decode(query, 'query', urllib.parse.unquote_to_bytes)


def _check_framing(req, handler):
    length = req.environ.get('CONTENT_LENGTH')
    if length and not (length.isascii() and length.isdecimal()):
        raise exceptions.BadRequest('The Content-Length is not a number.')
    if req.has_body() and getattr(handler, 'no_body', False):
        raise exceptions.BadRequest(
            'This request must not have a body: %s %s'
            % (req.method, req.path_info))


def _to_response(result):
    if isinstance(result, webob.Response):
        return result
    if result is None:
        response = webob.Response(status=204)
        del response.content_type
        return response
    return webob.Response(body=json.dumps(result).encode('ascii'),
                          content_type='application/json', charset='UTF-8')


def load():
    """Load the pipeline, the stores, the rules and the property protections.

    Errors in their configuration show here.

    :returns: the complete WSGI application
    """
    concurrency.limit_blocking(CONF.wsgi.task_pool_threads)
    services.stores()
    policy.load()
    protections.load()
    app = pipeline.load()
    services.start_cache()
    return app
