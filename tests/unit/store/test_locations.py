"""Tests of locations as older releases wrote them."""

from oslotest import base

from glance.store import locations
from glance.store import registry


class Store:
    """A store as far as locations need it."""

    def __init__(self, store_id, prefix):
        self.id, self.prefix = store_id, prefix
        self.schemes = (prefix.split(':')[0],)

    def owns(self, url):
        return url.startswith(self.prefix)


class TestRepaired(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.stores = registry.Stores(
            [Store('fast', 'file:///fast'), Store('cold', 'file:///cold'),
             Store('s3', 's3+https://host/bucket'),
             Store('volumes', 'cinder://volumes')], 'fast')

    def check(self, url, store_id, new_url, new_id):
        metadata = {'a': 'b'}
        if store_id:
            metadata['store'] = store_id
        found = locations.repaired(self.stores, {
            'url': url, 'metadata': metadata, 'status': 'active'})
        self.assertEqual(
            {'url': new_url, 'metadata': {'a': 'b', 'store': new_id}}, found)

    def test_store_id(self):
        url = 'file:///cold/x'
        for store_id in ('cold', 'fast', 'gone', None):
            self.check(url, store_id, url, 'cold')

    def test_unknown_prefix(self):
        """Whoever wrote it knew better."""
        self.check('rbd://x', 'gone', 'rbd://x', 'gone')

    def test_credentials(self):
        for url in ('s3+https://key:se/cr@et@host/bucket/x',
                    's3+https://host/bucket/x'):
            self.check(url, 's3', 's3+https://host/bucket/x', 's3')

    def test_volume(self):
        for store_id in ('volumes', None):
            self.check('cinder://1234', store_id, 'cinder://volumes/1234',
                       'volumes')

    def test_one_store(self):
        self.stores.multi = False
        location = {'url': 's3://k:s@host/x', 'metadata': {}}
        self.assertEqual({'url': 's3://host/x', 'metadata': {}},
                         locations.repaired(self.stores, location))

    def test_what_has_to_be_written(self):
        good = {'id': 1, 'url': 'file:///cold/x', 'status': 'active',
                'metadata': {'store': 'cold'}}
        bad = dict(good, id=2, metadata={'a': 'b'})
        self.assertEqual(
            [(bad, {'url': bad['url'],
                    'metadata': {'a': 'b', 'store': 'cold'}})],
            locations.repairs(self.stores, [good, bad]))
