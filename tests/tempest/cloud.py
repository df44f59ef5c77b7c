"""A cloud for tempest: two hosts with an API each, two stores of files."""

import os

from tests.fixtures import deployments
from tests.fixtures import ports
from tests.fixtures import programs
from tests.fixtures.servers import keystone_accounts

_METADEFS = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))), 'etc', 'metadefs')


class Cloud(deployments.Distributed):
    """:param web: `tests.fixtures.servers.nginx.Nginx` with the images that
        tempest imports
    :param options: of [DEFAULT] that the profile adds
    :ivar other_url: of the other host's API
    """

    def __init__(self, web, options):
        super().__init__()
        self._web, self._options = web, options

    def _write_configs(self):
        self.other_port = ports.free_port()
        self.other_url = 'http://127.0.0.1:%d' % self.other_port
        staging = self.work.join('staging')
        self._shared = {
            'DEFAULT': {
                'enabled_backends': 'fast:file,slow:file,web:http',
                'enabled_import_methods':
                    '[glance-direct,web-download,copy-image,'
                    'glance-download]',
                'node_staging_uri': 'file://' + staging,
                'cache_prefetcher_interval': 1,
                **self._options},
            'oslo_policy': {'enforce_scope': True,
                            'enforce_new_defaults': True},
            'glance_store': {'default_backend': 'fast'},
            # Tempest wants stores by weight, and elsewhere by name.
            'fast': {'filesystem_store_datadir': self.work.join('fast'),
                     'weight': 100},
            'slow': {'filesystem_store_datadir': self.work.join('slow'),
                     'weight': 50},
            'os_glance_staging_store': {'filesystem_store_datadir': staging},
            'import_filtering_opts': {
                'allowed_hosts': '[127.0.0.1]',
                'allowed_ports': '[%d]' % self._web.port},
            'paste_deploy': {'flavor': 'keystone+cachemanagement'}}
        self._shared['DEFAULT']['image_cache_dir'] = self.work.join('cache')
        super()._write_configs()
        self.other_config = self._write('other-api.conf', {
            'DEFAULT': {'transport_url': self.bus.url,
                        'bind_host': '127.0.0.1',
                        'bind_port': self.other_port, 'workers': 1},
            'keystone_authtoken': self._authtoken()}, self._shared, {
            'DEFAULT': {'image_cache_dir': self.work.join('other-cache')}})

    def _start(self):
        super()._start()
        programs.run('glance-manage', '--config-file', self.registry_config,
                     'db', 'load_metadefs', '--path', _METADEFS)
        self._program('glance-api', self.other_config, 1, self.other_url)
        keystone_accounts.Admin(self.keystone.url).grant_system(
            'admin', 'admin')
