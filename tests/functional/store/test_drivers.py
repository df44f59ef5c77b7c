"""The conformance suite on our file store, and through glance_store."""

import os

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base as test_base

from glance.common import concurrency
from glance.common import exceptions
from glance.conf import CONF
from glance.metrics import counters
from glance.store.drivers import glance_store as adapter
from glance.store import options
from glance.store.transfer import download
from glance.store.transfer import threads
from tests.fixtures import ports
from tests.fixtures import processes
from tests.fixtures.servers import workspace
from tests.functional.store import conformance
from tests.unit.store import base

native = concurrency.native

NGINX = """
daemon off;
master_process off;
user root;
pid %(root)s/nginx.pid;
error_log %(root)s/error.log;
events {}
http {
  access_log off;
  client_body_temp_path %(root)s/t1; proxy_temp_path %(root)s/t2;
  fastcgi_temp_path %(root)s/t3; uwsgi_temp_path %(root)s/t4;
  scgi_temp_path %(root)s/t5;
  server {
    listen 127.0.0.1:%(port)s;
    root %(root)s/www;
    location /moved/ { return 302 http://127.0.0.1:%(port)s/; }
    location /circle/ { return 302 http://127.0.0.1:%(port)s/circle/x; }
    location /denied/ { return 401; }
    location /broken/ { return 503; }
  }
}
"""


def _adapter(test, store_type, **values):
    """A driver of glance_store behind our contract.

    Its store has a name of its own, since other tests have our driver's
    options under theirs.
    """
    name = 'adapted-' + store_type
    config = test.useFixture(config_fixture.Config(CONF))
    CONF([], project='glance', default_config_files=[],
         default_config_dirs=[])
    config.config(enabled_backends={name: store_type})
    CONF.register_opts(options.common(), group=name)
    store = adapter.Driver(name, store_type, CONF)
    for option, value in values.items():
        config.config(group=name, **{option: value})
    return adapter.Driver(name, store_type, CONF) if values else store


def _cut_off(server):
    connection, _address = server.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n'
                           + b'x' * 500)


class FileTestCase(conformance.WritableSuite, base.StoreTestCase):
    pass


class AdapterTestCase(conformance.WritableSuite, test_base.BaseTestCase):
    """glance_store's own file driver stands for all it can load."""

    # Of a kind that we do not know, any URL with the right beginning may be.
    test_forged_locations_lead_nowhere = None
    # It looks for its name and takes it then: two may find nothing.
    test_two_attempts_at_the_same_time = None

    def setUp(self):
        super().setUp()
        self.folder = self.useFixture(fixtures.TempDir()).path
        self.store = _adapter(self, 'file',
                              filesystem_store_datadir=self.folder)


class HttpTestCase(conformance.Suite, test_base.BaseTestCase):
    """A read-only store, with a real server behind it."""

    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger())
        space = self.useFixture(workspace.Workspace())
        self.root = space.join('www')
        os.mkdir(self.root)
        self.port = ports.free_port()
        conf = space.write('nginx.conf', NGINX % {
            'root': space.path, 'port': self.port})
        self.useFixture(processes.Process(
            ['nginx', '-p', space.path, '-c', conf], space.join('log'),
            lambda: ports.is_open(self.port)))
        self.store = _adapter(self, 'http')

    def url(self, path, credentials=''):
        return 'http://%s127.0.0.1:%d/%s' % (credentials, self.port, path)

    def put(self, data, *args, **kwargs):
        name = 'image%d' % len(os.listdir(self.root))
        with open(os.path.join(self.root, name), 'wb') as target:
            target.write(data)
        return self.url(name)

    def test_many_downloads_at_once(self):
        data = os.urandom(3 << 20)
        url = self.put(data)

        def download_it():
            reader = concurrency.run_blocking(self.store.open, url)
            body = download.body({}, reader)
            try:
                return b''.join(body) == data
            finally:
                body.close()
        tasks = [concurrency.spawn(download_it) for _ in range(30)]
        self.assertEqual([True] * 30, [task.wait(60) for task in tasks])

    def test_cut_off_by_the_remote_server(self):
        """The client's connection ends early, as the data does."""
        with native.socket.create_server(('127.0.0.1', 0)) as server:
            threads.start(_cut_off, server)
            url = 'http://127.0.0.1:%d/x' % server.getsockname()[1]
            reader = concurrency.run_blocking(self.store.open, url)
            self.assertEqual(1000, reader.length)
            body = download.body({}, reader)
            self.assertRaises(exceptions.StoreUnavailable, list, body)
            body.close()

    def test_a_redirect_is_followed(self):
        with open(os.path.join(self.root, 'index.html'), 'wb') as target:
            target.write(b'data')
        self.assertEqual(b'data', self.get(self.url('moved/x')))

    def test_failures_tell_nothing(self):
        secret = 'user:pass-word@'
        for path, error in [('none?sig=secret', exceptions.NotFound),
                            ('denied/x?sig=secret', None),
                            ('broken/x?sig=secret', None),
                            ('circle/x?sig=secret', None)]:
            for method in (self.store.open, self.store.size):
                raised = self.assertRaises(
                    error or exceptions.StoreUnavailable, method,
                    self.url(path, secret))
                self.assertNotIn('127.0.0.1', str(raised))
        self._nothing_leaked()

    def test_nobody_listens(self):
        url = 'http://user:pass-word@127.0.0.1:%d/x?sig=secret' % (
            ports.free_port())
        for verb in ('open', 'size'):
            counter = counters.STORE_ERRORS.labels(self.store.id, verb)
            before = counter._value.get()
            self.assertRaises(exceptions.StoreUnavailable,
                              getattr(self.store, verb), url)
            self.assertEqual(1, counter._value.get() - before)
        self._nothing_leaked()

    def _nothing_leaked(self):
        for word in ('pass-word', 'sig=', '127.0.0.1'):
            self.assertNotIn(word, self.log.output)

    def test_read_only(self):
        self.assertTrue(self.store.read_only)
        error = self.assertRaises(exceptions.Gone, self.store.write, 'img',
                                  'a1', base.Source(b'data'))
        self.assertEqual(410, error.status)
        self.assertRaises(exceptions.Forbidden, self.store.delete,
                          self.put(b'data'))
