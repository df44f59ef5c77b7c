"""Tests of the URLs that callers may give as places of data."""

from glance.api.checks import location_urls
from glance.api import services
from glance.common import exceptions
from tests.fixtures import fake_registry
from tests.unit.api.v2 import base
from tests.unit.store import offline

S3 = 's3+https://s3.host:9000/images/'
OTHER = '81c675ab-d94f-49cd-a114-e12490b328d9'


class TestFindStore(base.TestCase):

    def setUp(self):
        super().setUp()
        self.stores = self.useFixture(offline.Stores()).all
        self.stores.get('rbd')._fsid = offline.FSID

    def find(self, url, ctxt=None):
        with services.override(stores=self.stores):
            return location_urls.find_store(
                ctxt or base.caller(), fake_registry.make_image(base.IMAGE),
                url).id

    def test_of_users(self):
        for url, store in (
                ('http://host/x', 'http'), ('https://host/x', 'http'),
                ('rbd://%s/images/%%s/snap' % offline.FSID, 'rbd'),
                (S3 + '%s', 's3'), (S3 + '%s-' + OTHER, 's3'),
                ('swift+https://swift:8080/v1/AUTH_p/images_%s/%s',
                 'tenants'),
                ('vsphere://vcenter/folder/openstack/images/%s'
                 '?dsName=Disk&dcPath=%%2FDC+0', 'vmware')):
            self.assertEqual(store, self.find(
                url.replace('%s', base.IMAGE).replace('%%', '%')))

    def test_of_other_images(self):
        for url, store in (
                ('rbd://%s/images/%s/snap' % (offline.FSID, OTHER), 'rbd'),
                ('rbd://%s/images/%s_disk/snap' % (offline.FSID, base.IMAGE),
                 'rbd'),
                (S3 + OTHER, 's3'), (S3 + base.IMAGE + '.old', 's3'),
                (S3 + '%s-%s' % (OTHER, base.IMAGE), 's3')):
            self.assertRaises(exceptions.Forbidden, self.find, url)
            self.assertEqual(store, self.find(
                url, base.caller(roles=['service'])))

    def test_of_nobody(self):
        for url in ('file:///etc/passwd', 'filesystem:///etc/passwd',
                    'FILE:///etc/passwd', 'swift+config://ref1/images/o',
                    'new://' + base.IMAGE, 'HTTP://host/x', 'x', '',
                    S3[:-1] + '-backup/' + base.IMAGE,
                    S3 + base.IMAGE + '/other/key',
                    S3 + OTHER + '#/' + base.IMAGE,
                    S3 + 'a/../' + base.IMAGE,
                    # as older releases have written them
                    S3.replace('://', '://key:secret@') + base.IMAGE,
                    S3.replace('s3+https', 's3') + base.IMAGE,
                    'rbd://' + base.IMAGE,
                    # of another cluster
                    'rbd://other/images/%s/snap' % base.IMAGE):
            for ctxt in (None, base.ADMIN):
                self.assertRaises(exceptions.BadRequest, self.find, url,
                                  ctxt)

    def test_of_services(self):
        url = 'cinder://cinder/' + base.IMAGE
        self.assertRaises(exceptions.BadRequest, self.find, url)
        self.assertEqual('cinder', self.find(
            url, base.caller(roles=['service'])))


class TestCheckHash(base.TestCase):

    def check(self, algorithm, value):
        location_urls.check_hash(algorithm, value, exceptions.Conflict)

    def test_check_hash(self):
        self.check('md5', 'aB' * 16)
        self.check('sha512', '0' * 128)
        for value in ('a' * 31, 'g' * 32, 'a' * 31 + '\n', None, 5, ''):
            self.assertRaises(exceptions.Conflict, self.check, 'md5', value)
