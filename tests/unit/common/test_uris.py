"""Which URLs of users may be followed."""

from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import exceptions
from glance.common import uris
from glance.conf import CONF


class TestUris(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.conf = self.useFixture(config_fixture.Config(CONF))

    def allow(self, **options):
        self.conf.config(group='import_filtering_opts', **options)

    def assert_refused(self, url, reason):
        error = self.assertRaises(exceptions.BadRequest, uris.check, url)
        self.assertIn(reason, error.message, url)

    def test_parts_of_a_url_come_in_one_form(self):
        self.assertEqual(
            ('https', 'example.org', 443, '/a%20b/c?d=%7B', 'public'),
            uris.parse('HTTPS://Example.ORG./a%20b/c?d={#e'))
        self.assertEqual(('http', '::1', 80, '/', 'public'),
                         uris.parse('http://[0:0::1]'))

    def test_malformed_urls_are_refused_with_a_reason(self):
        for url, reason in (
                ('http://a b/', 'encoded'), ('http://a\\b/', 'encoded'),
                ('http://a\n/', 'encoded'), ('http://\xe4/', 'encoded'),
                ('http://a/' + 'a' * 2048, 'characters'),
                ('http://', 'host name'), ('http://-a/', 'host name'),
                ('http://a..b/', 'host name'),
                ('http://[::1/', 'understood'),
                ('http://[fe80::1%25eth0]/', 'address is not valid'),
                ('http://a:70000/', 'understood'),
                ('http://a:b/', 'understood'),
                ('http://me:secret@a/', 'user name'),
                ('//a/', 'scheme'), ('file:///etc/passwd', 'scheme'),
                ('ftp://a/', 'scheme')):
            self.assert_refused(url, reason)

    def test_addresses_are_written_one_way(self):
        for host in ('2130706433', '0x7f000001', '0x7f.1', '127.1', '0',
                     '017700000001', '0177.0.0.1', '127.0.0.01',
                     '127.0.0.1.', '1.2.3.4.5', '256.1.1.1', '0x'):
            self.assert_refused('http://%s/' % host, 'four decimal')

    def test_addresses_of_no_other_host(self):
        for host in ('127.0.0.1', '127.8.8.8', '0.0.0.0', '169.254.169.254',
                     '224.0.0.1', '[fe80::1]', '[ff02::1]', '[fec0::1]',
                     'localhost'):
            self.assert_refused('http://%s/' % host, 'another host'
                                if host != 'localhost' else 'address')

    def test_translated_addresses(self):
        for host in ('[::]', '[::1]', '[::ffff:127.0.0.1]',
                     '[::ffff:8.8.8.8]', '[::127.0.0.1]',
                     '[2002:7f00:1::]', '[64:ff9b::7f00:1]',
                     '[64:ff9b:1::7f00:1]', '[2001::1]'):
            self.assert_refused('http://%s/' % host, 'another kind')

    def test_private_addresses(self):
        hosts = ('10.1.2.3', '192.168.0.1', '172.16.0.1', '100.64.0.1',
                 '[fd00::1]')
        for host in hosts:
            self.assert_refused('http://%s/' % host, 'private')
            uris.check('http://%s/' % host, private=True)
        self.allow(allow_private_addresses=True)
        for host in hosts:
            uris.check('http://%s/' % host)
        self.assert_refused('http://127.0.0.1/', 'another host')

    def test_what_the_operator_has_named(self):
        self.allow(allowed_hosts=['example.org'], allowed_ports=[443],
                   allowed_schemes=['https'])
        for url in ('http://10.0.0.1:9292/', 'https://127.0.0.1/',
                    'http://[::1]:9292/v2'):
            self.assert_refused(url, 'not allowed')
            uris.check(url, private=True)
        for url in ('ftp://10.0.0.1/', 'http://a@10.0.0.1/', 'http://0x7f.1/'):
            self.assertRaises(exceptions.BadRequest, uris.check, url,
                              private=True)

    def test_other_addresses(self):
        for host in ('8.8.8.8', '[2606:4700::1111]'):
            uris.check('http://%s/' % host)

    def test_an_allowed_host_may_have_any_address(self):
        self.allow(allowed_hosts=['127.0.0.1', 'localhost'])
        uris.check('http://127.0.0.1/')
        uris.check('http://localhost/')
        self.assert_refused('http://8.8.8.8/', 'host 8.8.8.8 is not allowed')

    def test_a_list_of_what_is_allowed_wins(self):
        self.allow(disallowed_hosts=['8.8.8.8'], disallowed_ports=[80],
                   disallowed_schemes=['http'])
        self.assert_refused('http://8.8.8.8/', 'host 8.8.8.8')
        # The lists of ports and schemes have values by default.
        uris.check('http://9.9.9.9/')
        self.allow(allowed_ports=[], allowed_schemes=[])
        self.assert_refused('http://9.9.9.9/', 'scheme http')
        self.assert_refused('https://9.9.9.9:80/', 'port 80')
        uris.check('https://9.9.9.9/')

    def test_the_port_of_the_scheme_counts(self):
        self.allow(allowed_ports=[8080])
        self.assert_refused('http://8.8.8.8/', 'port 80')
        uris.check('http://8.8.8.8:8080/')

    def test_one_wrong_address_is_enough(self):
        target = uris.parse('http://example.org/')
        found = [('8.8.8.8', 80), ('127.0.0.1', 80)]
        self.patch(uris.concurrency.native.socket, 'getaddrinfo',
                   lambda *args, **kwargs: [
                       (2, 1, 6, '', address) for address in found])
        self.assertRaises(exceptions.BadRequest, uris.addresses, target)
        del found[1]
        self.assertEqual([(2, '8.8.8.8')], uris.addresses(target))

    def test_unknown_host(self):
        self.assert_refused('http://nobody.invalid/', 'resolved')
