"""Tests of the URLs that callers may give as places of data."""

from glance.api import services
from glance.api.v2 import location_urls
from glance.common import exceptions
from glance.store import registry
from tests.fixtures import fake_registry
from tests.unit.api.v2 import base

OTHER = '81c675ab-d94f-49cd-a114-e12490b328d9'


class Store:
    """A store as far as URLs need it."""

    metadata = {}

    def __init__(self, store_id, *prefixes):
        self.id, self._prefixes = store_id, prefixes
        self.schemes = tuple(one.split(':')[0] for one in prefixes)

    def owns(self, url):
        return url.startswith(self._prefixes)


class TestFindStore(base.TestCase):

    def setUp(self):
        super().setUp()
        self.stores = registry.Stores(
            [Store('disk', 'file:///', 'filesystem:///'),
             Store('ceph', 'rbd://fsid/images/'),
             Store('object', 'swift+https://', 'swift+config://'),
             Store('volumes', 'cinder://'), Store('new', 'new://'),
             Store('web', 'http://', 'https://')], 'disk')

    def find(self, url, ctxt=None):
        with services.override(stores=self.stores):
            return location_urls.find_store(
                ctxt or base.caller(), fake_registry.make_image(base.IMAGE),
                url).id

    def test_of_users(self):
        for url, store in (
                ('http://host/x', 'web'), ('https://host/x', 'web'),
                ('rbd://fsid/images/%s/snap' % base.IMAGE, 'ceph'),
                ('swift+https://u:k@host/v1/glance/%s' % base.IMAGE,
                 'object')):
            self.assertEqual(store, self.find(url))

    def test_of_other_images(self):
        for url in ('rbd://fsid/images/%s/snap' % OTHER,
                    'rbd://fsid/images/volume-%s/snap' % base.IMAGE,
                    'rbd://fsid/images/%s_disk/snap' % base.IMAGE,
                    'swift+https://host/v1/c/' + OTHER):
            self.assertRaises(exceptions.Forbidden, self.find, url)
            self.assertIn(self.find(url, base.caller(roles=['service'])),
                          ('ceph', 'object'))

    def test_of_nobody(self):
        for url in ('file:///etc/passwd', 'filesystem:///etc/passwd',
                    'FILE:///etc/passwd', 'swift+config://ref/c/o',
                    'new://' + base.IMAGE, 'HTTP://host/x', 'x', '',
                    # of another cluster
                    'rbd://other/images/%s/snap' % base.IMAGE):
            for ctxt in (None, base.ADMIN):
                self.assertRaises(exceptions.BadRequest, self.find, url,
                                  ctxt)

    def test_of_services(self):
        url = 'cinder://volumes/' + base.IMAGE
        self.assertRaises(exceptions.BadRequest, self.find, url)
        self.assertEqual('volumes', self.find(
            url, base.caller(roles=['service'])))


class TestCheckHash(base.TestCase):

    def check(self, algorithm, value):
        location_urls.check_hash(algorithm, value, exceptions.Conflict)

    def test_check_hash(self):
        self.check('md5', 'aB' * 16)
        self.check('sha512', '0' * 128)
        for value in ('a' * 31, 'g' * 32, 'a' * 31 + '\n', None, 5, ''):
            self.assertRaises(exceptions.Conflict, self.check, 'md5', value)
