"""Two hosts with an API, a registry and a conductor each, and their servers.

Each program has links of its own to the three nodes of the broker and to the
database. The hosts share the stores, files and objects, not the staging areas.
"""

import os
import signal
import sys
import time

import fixtures

from tests.faults import links
from tests.faults import stores
from tests.fixtures import ports
from tests.fixtures import processes
from tests.fixtures import programs
from tests.fixtures.servers import ceph
from tests.fixtures.servers import mariadb
from tests.fixtures.servers import nginx
from tests.fixtures.servers import rabbitmq_cluster

HOSTS = ('one', 'two')
STORES = ('fast', 'cold')
# The link of all programs to the second of them.
OBJECT_STORE = 'object-store'
# Short enough for what dies to be taken over several times in one run.
OPTIONS = {
    'work': {'lease': '6', 'poll_interval': '0.5', 'retry_interval': '1',
             'progress_interval': '0.5', 'retry_interval_max': '5',
             'max_tries': '100'},
    'relay': {'lease': '5'},
    'registry': {'rpc_timeout': '20'},
    'conductor': {'rpc_timeout': '20', 'staging_grace': '20'},
    'oslo_messaging_notifications': {'driver': 'messagingv2'},
    'oslo_messaging_rabbit': {'rabbit_quorum_queue': 'true',
                              'heartbeat_timeout_threshold': '10'},
}


class Cloud(fixtures.Fixture):
    """:param folder: for configuration, logs, stores and staging areas
    :param concurrency: eventlet or threading, for the programs
    :param old: RPC version of registries that are of an earlier release, and
        that all others are pinned to
    """

    def __init__(self, folder, concurrency='eventlet', old=None):
        super().__init__()
        self.folder = folder
        self._env = {'GLANCE_CONCURRENCY': concurrency}
        self.old = old

    def _setUp(self):
        self.links = self.useFixture(links.Links())
        self.rabbit = self.useFixture(rabbitmq_cluster.Cluster())
        self.database = self.useFixture(mariadb.MariaDB(durable=True))
        self.database_url = self.database.create_database()
        self.web = self.useFixture(nginx.Nginx())
        self._start_stores()
        names = ['%s-%s' % (kind, host) for host in HOSTS
                 for kind in ('registry', 'conductor', 'api')]
        self._ports = {}
        for name in names:
            self._add_links(name)
        self.urls = {
            'api-' + host: 'http://127.0.0.1:%d' % port
            for host, port in zip(HOSTS, ports.free_ports(len(HOSTS)))}
        self.programs = {name: self.prepare(name, self.old)
                         for name in names}
        programs.run('glance-manage', '--config-file',
                     self.path('registry-one.conf'), 'db', 'sync')
        self.addCleanup(self._stop)
        for program in self.programs.values():
            program.spawn()
        for program in self.programs.values():
            program.wait_ready()

    def _start_stores(self):
        url = self.useFixture(ceph.Ceph()).s3_url
        port = self.links.add(OBJECT_STORE, int(url.rpartition(':')[2]))
        self.stores = dict(zip(STORES, (
            stores.Folder(self.path('stores')), stores.Bucket(port, url))))
        self.staging = [stores.Folder(self.path('staging', host))
                        for host in HOSTS]

    def _stop(self):
        for program in self.programs.values():
            if program.returncode is None:
                program.signal(signal.SIGTERM)
        for program in self.programs.values():
            program.stop()

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def bus_links(self, name):
        return ['%s-bus-%d' % (name, number)
                for number in range(len(self.rabbit.nodes))]

    def node_links(self, number):
        """The links of all programs to one node of the broker."""
        return ['%s-bus-%d' % (name, number) for name in self.programs]

    def have_readers(self, queues, hosts=len(HOSTS), seconds=240):
        """:returns: whether the programs of so many hosts read from each
        queue, at the latest after so many seconds
        """
        end = time.monotonic() + seconds
        while True:
            readers = self.rabbit.queues('consumers')
            if all(readers.get(queue) == str(hosts) for queue in queues):
                return True
            if time.monotonic() > end:
                return False
            time.sleep(0.5)

    def prepare(self, name, old=None):
        """:param old: see `Cloud`
        :returns: a program that is not started yet
        """
        kind, url = name.split('-')[0], self.urls.get(name)
        argv = [programs.executable('glance-' + kind)]
        if kind == 'registry' and old:
            argv = [sys.executable, '-m', 'tests.faults.old_registry', old]
        return processes.Process(
            [*argv, '--config-file', self.write_config(name, old)],
            log=self.path(name + '.log'), env=self._env,
            ready=lambda: url is None or programs.answers(url + '/'))

    def write_config(self, name, pin=None):
        """:returns: the path of the file for a program"""
        kind, host = name.split('-')
        path = self.path(name + '.conf')
        sections = {group: dict(values) for group, values in OPTIONS.items()}
        sections['DEFAULT'] = {'transport_url': self._bus_url(name),
                               'graceful_shutdown_timeout': '20'}
        if pin:
            sections['upgrade_levels'] = {'registry': pin}
        if kind == 'registry':
            sections['database'] = {'connection': self._database_link(name)}
        else:
            self._add_stores(sections, host)
        if kind == 'api':
            self._add_api(sections, name)
        return programs.write_config(path, sections)

    def _add_links(self, name):
        for link, node in zip(self.bus_links(name), self.rabbit.nodes):
            self._ports[link] = self.links.add(link, node.port)
        if name.startswith('registry'):
            link = name + '-database'
            self._ports[link] = self.links.add(link, self.database.port)

    def _bus_url(self, name):
        return self.rabbit.url([self._ports[link]
                                for link in self.bus_links(name)])

    def _database_link(self, name):
        return self.database_url.replace(
            ':%d/' % self.database.port,
            ':%d/' % self._ports[name + '-database'])

    def _add_stores(self, sections, host):
        sections['DEFAULT']['enabled_backends'] = ','.join(
            '%s:%s' % (name, store.type)
            for name, store in self.stores.items())
        sections['glance_store'] = {'default_backend': STORES[0]}
        for name, store in self.stores.items():
            sections[name] = store.options
        sections['os_glance_staging_store'] = {
            'filesystem_store_datadir': self.path('staging', host)}
        sections['conductor']['staging_host'] = host
        sections['import_filtering_opts'] = {
            'allowed_hosts': '[127.0.0.1]',
            'allowed_ports': '[%d]' % self.web.port}

    def _add_api(self, sections, name):
        port = self.urls[name].rpartition(':')[2]
        sections['DEFAULT'].update(
            bind_host='127.0.0.1', bind_port=port, workers='1',
            user_storage_quota='1TB')
        sections['paste_deploy'] = {'flavor': 'trusted-auth'}
