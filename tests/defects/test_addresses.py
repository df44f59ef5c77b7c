"""Rules for URLs that did not hold when the URL names no port."""

from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import exceptions
from glance.common import uris
from glance.conf import CONF


class TestRules(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.conf = self.useFixture(config_fixture.Config(CONF))

    def set(self, **options):
        self.conf.config(group='import_filtering_opts', **options)

    def check_refused(self, url):
        self.assertRaises(exceptions.BadRequest, uris.parse, url)

    def test_port_that_goes_without_saying(self):
        self.set(allowed_ports=[8080])
        for url in ('http://example.org/', 'https://example.org/',
                    'http://example.org:/'):
            self.check_refused(url)
        self.set(allowed_ports=[], disallowed_ports=[443])
        self.check_refused('https://example.org/')
        self.assertEqual(80, uris.parse('http://example.org/').port)

    def test_a_host_that_is_listed_twice(self):
        self.set(allowed_hosts=['example.org', 'example.org'],
                 allowed_ports=[80])
        uris.parse('http://example.org/')
        self.check_refused('http://example.com/')
        self.check_refused('http://example.org:81/')
        self.set(allowed_hosts=[], disallowed_hosts=['example.org'])
        self.check_refused('http://EXAMPLE.org./')
