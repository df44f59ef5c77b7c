"""The Image service of the OpenStack release that ours is measured against."""

import os
import subprocess

import fixtures

from tests.fixtures import ports
from tests.fixtures import programs
from tests.fixtures.servers import mariadb
from tests.fixtures.servers import workspace
from tests.fixtures import venvs
from tests.functional.resilience import base

_REQUIREMENTS = ['glance==33.0.0', 'pyuwsgi', 'PyMySQL']
# What surrounds the routes of ours as well.
_PASTE = """\
[pipeline:glance-api-headers]
pipeline = cors http_proxy_to_wsgi versionnegotiation osprofiler context \
rootapp
[composite:rootapp]
paste.composite_factory = glance.api:root_app_factory
/: apiversions
/v2: apiv2app
[app:apiversions]
paste.app_factory = glance.api.versions:create_resource
[app:apiv2app]
paste.app_factory = glance.api.v2.router:API.factory
[filter:versionnegotiation]
paste.filter_factory = \
glance.api.middleware.version_negotiation:VersionNegotiationFilter.factory
[filter:context]
paste.filter_factory = glance.api.middleware.context:ContextMiddleware.factory
[filter:osprofiler]
paste.filter_factory = osprofiler.web:WsgiMiddleware.factory
[filter:cors]
use = egg:oslo.middleware#cors
oslo_config_project = glance
oslo_config_program = glance-api
[filter:http_proxy_to_wsgi]
paste.filter_factory = oslo_middleware:HTTPProxyToWSGI.factory
"""


class Upstream(fixtures.Fixture):
    """Two processes under uWSGI that serve `url`.

    The database is MariaDB, the store are files, and headers say who calls.
    """

    def _setUp(self):
        prefix = venvs.directory('upstream', _REQUIREMENTS)
        work = self.useFixture(workspace.Workspace())
        port = ports.free_port()
        self.url = 'http://127.0.0.1:%d' % port
        database = self.useFixture(mariadb.MariaDB()).create_database()
        config = programs.write_config(work.join('glance-api.conf'), {
            'DEFAULT': {'bind_host': '127.0.0.1', 'bind_port': port,
                        'enabled_backends': 'files:file'},
            'database': {'connection': database},
            'glance_store': {'default_backend': 'files'},
            'files': {'filesystem_store_datadir': work.join('images')},
            # Both keep data for a while within themselves.
            'os_glance_staging_store': {
                'filesystem_store_datadir': work.join('staging')},
            'os_glance_tasks_store': {
                'filesystem_store_datadir': work.join('tasks')},
            'paste_deploy': {'flavor': 'headers', 'config_file': work.write(
                'paste.ini', _PASTE)}})
        subprocess.run(
            [os.path.join(prefix, 'bin', 'glance-manage'),
             '--config-file', config, 'db_sync'], check=True,
            env={name: value for name, value in os.environ.items()
                 if name != 'PYTHONPATH'},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.useFixture(programs.uwsgi(
            config, self.url, work.join('log'), prefix=prefix))
        programs.wait_until_serving(self.url, base.HEADERS)
