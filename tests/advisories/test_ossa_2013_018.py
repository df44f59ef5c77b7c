"""OSSA-2013-018: certificates of the other end were not checked."""

import os
import ssl

from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import fetching
from glance.conf import CONF
from tests.advisories import certificates
from tests.advisories import locations


class TestCertificates(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.conf = self.useFixture(config_fixture.Config(CONF))

    def serve(self, host='127.0.0.1'):
        """:returns: URL of data, path of the certificate to trust"""
        web = self.useFixture(locations.WebServer())
        path = os.path.join(web.folder, 'certificate')
        with open(path, 'wb') as file:
            file.write(certificates.make(host))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        web.use(context)
        self.conf.config(group='import_filtering_opts',
                         allowed_hosts=['127.0.0.1'],
                         allowed_ports=[web.port])
        return web.put('data', b'data').replace('http:', 'https:'), path

    def fetch(self, url):
        source = fetching.open(url)
        self.addCleanup(source.close)
        return source.read(100)

    def test_unknown_authority(self):
        url, _path = self.serve()
        self.assertRaises(fetching.Unreachable, self.fetch, url)

    def test_known_authority(self):
        url, path = self.serve()
        self.conf.config(group='import_filtering_opts', ca_file=path)
        self.assertEqual(b'data', self.fetch(url))

    def test_certificate_of_another_host(self):
        url, path = self.serve('192.0.2.1')
        self.conf.config(group='import_filtering_opts', ca_file=path)
        self.assertRaises(fetching.Unreachable, self.fetch, url)
