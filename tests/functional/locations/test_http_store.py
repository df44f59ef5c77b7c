"""The store of images on web servers, with a real one."""

import types

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import exceptions
from glance.conf import CONF
from glance.store.drivers import http
from glance.store import options
from tests.fixtures.servers import nginx

DATA = bytes(range(256)) * 8192


class TestDriver(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.web = self.useFixture(nginx.Nginx())
        self.web.add('image', DATA)
        self.url = self.web.url + 'image'
        self.conf = self.useFixture(config_fixture.Config(CONF))
        self.conf.config(group='import_filtering_opts',
                         allowed_hosts=['127.0.0.1'],
                         allowed_ports=[self.web.port])
        self.store = self.make()

    def make(self, **values):
        return http.Driver('web', types.SimpleNamespace(**dict(
            {'https_ca_certificates_file': None, 'https_insecure': False,
             'http_proxy_information': {}}, **values)))

    def read(self, *args, url=None, store=None):
        reader = (store or self.store).open(url or self.url, *args)
        try:
            data = b''.join(reader)
        finally:
            reader.close()
        self.assertEqual(len(data), reader.length)
        return data

    def check(self, expected, data):
        # A difference of megabytes is not for the eye.
        same = expected == data
        self.assertTrue(same)

    def test_all_or_a_range_is_read(self):
        self.assertEqual(len(DATA), self.store.size(self.url))
        self.check(DATA, self.read())
        self.check(DATA[1000:], self.read(1000))
        self.check(DATA[1000:3000], self.read(1000, 2000))
        self.check(DATA[:10], self.read(0, 10))

    def test_server_without_ranges(self):
        real, opened = http.fetching.open, []

        def whole(url, headers, **kwargs):
            opened.append(headers)
            return real(url, {}, **kwargs)
        self.useFixture(fixtures.MonkeyPatch(
            'glance.store.drivers.http.fetching.open', whole))
        self.check(DATA[1000:3000], self.read(1000, 2000))
        self.check(DATA[5000:], self.read(5000))
        self.assertEqual(2, len(opened))

    def test_redirects_are_followed_to_allowed_hosts_only(self):
        url = '%shop/127.0.0.1/%d/image' % (self.web.url, self.web.port)
        self.check(DATA, self.read(url=url))
        url = '%shop/127.0.0.2/%d/image' % (self.web.url, self.web.port)
        self.assertRaises(exceptions.StoreUnavailable, self.store.open, url)

    def test_what_cannot_be_reached_is_unavailable(self):
        for url in (self.web.url + 'absent', self.web.url + 'loop',
                    'http://127.0.0.1:1/x', 'http://absent.invalid/x'):
            for method in (self.store.open, self.store.size):
                self.assertRaises(exceptions.StoreUnavailable, method, url)

    def test_nothing_is_written(self):
        self.assertRaises(exceptions.Gone, self.store.write, 'i', 'a', None)
        self.assertRaises(exceptions.Forbidden, self.store.delete, self.url)
        self.assertTrue(self.store.read_only)

    def test_a_proxy_is_asked_for_the_judged_address(self):
        """It is asked for the address that was judged."""
        store = self.make(http_proxy_information={
            'http': self.web.url.rstrip('/')})
        self.check(DATA, self.read(store=store))
        line, = self.web.requests(1)
        self.assertIn('"GET http://127.0.0.1:%d/image' % self.web.port, line)

    def test_only_urls_of_the_web_are_its_own(self):
        self.assertTrue(self.store.owns('HTTPS://host/x'))
        self.assertFalse(self.store.owns('rbd://x'))

    def test_certificates_are_checked_unless_told_otherwise(self):
        """The default of the option is not what an operator has said."""
        for text, insecure in (('', False), ('https_insecure = true', True),
                               ('https_insecure = false', False)):
            path = self.web.work.write('conf', '[web]\n' + text)
            CONF([], project='glance', default_config_files=[path])
            options.register_native(CONF, 'web', http.Driver)
            store = http.Driver('web', CONF['web'])
            self.assertEqual(insecure, store._via.insecure)
