"""Compress JSON answers for clients that accept it."""

import gzip

import webob

_SMALLEST = 500
_LARGEST = 4 * 1024 ** 2


class GzipMiddleware:
    """Image data stays as it is, it is mostly compressed already."""

    def __init__(self, app):
        self.app = app

    @classmethod
    def factory(cls, global_conf, **local_conf):
        """Paste filter factory."""
        return cls

    def __call__(self, environ, start_response):
        if 'gzip' not in environ.get('HTTP_ACCEPT_ENCODING', ''):
            return self.app(environ, start_response)
        req = webob.Request(environ)
        response = req.get_response(self.app)
        if _is_worth_it(response) and 'gzip' in req.accept_encoding:
            response.body = gzip.compress(response.body, compresslevel=5)
            response.content_encoding = 'gzip'
        response.headers.add('Vary', 'Accept-Encoding')
        return response(environ, start_response)


def _is_worth_it(response):
    return (response.content_type == 'application/json'
            and response.content_encoding is None
            and _SMALLEST <= (response.content_length or 0) <= _LARGEST)
