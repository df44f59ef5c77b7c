"""The place of the image cache in the pipeline: before the application."""

from glance.api.middleware import base
from glance.api.v2 import download


class CacheFilter(base.Filter):
    """Lets downloads use the cache of this host, if it has one.

    The handler of downloads looks into the cache itself, when it has decided
    that the caller may have the image: nobody gets a cached image who would
    not get another.
    """

    def __call__(self, environ, start_response):
        environ[download.USE_CACHE] = True
        return self.app(environ, start_response)
