"""The request a handler gets: caller, URLs and a JSON body that is sound."""

import json

import webob

from glance.api.checks import digest_headers
from glance.common import exceptions
from glance.conf import CONF
from glance.store.request import request_body

CONTEXT = 'glance.context'
_PIECE = 64 << 10


def no_body(handler):
    """Mark a handler whose requests carry no body; others get 400."""
    handler.no_body = True
    return handler


class Request(webob.Request):
    """A WebOb request that knows who asks."""

    @property
    def context(self):
        """The caller: a `glance.common.context.RequestContext`."""
        return self.environ[CONTEXT]

    @property
    def base_url(self):
        """Absolute URL of the service, without a version and last slash."""
        return base_url(self)

    @property
    def media_type(self):
        """Of the body, in lower case and without parameters; '' without."""
        return (self.content_type or '').strip().lower()

    def has_body(self):
        return bool(self.content_length
                    or self.environ.get('HTTP_TRANSFER_ENCODING'))

    def read_json(self):
        """The body as decoded JSON.

        :raises BadRequest: missing, too large, not what its digests say, not
                            JSON, or text that no database can hold (NUL, lone
                            surrogates)
        """
        return _decode(self._read_text())

    def _read_text(self):
        data = _read(self.environ, CONF.max_json_body_size)
        if not data:
            raise exceptions.BadRequest('A JSON body is required.')
        if any(name in self.headers for name in digest_headers.NAMES):
            digest_headers.check(self.headers, data)
        try:
            return data.decode('utf-8')
        except UnicodeDecodeError:
            raise exceptions.BadRequest('The body is not valid UTF-8.')


def _read(environ, limit):
    """The whole body, through the reader that knows how each server frames
    it and what becomes of a connection that breaks.
    """
    body = request_body.open(environ)
    try:
        if body.length is not None and body.length > limit:
            raise _too_large(limit)
        data = bytearray()
        buffer = memoryview(bytearray(min(_PIECE, body.length or _PIECE)))
        while count := body.readinto(buffer):
            data += buffer[:count]
            if len(data) > limit:
                raise _too_large(limit)
        return data
    finally:
        body.close()


def base_url(req):
    """See `Request.base_url`; for any WebOb request."""
    if CONF.public_endpoint:
        return CONF.public_endpoint.rstrip('/')
    return req.application_url.rstrip('/').removesuffix('/v2')


def _too_large(limit):
    return exceptions.LimitExceeded(
        'The request body is larger than %d bytes.' % limit)


def _decode(text):
    try:
        value = json.loads(text, parse_constant=_refuse_constant,
                           parse_float=_number)
    except RecursionError:
        raise exceptions.BadRequest('The JSON body is nested too deeply.')
    except ValueError as error:
        raise exceptions.BadRequest('Malformed JSON in the body: %s' % error)
    if '\\u' in text:
        _check_text(value)
    return value


def _number(text):
    """1.0 and 1 are the same number, and JSON has no integers."""
    value = float(text)
    return int(value) if value.is_integer() else value


def _refuse_constant(name):
    raise ValueError('%s is not JSON' % name)


def _check_text(value):
    if isinstance(value, str):
        if '\x00' in value or not _is_encodable(value):
            raise exceptions.BadRequest(
                'The body contains a character that cannot be stored.')
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key)
            _check_text(item)
    elif isinstance(value, list):
        for item in value:
            _check_text(item)


def _is_encodable(text):
    try:
        text.encode('utf-8')
    except UnicodeEncodeError:
        return False
    return True
