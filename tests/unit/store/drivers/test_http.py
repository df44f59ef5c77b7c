"""What is read where it has been recorded, and what is not."""

import base64
from http import server as http_server
import threading
import types

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import exceptions
from glance.common import uris
from glance.conf import CONF
from glance.store.drivers import http as store_http

DATA = b'recorded data'


class _Handler(http_server.BaseHTTPRequestHandler):

    def do_GET(self):
        self.server.seen.append((self.path, self.headers))
        target = self.server.redirects.get(self.path)
        part = self.server.parts.get(self.path)
        self.send_response(
            206 if part is not None else 200 if target is None else 302)
        if part:
            self.send_header('Content-Range', part)
        if target is not None:
            self.send_header('Location', target)
        self.send_header('Content-Length', str(len(DATA)))
        self.end_headers()
        self.wfile.write(DATA)

    def log_message(self, *args):
        """Not into the output of the tests."""


class Server(fixtures.Fixture):
    """:ivar redirects: {path: URL}
    :ivar parts: {path: Content-Range, or '' for none}
    :ivar seen: [(path, headers)] of the requests
    """

    def _setUp(self):
        server = http_server.ThreadingHTTPServer(('127.0.0.1', 0), _Handler)
        server.redirects = self.redirects = {}
        server.parts = self.parts = {}
        server.seen = self.seen = []
        self.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)

    def url(self, path='/image', user='', host='127.0.0.1'):
        return 'http://%s%s:%d%s' % (user, host, self.port, path)


class TestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.conf = self.useFixture(config_fixture.Config(CONF))
        self.log = self.useFixture(fixtures.FakeLogger(level=0))
        self.server = self.useFixture(Server())
        self.store = self.make()

    def make(self, **values):
        return store_http.Driver('web', types.SimpleNamespace(**dict({
            'https_ca_certificates_file': None, 'https_insecure': False,
            'http_proxy_information': {}}, **values)))

    def read(self, url, store=None):
        reader = (store or self.store).open(url)
        self.addCleanup(reader.close)
        return b''.join(reader)

    def assert_unreadable(self, url, store=None):
        store = store or self.store
        for method in (store.open, store.size):
            self.assertRaises(exceptions.StoreUnavailable, method, url)
        self.assertEqual([], self.server.seen)


class TestRecorded(TestCase):
    """The lists of what users may name do not say what is there already."""

    def test_any_list(self):
        for options in (
                {}, {'disallowed_hosts': ['127.0.0.1']},
                {'allowed_hosts': ['example.org']},
                {'allowed_ports': [], 'disallowed_ports': [self.server.port]},
                {'allowed_schemes': ['https']}):
            self.conf.config(group='import_filtering_opts', **options)
            self.assertEqual(DATA, self.read(self.server.url()), options)
            self.assertEqual(len(DATA), self.store.size(self.server.url()))

    def test_any_spelling(self):
        for host in ('127.1', '2130706433', 'localhost', 'LOCALHOST'):
            self.assertEqual(DATA, self.read(self.server.url(host=host)))
        for path, asked in (('/a b{c}', '/a%20b%7Bc%7D'), ('/a%20b', '/a%20b'),
                            ('/a\\b', '/a%5Cb'), ('/x?y=z w', '/x?y=z%20w'),
                            ('/' + 'a' * 3000, '/' + 'a' * 3000)):
            self.assertEqual(DATA, self.read(self.server.url(path)))
            self.assertEqual(asked, self.server.seen[-1][0])

    def test_addresses_are_allowed_as_the_option_says(self):
        """As far as the option of the store says."""
        for kind, hosts in (
                ('local', ('127.0.0.1', '[::1]', '[64:ff9b::7f00:1]',
                           '[::ffff:127.0.0.1]', '10.0.0.1', '8.8.8.8')),
                ('private', ('10.0.0.1', '192.168.0.1', '[fd00::1]',
                             '8.8.8.8')),
                ('public', ('8.8.8.8', '[2606:4700::1111]'))):
            for host in hosts:
                target, _user = uris.recorded('http://%s/x' % host, kind)
                uris.addresses(target)
        for kind, hosts in (
                ('local', ('169.254.169.254', '[fe80::1]', '0.0.0.0', '[::]',
                           '224.0.0.1', '[::ffff:169.254.169.254]',
                           '[64:ff9b::a9fe:a9fe]', '[::a9fe:a9fe]')),
                ('private', ('127.0.0.1', '[::1]', '[64:ff9b::7f00:1]')),
                ('public', ('10.0.0.1', '[fd00::1]', '127.0.0.1'))):
            for host in hosts:
                target, _user = uris.recorded('http://%s/x' % host, kind)
                self.assertRaises(exceptions.BadRequest, uris.addresses,
                                  target)

    def test_the_option_of_the_store(self):
        url = self.server.url()
        for kind in ('public', 'private'):
            store = self.make(http_readable_addresses=kind)
            self.assert_unreadable(url, store)
            self.assertTrue(store.refuses(url))
        self.conf.config(group='import_filtering_opts',
                         allowed_hosts=['127.0.0.1'])
        self.assertTrue(store.refuses(url))
        store = self.make(http_readable_addresses='local')
        self.assertEqual(DATA, self.read(url, store))
        self.assertFalse(store.refuses(url))

    def test_what_no_option_allows(self):
        for url in ('http:///x', 'http://[::1/x', 'http://a:b/x',
                    'http://a:70000/x', 'ftp://127.0.0.1/x',
                    'http://169.254.169.254/latest/meta-data'):
            self.assert_unreadable(url)
            self.assertTrue(self.store.refuses(url), url)

    def test_a_host_that_is_not_known_now(self):
        self.assert_unreadable('http://absent.invalid/x')
        self.assertFalse(self.store.refuses('http://absent.invalid/x'))


class TestParts(TestCase):
    """A server may give what it likes, not what we take it for."""

    def part(self, said, *asked):
        self.server.parts['/part'] = said
        reader = self.store.open(self.server.url('/part'), *asked)
        self.addCleanup(reader.close)
        return b''.join(reader)

    def test_the_part_that_was_asked_for(self):
        for said, *asked in (('bytes 5-17/18', 5), ('bytes 5-17/*', 5),
                             ('Bytes 5-17/30', 5, 13)):
            self.assertEqual(DATA, self.part(said, *asked))

    def test_any_other_is_refused(self):
        for said, *asked in (
                ('bytes 0-12/13', 5), ('bytes 6-18/19', 5), ('', 5),
                ('items 5-17/18', 5), ('bytes */18', 5), ('bytes 5', 5),
                ('bytes 4-16/30', 5, 13), ('bytes 5-17/18',), ('',),
                ('bytes 0-12/13',)):
            self.assertRaises(exceptions.StoreUnavailable, self.part, said,
                              *asked)


class TestRedirects(TestCase):
    """What the other server names is judged like what a user names."""

    def setUp(self):
        super().setUp()
        self.other = self.useFixture(Server())

    def hop(self, url):
        self.server.redirects['/image'] = url

    def test_to_another_host_or_port(self):
        for url in (self.other.url(), self.other.url(host='127.0.0.2'),
                    'http://127.0.0.1/', 'http://10.0.0.1/',
                    'http://169.254.169.254/', 'file:///etc/passwd',
                    self.server.url(host='localhost')):
            self.hop(url)
            self.assertRaises(exceptions.StoreUnavailable, self.store.open,
                              self.server.url())
        self.assertEqual([], self.other.seen)

    def test_to_what_may_be_named(self):
        self.conf.config(group='import_filtering_opts',
                         allowed_hosts=['127.0.0.1'],
                         allowed_ports=[self.other.port])
        self.hop(self.other.url())
        self.assertEqual(DATA, self.read(self.server.url()))

    def test_within_the_server_that_is_recorded(self):
        for url in ('/new', 'new', self.server.url('/new')):
            self.hop(url)
            self.assertEqual(DATA, self.read(self.server.url()))
        self.hop(self.server.url('/new', 'me:secret@'))
        self.assertRaises(exceptions.StoreUnavailable, self.store.open,
                          self.server.url())


class TestUsers(TestCase):
    """A user in a recorded URL is shown to its server, and to nobody else."""

    def authorization(self, number=-1):
        return self.server.seen[number][1]['Authorization']

    def test_a_user_is_shown_to_the_server(self):
        for user, plain in (('me:secret@', 'me:secret'), ('me@', 'me:'),
                            ('me:a%40%3A@', 'me:a@:'), (':secret@', ':secret'),
                            ('m%C3%A4:x@', 'm\xe4:x')):
            url = self.server.url(user=user)
            self.assertEqual(DATA, self.read(url))
            self.assertEqual(
                'Basic ' + base64.b64encode(plain.encode()).decode(),
                self.authorization())
            self.assertEqual('127.0.0.1:%d' % self.server.port,
                             self.server.seen[-1][1]['Host'])

    def test_not_at_the_next_hop(self):
        other = self.useFixture(Server())
        self.conf.config(group='import_filtering_opts',
                         allowed_hosts=['127.0.0.1'],
                         allowed_ports=[other.port])
        for url, server in ((other.url(), other),
                            (self.server.url('/new'), self.server),
                            ('/new', self.server)):
            self.server.redirects['/image'] = url
            self.assertEqual(DATA,
                             self.read(self.server.url(user='me:secret@')))
            self.assertIsNone(server.seen[-1][1]['Authorization'], url)

    def test_not_logged(self):
        self.server.redirects['/image'] = 'file:///etc/passwd'
        for url in (self.server.url('/x', 'me:secret@'),
                    self.server.url('/image', 'me:secret@'),
                    'http://me:secret@127.0.0.1:1/x',
                    'http://me:secret@absent.invalid/x',
                    'http://me:secret@169.254.169.254/x'):
            try:
                self.read(url)
            except exceptions.StoreUnavailable as error:
                self.assertNotIn('secret', str(error))
        self.assertNotIn('secret', self.log.output)
        self.assertNotIn(base64.b64encode(b'me:secret').decode(),
                         self.log.output)


class TestNew(TestCase):
    """What is added now is judged as every URL of users."""

    def test_new_urls_are_judged_as_those_of_users(self):
        self.assert_unreadable(self.server.url(), self.store.strict)
        self.conf.config(group='import_filtering_opts',
                         allowed_hosts=['127.0.0.1'],
                         allowed_ports=[self.server.port])
        url = self.server.url()
        self.assertEqual(len(DATA), self.store.strict.size(url))
        self.assertEqual(DATA, self.read(url, self.store.strict))
        self.server.seen.clear()
        self.assert_unreadable(self.server.url(user='me:secret@'),
                               self.store.strict)
