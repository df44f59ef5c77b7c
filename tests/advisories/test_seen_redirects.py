"""A redirect led from an allowed host to one that is not.

The same rules hold for the addresses that a name or an odd spelling leads to.
"""

from tests.advisories import locations

# Loopback, nowhere, link-local and private addresses, as themselves and as
# forms that a resolver or a gateway translates.
HOSTS = ('localhost', '0.0.0.0', '[::]', '[::1]', '127.1', '2130706433',
         '0x7f000001', '017700000001', '127.0.0.1.', '[::ffff:127.0.0.1]',
         '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]',
         '169.254.169.254', '10.0.0.1', '192.168.0.1', '172.16.0.1',
         '100.64.0.1', '[fe80::1]', '[fd00::1]', '[fe80::1%25lo]',
         'user:password@127.0.0.1')


class TestRedirects(locations.TestCase):

    def check_refused(self, url):
        image_id = self.service.create()['id']
        self.assertEqual(400, self.add(image_id, url), url)
        self.assertEqual('queued', self.show(image_id)['status'])

    def test_to_a_port_that_is_not_allowed(self):
        inner = self.useFixture(locations.WebServer())
        self.check_refused(self.web.redirect(inner.put('x', b'secret')))
        self.assertEqual([], inner.requests)

    def test_in_two_hops(self):
        inner = self.useFixture(locations.WebServer())
        self.check_refused(self.web.redirect(self.web.redirect(
            inner.put('x', b'secret'))))
        self.assertEqual([], inner.requests)

    def test_without_end(self):
        self.check_refused(self.web.redirect(self.web.url + 'to/0'))

    def test_to_files(self):
        self.check_refused(self.web.redirect('file:///etc/passwd'))

    def test_one_to_an_allowed_host_is_followed(self):
        image_id = self.service.create()['id']
        self.assertEqual(200, self.add(image_id, self.web.redirect(self.url)))
        self.assertEqual(locations.DATA, self.download(image_id))

    def test_addresses_of_local_hosts_are_refused(self):
        # Ports and hosts are what they are by default, but for this port.
        self.service.conf.config(
            group='import_filtering_opts', allowed_hosts=[],
            allowed_ports=[self.web.port])
        for host in HOSTS + ('127.0.0.1',):
            self.check_refused('http://%s:%d/data' % (host, self.web.port))
        self.assertEqual([], self.web.requests)
