"""Which location of an image is read, and which one goes on."""

import types

from oslotest import base

from glance.common import exceptions
from glance.store import breaker
from glance.store import driver
from glance.store.transfer import image_data


class TestBadLocations(base.BaseTestCase):

    def image(self, *statuses):
        return {'id': 'i', 'size': 1, 'locations': [
            {'url': status, 'metadata': {}, 'status': status}
            for status in statuses]}

    def in_order(self, *statuses):
        stores = types.SimpleNamespace(by_weight=list)
        return [one['status'] for one in image_data.in_order(
            stores, self.image(*statuses))]

    def test_left_out(self):
        self.assertEqual(['active'], self.in_order('bad', 'active'))
        self.assertEqual([], self.in_order('bad', 'verifying'))

    def test_bad_copies_without_a_good_one_are_damage(self):
        for statuses, expected in ((('bad',), True), (('bad', 'bad'), True),
                                   (('bad', 'verifying'), True),
                                   (('bad', 'active'), False), ((), False),
                                   (('active',), False)):
            self.assertEqual(expected, image_data.is_damaged(
                self.image(*statuses)), statuses)

    def test_nothing_to_open(self):
        self.assertRaises(exceptions.DataDamaged, image_data.open_, None,
                          self.image('bad'), [])


class Reader(driver.Reader):
    """Gives a byte at a time, and fails before `fails`."""

    def __init__(self, data, fails=None):
        self._data, self._fails = data, fails
        self.length, self.closed = len(data), 0

    def __iter__(self):
        for number in range(len(self._data)):
            if number == self._fails:
                raise exceptions.StoreUnavailable()
            yield self._data[number:number + 1]

    def close(self):
        self.closed += 1


class TestTheNextOne(base.BaseTestCase):
    """The data is b'01234567'; a store fails before some offset."""

    def setUp(self):
        super().setUp()
        self.fails, self.opened, self.readers = {}, [], []
        self.breakers = {}

    def store(self, name):
        def open_(url, offset=0, length=None, context=None):
            self.opened.append((name, offset, length))
            fails = self.fails.get(name)
            if fails is not None and fails <= offset:
                raise exceptions.StoreUnavailable()
            end = None if length is None else offset + length
            reader = Reader(b'01234567'[offset:end],
                            fails and fails - offset)
            self.readers.append(reader)
            return reader
        return types.SimpleNamespace(
            id=name, open=open_, breaker=self.breakers.setdefault(
                name, breaker.Breaker(name, self.check)))

    def check(self):
        raise exceptions.StoreUnavailable()

    def open(self, names, *part):
        stores = types.SimpleNamespace(
            by_location=lambda one: self.store(one['url']))
        return image_data.open_(
            stores, {'id': 'i', 'size': 8},
            [{'url': name, 'metadata': {}} for name in names], *part)

    def read(self, *args):
        reader = self.open(*args)
        try:
            return b''.join(reader)
        finally:
            reader.close()

    def test_one_that_fails_midway_is_continued_by_the_next(self):
        self.fails = {'a': 3, 'b': 5}
        self.assertEqual(b'01234567', self.read('abc'))
        self.assertEqual([('a', 0, None), ('b', 3, None), ('c', 5, None)],
                         self.opened)
        self.assertNotIn(0, [reader.closed for reader in self.readers])

    def test_one_that_cannot_go_on_is_passed_over(self):
        self.fails = {'a': 3, 'b': 2}
        self.assertEqual(b'01234567', self.read('abc'))

    def test_one_that_is_away_is_passed_over_without_being_asked(self):
        self.fails = {'a': 0}
        for _number in range(9):
            self.assertEqual(b'01234567', self.read('ab'))
        self.assertEqual(3, self.opened.count(('a', 0, None)))

    def test_a_range_is_continued_within_its_bounds(self):
        self.fails = {'a': 4}
        self.assertEqual(b'2345', self.read('ab', 2, 4))
        self.assertEqual([('a', 2, 4), ('b', 4, 2)], self.opened)

    def test_the_last_one_says_why_nothing_more_comes(self):
        self.fails = {'a': 3, 'b': 3}
        reader = self.open('ab')
        chunks = iter(reader)
        self.assertEqual(b'012', b''.join(next(chunks) for _ in range(3)))
        self.assertRaises(exceptions.StoreUnavailable, next, chunks)

    def test_fewer_bytes_than_announced_are_continued(self):
        reader = self.open('ab')
        self.readers[0]._data = b'01'
        self.assertEqual(b'01234567', b''.join(reader))

    def test_who_leaves_leaves_nothing_open(self):
        self.fails = {'a': 3}
        reader = self.open('ab')
        chunks = iter(reader)
        next(chunks)
        reader.close()
        self.assertEqual(b'1234567', b''.join(chunks))
        self.assertNotIn(0, [one.closed for one in self.readers])

    def test_the_only_one_and_local_files_are_read_as_they_are(self):
        self.assertIsInstance(self.open('a'), Reader)
        Reader.fileno = None
        self.addCleanup(delattr, Reader, 'fileno')
        self.assertIsInstance(self.open('ab'), Reader)
