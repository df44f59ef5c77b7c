"""The outermost filter: request id, headers, one log line and one count.

It stands outside the paste pipeline, because operators' files do not name it
and because what the pipeline answers by itself (a missing token, a version
list) needs the request id as well.
"""

import re
import time

from oslo_context import context
from oslo_log import log as logging

from glance.api import composite
from glance.api import faults
from glance.common import exceptions
from glance.conf import CONF
from glance.metrics import counters

LOG = logging.getLogger(__name__)

# The key of oslo.middleware; oslo.context and other filters read it.
REQUEST_ID = 'openstack.request_id'
_HEADER = 'x-openstack-request-id'
_SLASHES = re.compile('/{2,}')
_PRINTABLE = re.compile(r'[!-~]+\Z')
_VERBS = ('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')


class RequestLog:
    """:param app: the whole pipeline"""

    def __init__(self, app):
        self._app = app

    def __call__(self, environ, start_response):
        started = time.monotonic()
        app = self._app
        line = _describe(environ)
        # for all that look at the path; routes have always passed over this
        environ['PATH_INFO'] = _SLASHES.sub('/', environ.get('PATH_INFO', ''))
        try:
            request_id = _accept(environ.get('HTTP_X_OPENSTACK_REQUEST_ID'))
        except exceptions.BadRequest as error:
            request_id = context.generate_request_id()
            app = faults.response(error, environ)
        environ[REQUEST_ID] = request_id
        # What is logged before the caller is known must not show the caller
        # of the request that this thread has served before.
        context.RequestContext(request_id=request_id)

        def start(status, headers, exc_info=None):
            status, headers = faults.without_invitation(environ, status,
                                                        headers)
            _add_headers(headers, request_id)
            spent = time.monotonic() - started
            LOG.info('%s status: %s len: %s time: %.4f', line, status[:3],
                     _length(headers), spent)
            _count(environ, status[:3], spent)
            return start_response(status, headers, exc_info)

        try:
            return app(environ, start)
        except Exception as error:
            # A filter of somebody else that does not answer by itself.
            return faults.response(error, environ)(environ, start)


def _describe(environ):
    """Client, verb and path; the query may hold names, it stays out."""
    path = environ.get('SCRIPT_NAME', '') + environ.get('PATH_INFO', '')
    return '%s "%s %s"' % (environ.get('REMOTE_ADDR', '-'),
                           environ['REQUEST_METHOD'],
                           path.encode('unicode_escape').decode('ascii'))


def _count(environ, status, seconds):
    """By names of ours only: what clients send would have no end."""
    route = environ.get(composite.ROUTE, 'none')
    verb = environ['REQUEST_METHOD']
    verb = verb if verb in _VERBS else 'other'
    counters.HTTP_REQUESTS.labels(route, verb, status).inc()
    counters.HTTP_SECONDS.labels(route, verb).observe(seconds)


def _accept(given):
    if not given:
        return context.generate_request_id()
    if len(given) > CONF.max_request_id_length:
        raise exceptions.BadRequest(
            'The request id is longer than %d characters.'
            % CONF.max_request_id_length)
    if not _PRINTABLE.match(given):
        raise exceptions.BadRequest('The request id is not printable ASCII.')
    return given if given.startswith('req-') else 'req-' + given


def _add_headers(headers, request_id):
    names = {name.lower() for name, _value in headers}
    if _HEADER not in names:
        headers.append((_HEADER, request_id))
    if 'x-content-type-options' not in names:
        headers.append(('X-Content-Type-Options', 'nosniff'))


def _length(headers):
    for name, value in headers:
        if name.lower() == 'content-length':
            return value
    return '-'
