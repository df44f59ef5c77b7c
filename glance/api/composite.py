"""What paste files put together: applications by path, filters in a row."""

from oslo_log import log as logging

from glance.api import faults
from glance.common import exceptions
from glance.conf import CONF
from glance.conf import errors

LOG = logging.getLogger(__name__)

# Paste files of old releases mount the removed first API version, whose
# application cannot be loaded any more.
_REMOVED = ('/v1',)
# What serves a request, as metrics call it: never the path itself.
ROUTE = 'glance.route'


class PathMap:
    """Applications by path prefix; the longest matching prefix serves.

    The matched prefix moves from PATH_INFO to SCRIPT_NAME, as WSGI asks for.
    """

    def __init__(self, apps):
        self._apps = sorted(((prefix.rstrip('/'), app)
                             for prefix, app in apps.items()),
                            key=lambda item: len(item[0]), reverse=True)

    def __call__(self, environ, start_response):
        path = environ.get('PATH_INFO', '')
        for prefix, app in self._apps:
            if path == prefix or path.startswith(prefix + '/'):
                environ['SCRIPT_NAME'] = (environ.get('SCRIPT_NAME', '')
                                          + prefix)
                environ['PATH_INFO'] = path[len(prefix):]
                environ[ROUTE] = environ['SCRIPT_NAME'] or '/'
                return app(environ, start_response)
        response = faults.response(exceptions.NotFound(), environ)
        return response(environ, start_response)


def root_app_factory(loader, global_conf, **mounts):
    """Paste composite factory: each `path: application name` of the section.

    :returns: a WSGI application
    """
    apps = {}
    for path, name in mounts.items():
        if path in _REMOVED:
            LOG.warning('The paste file mounts %s, which is no longer '
                        'served; the line can be removed.', path)
            continue
        apps[path] = loader.get_app(name, global_conf=global_conf)
    return PathMap(apps)


def pipeline_factory(loader, global_conf, **pipelines):
    """Paste composite factory: each `flavor: filters and the application`.

    [paste_deploy] flavor chooses the line, `default` is that of none.

    :returns: a WSGI application
    :raises ConfigurationError: there is no such line
    """
    flavor = CONF.paste_deploy.flavor or 'default'
    if flavor not in pipelines:
        raise errors.ConfigurationError(
            'The paste file has no pipeline for [paste_deploy] flavor = %s, '
            'but for: %s' % (flavor, ', '.join(sorted(pipelines))))
    *filters, name = pipelines[flavor].split()
    app = loader.get_app(name, global_conf=global_conf)
    for one in reversed(filters):
        app = loader.get_filter(one, global_conf=global_conf)(app)
    return app
