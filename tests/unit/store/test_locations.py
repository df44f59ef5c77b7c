"""Tests of locations as older releases wrote them."""

from oslotest import base

from glance.store import locations
from tests.unit.store import offline

ID = '6ba7b810-9dad-41d1-80b4-00c04fd430c8'


class TestRepaired(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.fixture = self.useFixture(
            offline.Stores('file', 's3', 'cinder', 'accounts', 'swift'))
        self.stores = self.fixture.all
        self.file = 'file://%s/images/x' % self.fixture.root

    def check(self, url, store_id, new_url, new_id):
        metadata = {'a': 'b'}
        if store_id:
            metadata['store'] = store_id
        found = locations.repaired(self.stores, {
            'url': url, 'metadata': metadata, 'status': 'active'})
        self.assertEqual(
            {'url': new_url, 'metadata': {'a': 'b', 'store': new_id}}, found)

    def test_store_id(self):
        for store_id in ('file', 's3', 'gone', None):
            self.check(self.file, store_id, self.file, 'file')

    def test_unknown_prefix(self):
        """Whoever wrote it knew better."""
        self.check('rbd://x', 'gone', 'rbd://x', 'gone')

    def test_credentials_are_taken_out_of_urls(self):
        url = 's3+https://%ss3.host:9000/images/x'
        for keys in ('key:se/cr@et@', ''):
            self.check(url % keys, 's3', url % '', 's3')

    def test_account_by_its_credentials(self):
        """Where there is a name for it; else they stay as they are."""
        url = 'swift+http://service:glance:old@keystone:5000/v3/images/' + ID
        self.check(url, 'accounts', 'swift+config://ref1/images/' + ID,
                   'accounts')
        self.check(url, 'swift', url, 'swift')

    def test_a_volume_gets_the_id_of_its_store(self):
        for store_id in ('cinder', None):
            self.check('cinder://' + ID, store_id, 'cinder://cinder/' + ID,
                       'cinder')

    def test_one_store(self):
        self.stores.multi = False
        url = 's3+https://%ss3.host:9000/images/x'
        self.assertEqual({'url': url % '', 'metadata': {}},
                         locations.repaired(self.stores, {
                             'url': url % 'k:s@', 'metadata': {}}))

    def test_what_has_to_be_written(self):
        good = {'id': 1, 'url': self.file, 'status': 'active',
                'metadata': {'store': 'file'}}
        bad = dict(good, id=2, metadata={'a': 'b'})
        self.assertEqual(
            [(bad, {'url': bad['url'],
                    'metadata': {'a': 'b', 'store': 'file'}})],
            locations.repairs(self.stores, [good, bad]))

    def test_what_no_store_understands_is_unknown(self):
        """What is neither read nor removed; a store that is away tells
        nothing.
        """
        for url, expected in ((self.file, False), (self.file + '?x', True),
                              ('gone://x', True), ('rbd://x', True)):
            self.assertEqual(expected, locations.unknown(
                self.stores, {'url': url, 'metadata': {}}))
        self.patch(self.stores.get('s3')._store, 'bucket', None)
        self.assertFalse(locations.unknown(
            self.stores, {'url': 's3://x/y/z', 'metadata': {}}))
