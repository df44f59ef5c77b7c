"""Any error -> one HTTP response, in the form the client accepts."""

import html
import json
import re

from keystoneauth1 import exceptions as keystone_exceptions
from oslo_log import log as logging
import webob
from webob import acceptparse
import webob.exc
from webob import util

from glance.common import exceptions
from glance.store.request import request_body

LOG = logging.getLogger(__name__)

_NO_IDENTITY = ('The identity service cannot be reached or refuses this '
                'service, try again later.')

_UPLOAD = re.compile('/images/[^/]+/(file|stage)$')

# A client may still be sending, and what follows must not be taken for data.
_LAST = ('Connection', 'close')

_HTML = ('<html>\n <head>\n  <title>%(title)s</title>\n </head>\n <body>\n'
         '  <h1>%(title)s</h1>\n  %(message)s<br /><br />\n\n\n </body>\n'
         '</html>')


def response(error, environ):
    """Build the response for an error.

    :param error: a GlanceError, a WebOb HTTP exception, an error of
                  keystoneauth; any other is logged and shown as 500 without
                  detail
    :returns: webob.Response
    """
    if isinstance(error, webob.exc.HTTPException):
        return _build(environ, error.status_int, error.detail or error.title,
                      _kept_headers(error))
    if isinstance(error, keystone_exceptions.ClientException):
        LOG.error('The identity service failed: %s', error)
        error = exceptions.ServiceUnavailable(_NO_IDENTITY)
    elif not isinstance(error, exceptions.GlanceError):
        LOG.error('Unexpected error serving %s %s',
                  environ.get('REQUEST_METHOD'), environ.get('PATH_INFO'),
                  exc_info=error)
        error = exceptions.GlanceError()
    if isinstance(error, exceptions.ServiceUnavailable) and (
            _is_upload_under_way(environ)):
        error = exceptions.UploadFailed(
            '%s The data has to be sent again from its beginning.'
            % error.message)
    return _build(environ, error.status, error.message, _headers(error))


def without_invitation(environ, status, headers):
    """An answer of somebody else, changed where nobody may repeat blindly.

    :param status: as WSGI has it
    :returns: status and headers
    """
    if not status.startswith('503') or not _is_upload_under_way(environ):
        return status, headers
    return ('%d %s' % (exceptions.UploadFailed.status,
                       util.status_reasons[exceptions.UploadFailed.status]),
            [one for one in headers if one[0].lower() != 'retry-after']
            + [_LAST])


def _is_upload_under_way(environ):
    """Clients repeat what is answered with 503, with whatever is left of the
    file that they sent from.
    """
    return bool(environ['REQUEST_METHOD'] == 'PUT'
                and _UPLOAD.search(environ.get('PATH_INFO', ''))
                and request_body.is_under_way(environ))


def _headers(error):
    headers = []
    if isinstance(error, exceptions.MethodNotAllowed):
        headers.append(('Allow', ', '.join(error.allowed)))
    elif isinstance(error, exceptions.RangeNotSatisfiable):
        if error.size is not None:
            headers.append(('Content-Range', 'bytes */%d' % error.size))
    elif isinstance(error, exceptions.ServiceUnavailable):
        headers.append(('Retry-After', str(error.retry_after)))
    elif isinstance(error, exceptions.UploadFailed):
        headers.append(_LAST)
    accept_patch = getattr(error, 'accept_patch', ())
    if accept_patch:
        headers.append(('Accept-Patch', ', '.join(accept_patch)))
    return headers


def _kept_headers(error):
    return [(name, value) for name, value in error.headers.items()
            if name.lower() not in ('content-type', 'content-length')]


def _build(environ, status, message, headers):
    reason = util.status_reasons.get(status, 'Error')
    title = '%d %s' % (status, reason)
    kind = _kind(environ.get('HTTP_ACCEPT'))
    if kind == 'application/json':
        text = json.dumps({'message': message, 'code': title,
                           'title': reason})
    elif kind == 'text/html':
        text = _HTML % {'title': title, 'message': html.escape(message)}
    else:
        text = '%s\n\n%s\n\n' % (title, message)
    result = webob.Response(status=title, content_type=kind, charset='UTF-8',
                            body=text.encode('utf-8', 'replace'))
    result.headers.extend(headers)
    return result


def _kind(accept):
    """Text, unless a client names another kind: glanceclient, and with it
    nova and cinder, takes any kind and cannot read errors in our JSON.
    """
    if not accept:
        return 'text/plain'
    offers = acceptparse.create_accept_header(accept).acceptable_offers(
        ['text/plain', 'application/json', 'text/html'])
    if not offers:
        return 'text/plain'
    names = accept.lower()
    best = [kind for kind, quality in offers if quality == offers[0][1]]
    # a range such as */* names nothing
    return min(best, key=lambda kind: names.find(kind) % (len(names) + 1))
