"""Files with nothing but what an installation guide writes."""

import hashlib
import os

from oslotest import base
import requests
import testscenarios

from tests.fixtures import ports
from tests.fixtures import programs
from tests.fixtures.servers import keystone
from tests.fixtures.servers import keystone_accounts
from tests.fixtures.servers import mariadb
from tests.fixtures.servers import memcached
from tests.fixtures.servers import rabbitmq
from tests.fixtures.servers import workspace

load_tests = testscenarios.load_tests_apply_scenarios

_AUTHTOKEN = """\
[keystone_authtoken]
www_authenticate_uri = {keystone}
auth_url = {keystone}
memcached_servers = {cache}
auth_type = password
project_domain_name = Default
user_domain_name = Default
project_name = service
username = glance
password = {password}

[paste_deploy]
flavor = keystone
"""
_OLD_STORES = """\
[glance_store]
stores = file,http
default_store = file
filesystem_store_datadir = {images}/
"""
_NEW_STORES = """\
[glance_store]
default_backend = fs

[fs]
filesystem_store_datadir = {images}/
"""
_API = """\
[DEFAULT]
transport_url = {bus}
bind_host = 127.0.0.1
bind_port = {port}
{more}
[database]
connection = {database}

"""
_REGISTRY = """\
[DEFAULT]
transport_url = {bus}

[database]
connection = {database}

"""
# glance-registry once served HTTP itself; its files still say so.
_OLD_REGISTRY = _REGISTRY.replace('[database]', """\
bind_host = 127.0.0.1
bind_port = {port}
workers = 1

[database]""")


class TestInstallGuide(base.BaseTestCase):
    """The files are in a folder where programs look without being told."""

    scenarios = [
        ('stores', {'stores': _OLD_STORES, 'more': '',
                    'registry': _REGISTRY + _AUTHTOKEN}),
        ('enabled_backends', {'stores': _NEW_STORES,
                              'more': 'enabled_backends = fs:file\n',
                              'registry': _REGISTRY}),
        ('old registry file', {'stores': _OLD_STORES, 'more': '',
                               'registry': _OLD_REGISTRY + _AUTHTOKEN}),
    ]

    def setUp(self):
        super().setUp()
        self.work = self.useFixture(workspace.Workspace())
        self.keystone = self.useFixture(keystone.Keystone())
        self.port = ports.free_port()
        self.url = 'http://127.0.0.1:%d' % self.port
        values = {
            'bus': self.useFixture(rabbitmq.RabbitMQ()).url,
            'database': self.useFixture(mariadb.MariaDB()).create_database(),
            'keystone': self.keystone.url[:-len('/v3')], 'port': self.port,
            'password': keystone_accounts.password('glance'),
            'cache': self.useFixture(memcached.Memcached()).address,
            'images': self.work.join('images'), 'more': self.more}
        os.mkdir(self.work.join('images'))
        os.mkdir(self.work.join('.glance'))
        self._write('glance-registry.conf', self.registry, values)
        self._write('glance-api.conf', _API + self.stores + '\n' + _AUTHTOKEN,
                    values)

    def _write(self, name, text, values):
        self.work.write('.glance/' + name, text.format(**values))

    def _start(self):
        home = {'HOME': self.work.path}
        programs.run('glance-manage', 'db_sync', env=home)
        for name in ('registry', 'conductor'):
            self.useFixture(programs.start(
                'glance-' + name, log=self.work.join(name), env=home))
        self.useFixture(programs.start(
            'glance-api', log=self.work.join('api'), env=home, url=self.url))
        programs.wait_until_serving(
            self.url, {'X-Auth-Token': self.keystone.token('demo')})

    def test_its_files_are_enough_to_serve(self):
        self._start()
        headers = {'X-Auth-Token': self.keystone.token('demo')}
        self.assertEqual(401, requests.get(
            self.url + '/v2/images', timeout=60).status_code)
        image = requests.post(
            self.url + '/v2/images', headers=headers, timeout=60,
            json={'name': 'cirros', 'disk_format': 'raw',
                  'container_format': 'bare'}).json()
        data = os.urandom(1 << 20)
        path = self.url + '/v2/images/%s/file' % image['id']
        sent = requests.put(path, data=data, timeout=60, headers=dict(
            headers, **{'Content-Type': 'application/octet-stream'}))
        self.assertEqual(204, sent.status_code, sent.text)
        got = requests.get(path, headers=headers, timeout=60)
        self.assertEqual(hashlib.sha512(data).hexdigest(),
                         hashlib.sha512(got.content).hexdigest())
        self.assertEqual(
            [image['id']], os.listdir(self.work.join('images')))
