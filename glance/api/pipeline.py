"""Load the paste pipeline that the operator has chosen."""

import configparser
import os
import sys

from oslo_log import log as logging
import oslo_middleware
from oslo_middleware import cors
from osprofiler import web
from paste import deploy

from glance.api import composite
from glance.api.middleware import request_log
from glance.common import tracing
from glance.conf import CONF
from glance.conf import errors

LOG = logging.getLogger(__name__)

_APP = 'glance-api'
# What paste lets through of a file that is wrong, or cannot be read.
_MISTAKES = (LookupError, ImportError, AttributeError, TypeError, ValueError,
             OSError, configparser.Error)
_FILE = 'glance-api-paste.ini'
_SOURCE_TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


def load():
    """:returns: the WSGI application with every filter around it

    :raises ConfigurationError: there is no paste file, or no such flavor in
        it, or it names what there is not
    """
    path = find_file()
    name = _APP
    if CONF.paste_deploy.flavor:
        name += '-' + CONF.paste_deploy.flavor
    LOG.debug('Loading %s from %s', name, path)
    # Files of old releases name it as a filter, which oslo.middleware only
    # refuses by now.
    oslo_middleware.Healthcheck.factory = _healthcheck_filter
    _set_profiler_up()
    try:
        app = deploy.loadapp('config:' + path, name=name,
                             global_conf=_globals())
    except _MISTAKES as error:
        raise errors.ConfigurationError(
            'Cannot load %s from %s: %s' % (name, path, error)) from error
    return request_log.RequestLog(app)


def _set_profiler_up():
    """Only the options decide; old paste files say enabled, with a known key.
    """
    if not tracing.start('api'):
        web.disable()


def _healthcheck_filter(global_conf, **local_conf):
    """Paste filter factory: the health check in front of an application."""
    path = local_conf.pop('path', '/healthcheck')
    check = oslo_middleware.Healthcheck.app_factory(global_conf, **local_conf)
    return lambda app: composite.PathMap({'/': app, path: check})


def find_file():
    """:returns: absolute path of the paste file

    :raises ConfigurationError: there is none
    """
    named = CONF.paste_deploy.config_file
    if named:
        path = CONF.find_file(named)
        if not path:
            raise errors.ConfigurationError('There is no paste file %s.'
                                            % named)
        return os.path.abspath(path)
    for path in _candidates():
        if os.path.isfile(path):
            return os.path.abspath(path)
    raise errors.ConfigurationError('There is no %s.' % _FILE)


def _candidates():
    for path in reversed(CONF.config_file or ()):
        yield path.removesuffix('.conf') + '-paste.ini'
    yield os.path.join('/etc/glance', _FILE)
    yield os.path.join(sys.prefix, 'etc', 'glance', _FILE)
    yield os.path.join(_SOURCE_TREE, 'etc', _FILE)


def _globals():
    """Values for every filter of the file.

    The CORS filter reads the project's files a second time, by default only
    those of the usual directories; it is told which of ours is about it.
    """
    CONF.register_opts(cors.OPTS, 'cors')
    location = CONF.get_location('allowed_origin', 'cors')
    if location and location.location.is_user_controlled:
        return {'oslo_config_file': location.detail}
    files = CONF.config_file
    return {'oslo_config_file': files[-1]} if files else {}
