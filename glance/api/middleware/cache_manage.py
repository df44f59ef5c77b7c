"""The cache calls of before /v2/cache: cached_images and queued_images."""

from glance.api import app
from glance.api.middleware import base
from glance.api.middleware import cached_images

_MOUNT = '/v2'
_PATHS = ('/v2/cached_images', '/v2/queued_images')


class CacheManageFilter(base.Filter):
    """Serves these paths, when there is a cache, before the application."""

    def __init__(self, next_app, **options):
        super().__init__(next_app, **options)
        self._calls = app.Application(cached_images.ROUTES)

    def __call__(self, environ, start_response):
        path = environ.get('PATH_INFO', '')
        if not any(path == one or path.startswith(one + '/')
                   for one in _PATHS):
            return self.app(environ, start_response)
        environ['SCRIPT_NAME'] = environ.get('SCRIPT_NAME', '') + _MOUNT
        environ['PATH_INFO'] = path[len(_MOUNT):]
        return self._calls(environ, start_response)
