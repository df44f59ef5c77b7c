"""A distributed cloud that has whatever a client can ask for."""

from tests.fixtures import deployments


class FullCloud(deployments.Distributed):
    """Two stores of files, one of web servers, a cache, all imports.

    :param port: of the web server of this host that users may name, beside
        the service itself, which is the other region, too
    """

    def __init__(self, port):
        super().__init__()
        self._web_port = port

    def _write_configs(self):
        self._shared = {
            'DEFAULT': {
                'enabled_backends': 'fast:file,cold:file,web:http',
                'enabled_import_methods': '[glance-direct,web-download,'
                                          'copy-image,glance-download]',
                'show_multiple_locations': True,
                'image_cache_dir': self.work.join('cache'),
                'node_staging_uri': 'file://' + self.work.join('staging')},
            'glance_store': {'default_backend': 'fast'},
            'fast': {'filesystem_store_datadir': self.work.join('fast')},
            'cold': {'filesystem_store_datadir': self.work.join('cold')},
            'os_glance_staging_store': {
                'filesystem_store_datadir': self.work.join('staging')},
            'import_filtering_opts': {
                'allowed_hosts': '[127.0.0.1]',
                'allowed_ports': '[%d,%d]' % (self._web_port, self.port)},
            'paste_deploy': {'flavor': 'keystone+cachemanagement'}}
        super()._write_configs()
