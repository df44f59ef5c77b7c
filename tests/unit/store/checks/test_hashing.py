"""Tests of hashing data that is in a store."""

import hashlib
import os

from glance.common import exceptions
from glance.store.checks import hashing
from tests.unit.store import base

DATA = bytes(range(256)) * 4096


class TestDigest(base.StoreTestCase):

    def setUp(self):
        super().setUp()
        self.url = self.store.write('image', 'a-1', base.Source(DATA)).url

    def test_hashes_and_progress_are_told(self):
        seen = []
        self.assertEqual(
            {'size': len(DATA),
             'checksum': hashlib.md5(DATA, usedforsecurity=False).hexdigest(),
             'os_hash_algo': 'sha256',
             'os_hash_value': hashlib.sha256(DATA).hexdigest()},
            hashing.digest(self.store, self.url, 'sha256', seen.append))
        self.assertEqual(len(DATA), seen[-1])
        self.assertEqual(sorted(seen), seen)

    def test_an_error_of_the_callback_ends_it(self):
        def stop(total):
            raise exceptions.Gone()
        self.assertRaises(exceptions.Gone, hashing.digest, self.store,
                          self.url, 'sha256', stop)

    def test_a_file_that_shrinks_has_no_digest(self):
        path = self.url.removeprefix('file://')
        self.assertRaises(
            exceptions.StoreUnavailable, hashing.digest, self.store,
            self.url, 'sha256', lambda total: os.truncate(path, 100))

    def test_data_that_is_absent_is_not_found(self):
        self.assertRaises(exceptions.NotFound, hashing.digest, self.store,
                          self.url + 'x', 'sha256')
