"""Tests of filling the cache, and of reading what is being filled."""

import hashlib
import os
import threading

import fixtures
from oslotest import base

from glance.cache import fetch_thread
from glance.cache import files
from glance.cache import growing_file
from glance.common import concurrency
from glance.common import exceptions
from tests.fixtures import fake_registry

DATA = bytes(range(256)) * 4096
ID = 'c0ffee00-1234'


def image(data=DATA, **values):
    return fake_registry.make_image(ID, **dict(
        {'size': len(data), 'status': 'active', 'os_hash_algo': 'sha256',
         'os_hash_value': hashlib.sha256(data).hexdigest()}, **values))


class Reader:
    """Gives pieces, each when it may; an exception is raised instead."""

    length = None

    def __init__(self, *pieces):
        self._pieces = pieces
        self.may = concurrency.native.threading.Semaphore(0)
        self.closed = False

    def __iter__(self):
        for piece in self._pieces:
            self.may.acquire()
            if isinstance(piece, Exception):
                raise piece
            yield piece

    def close(self):
        self.closed = True


class TestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.files = files.Files(self.useFixture(fixtures.TempDir()).path)
        self.ended = threading.Event()
        self.done = None

    def start(self, reader, of=None):
        self.ended.clear()
        part = self.files.begin(ID)
        fd = self.files.follow(ID)
        fetch_thread.start(part, of or image(), reader, self.end)
        return fd

    def end(self, done, reason):
        self.done, self.reason = done, reason
        self.ended.set()


class TestFill(TestCase):

    def fill(self, *pieces, **values):
        reader = Reader(*pieces)
        for _piece in pieces:
            reader.may.release()
        os.close(self.start(reader, image(**values)))
        self.assertTrue(self.ended.wait(10))
        self.assertTrue(reader.closed)
        self.assertEqual([], os.listdir(os.path.join(
            self.files.folder, 'incomplete')))
        self.assertEqual({ID: len(DATA)} if self.done else {},
                         self.files.list())
        return self.done

    def test_a_hash_that_nobody_can_compute(self):
        for name in 'whirlpool-2', 'shake_128':
            self.assertTrue(self.fill(
                DATA, os_hash_algo=name, checksum=hashlib.md5(
                    DATA, usedforsecurity=False).hexdigest()))
            self.files.remove(ID)
            self.assertFalse(self.fill(DATA, os_hash_algo=name,
                                       checksum='0' * 32))

    def test_an_image_is_cached_when_it_is_whole(self):
        self.assertTrue(self.fill(DATA[:1000], DATA[1000:]))

    def test_by_checksum(self):
        md5 = hashlib.md5(DATA, usedforsecurity=False).hexdigest()
        self.assertTrue(self.fill(DATA, os_hash_value=None, checksum=md5))
        self.files.remove(ID)
        self.assertFalse(self.fill(DATA, os_hash_value=None,
                                   checksum='0' * 32))

    def test_no_hash_known(self):
        self.assertTrue(self.fill(DATA, os_hash_value=None, checksum=None))

    def test_other_data(self):
        self.assertFalse(self.fill(DATA[::-1]))
        self.assertIn('is not what the image says', self.reason)

    def test_short_and_long(self):
        for hashes in ({}, {'os_hash_value': None,
                            'checksum': None}):
            self.assertFalse(self.fill(DATA[:-1], **hashes))
            self.assertFalse(self.fill(DATA, b'x', **hashes))

    def test_store_fails(self):
        self.assertFalse(self.fill(DATA[:5], exceptions.StoreUnavailable()))
        self.assertFalse(self.fill(DATA[:5], ValueError('surprise')))

    def test_data_is_verified_by_hash_and_size(self):
        self.fill(DATA)
        fd = self.files.open(ID, len(DATA))
        self.addCleanup(os.close, fd)
        self.assertTrue(fetch_thread.verify(fd, image()))
        self.assertFalse(fetch_thread.verify(fd, image(DATA[::-1])))
        self.assertFalse(fetch_thread.verify(fd, image(size=5)))


class TestFollow(TestCase):

    def follow(self, reader, open_rest=None):
        follower = growing_file.Follower(self.start(reader), len(DATA),
                                         open_rest)
        self.addCleanup(follower.close)
        return iter(follower)

    def test_as_it_grows(self):
        reader = Reader(DATA[:5], DATA[5:9], DATA[9:])
        chunks = self.follow(reader)
        for expected in (DATA[:5], DATA[5:9]):
            reader.may.release()
            self.assertEqual(expected, next(chunks))
        reader.may.release()
        self.assertEqual(DATA[9:], b''.join(chunks))

    def test_two_at_different_paces(self):
        reader = Reader(DATA[:5], DATA[5:])
        first = self.follow(reader)
        second = growing_file.Follower(self.files.follow(ID), len(DATA), None)
        self.addCleanup(second.close)
        reader.may.release()
        self.assertEqual(DATA[:5], next(first))
        reader.may.release()
        self.assertEqual([DATA[5:], DATA], [b''.join(first),
                                            b''.join(second)])

    def test_the_rest_from_the_store(self):
        offsets = []

        def open_rest(offset):
            offsets.append(offset)
            rest = Reader(DATA[offset:])
            rest.may.release()
            return rest

        reader = Reader(DATA[:5], exceptions.StoreUnavailable())
        reader.may.release()
        chunks = self.follow(reader, open_rest)
        self.assertEqual(DATA[:5], next(chunks))
        reader.may.release()
        self.assertEqual(DATA[5:], b''.join(chunks))
        self.assertEqual([5], offsets)

    def test_no_rest(self):
        def open_rest(offset):
            raise exceptions.NotFound()
        reader = Reader(exceptions.StoreUnavailable())
        reader.may.release()
        self.assertRaises(exceptions.NotFound, list,
                          self.follow(reader, open_rest))
