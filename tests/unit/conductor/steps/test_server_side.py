"""Copies that stores make by themselves."""

import dataclasses
import types

from glance.common import context
from glance.common import exceptions
from glance.conductor.steps import server_side
from glance.store import driver
from tests.unit.conductor import base


WRITTEN = driver.Written('new', {'a': 'b'})


@dataclasses.dataclass(eq=False)
class Store:
    """One that copies at once, or fails with `error`."""

    id: str
    told: list
    sizes: int = 9
    error: Exception | None = None
    answer: object = WRITTEN

    def owns(self, url):
        return url.startswith(self.id)

    def size(self, url, context=None):
        self.told.append(('size', url, context.project_id))
        return self.sizes

    def clone(self, *args, context=None):
        return self.copied('clone', *args, context)

    def copy(self, source, *args, context=None):
        return self.copied('copy from ' + source.id, *args, context)

    def copied(self, *args):
        self.told.append(args[:-1] + (args[-1].project_id,))
        if self.error is not None:
            raise self.error
        return self.answer


class Other(Store):
    """Of another kind."""


class TestCopy(base.WorkTestCase):

    def setUp(self):
        super().setUp()
        self.told = []
        self.image = dict(self.record(), size=9, virtual_size=10,
                          checksum='c', os_hash_algo='a', os_hash_value='h')

    def copy(self, *stores, target=None, statuses=None):
        """:param stores: that have the data, in the order of their weight"""
        self.image['locations'] = [
            {'url': store.id + '/x', 'metadata': {},
             'status': (statuses or {}).get(store.id, 'active')}
            for store in stores]
        known = {store.id: store for store in stores}
        job = types.SimpleNamespace(
            image_id='new image', ctxt=context.internal(),
            stores=types.SimpleNamespace(
                by_weight=lambda locations: list(reversed(locations)),
                by_location=lambda one: known[one['url'].partition('/')[0]]))
        target = target or Store('target', self.told)
        return server_side.copy(job, target, self.image, 'attempt')

    def store(self, name, kind=Store, **values):
        return kind(name, self.told, **values)

    def check_copied(self, received):
        self.assertEqual(
            {'size': 9, 'virtual_size': 10, 'checksum': 'c',
             'os_hash_algo': 'a', 'os_hash_value': 'h', 'url': 'new',
             'metadata': {'a': 'b'}}, dataclasses.asdict(received))

    def test_data_of_a_size_that_nobody_knows_is_read(self):
        self.image['size'] = None
        self.assertIsNone(self.copy(Store('fast', self.told)))
        self.assertEqual([], self.told)

    def test_from_a_store_of_the_same_kind(self):
        self.check_copied(self.copy(self.store('b'), self.store('a')))
        self.assertEqual(
            [('size', 'a/x', 'p'),
             ('copy from a', 'a/x', 'new image', 'attempt', 'p')], self.told)

    def test_within_a_store(self):
        store = self.store('a')
        self.check_copied(self.copy(store, target=store))
        self.assertEqual(('clone', 'a/x', 'new image', 'attempt', 'p'),
                         self.told[-1])

    def test_stores_that_do_not_do(self):
        for one, statuses in ((self.store('a', Other), {}),
                              (self.store('a'), {'a': 'bad'})):
            self.assertIsNone(self.copy(one, statuses=statuses))
            self.check_copied(self.copy(self.store('b'), one,
                                        statuses=statuses))

    def test_it_is_read_where_no_store_wants_to(self):
        self.assertIsNone(self.copy(
            self.store('b'), self.store('a'),
            target=self.store('target', answer=None)))
        self.assertEqual(['copy from a', 'copy from b'], [
            told[0] for told in self.told if told[0] != 'size'])

    def test_a_location_that_is_not_of_its_store(self):
        one = self.store('a')
        one.owns = lambda url: False
        self.assertIsNone(self.copy(one))
        self.check_copied(self.copy(self.store('b'), one))

    def test_it_is_read_where_the_store_cannot_copy(self):
        for error in (exceptions.NotFound(), exceptions.StoreUnavailable()):
            self.assertIsNone(self.copy(
                self.store('a'), target=self.store('target', error=error)))

    def test_it_is_read_where_nobody_knows_its_hash(self):
        self.image['os_hash_value'] = None
        self.assertIsNone(self.copy(self.store('a')))
        self.assertEqual([], self.told)

    def test_data_that_is_not_whole(self):
        for sizes in (8, 10):
            store = self.store('a', sizes=sizes)
            for target in (store, None):
                error = self.assertRaises(exceptions.Conflict, self.copy,
                                          store, target=target)
                self.assertIn('not whole', str(error))
