"""Data that tasks read comes from the first store that has all of it."""

import types

from oslotest import base

from glance.common import exceptions
from glance.conductor.steps import sources
from glance.store import breaker


class Store:
    """A store with one piece of data, or an error in its place."""

    def __init__(self, store_id, data):
        self.id, self._data = store_id, data
        self.breaker = breaker.Breaker(store_id, lambda: None)

    def open(self, url, offset=0, length=None, context=None):
        if isinstance(self._data, Exception):
            raise self._data
        return Reader(self._data)


class Reader(list):

    def __init__(self, data):
        super().__init__([data])
        self.length = len(data)

    def close(self):
        pass


class TestOpen(base.BaseTestCase):

    def open(self, but=None, damaged=(), **data):
        """:param data: {store id: what it has}, in their order"""
        known = {name: Store(name, one) for name, one in data.items()}
        stores = types.SimpleNamespace(
            by_weight=list, by_location=lambda one: known[one['url']],
            id_of=lambda one: one['url'])
        job = types.SimpleNamespace(stores=stores, ctxt=None)
        image = {'id': 'i', 'size': 3, 'locations': [
            {'url': name, 'metadata': {},
             'status': 'bad' if name in damaged else 'active'}
            for name in data]}
        return sources.open(job, image, but).read(9)

    def test_data_that_is_not_whole(self):
        self.assertEqual(b'abc', self.open(a=b'ab', b=b'abc'))

    def test_others_may_have_it(self):
        for error in (exceptions.StoreUnavailable(), exceptions.NotFound()):
            self.assertEqual(b'abc', self.open(a=error, b=b'abc'))

    def test_a_store_left_out(self):
        self.assertEqual(b'abc', self.open('a', a=b'xyz', b=b'abc'))

    def test_no_store_has_it(self):
        for data in ({'a': b'ab'}, {'a': exceptions.NotFound()},
                     {'a': exceptions.StoreUnavailable()}):
            self.assertRaises(exceptions.StoreUnavailable, self.open, **data)
        self.assertRaises(exceptions.StoreUnavailable, self.open, 'a',
                          a=b'abc')

    def test_bad_copies_alone_are_damaged_data(self):
        self.assertRaises(exceptions.DataDamaged, self.open, damaged=['a'],
                          a=b'abc')
