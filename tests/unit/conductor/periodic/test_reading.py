"""Stored data is read slowly, and judged by what is known of it."""

import hashlib
import types

from glance.common import exceptions
from glance.conductor.periodic import reading
from tests.unit.store import base

DATA = bytes(range(256)) * 4096


class Run:
    """:ivar waited: seconds"""

    def __init__(self):
        self.waited = 0

    def pause(self, seconds):
        self.waited = max(self.waited, seconds)


def _hash(name, data=DATA):
    return hashlib.new(name, data, usedforsecurity=False).hexdigest()


class TestRead(base.StoreTestCase):

    def setUp(self):
        super().setUp()
        self.location = {'url': self.store.write(
            'image', 'a-1', base.Source(DATA)).url}
        self.image = {
            'id': 'image', 'size': len(DATA), 'virtual_size': len(DATA),
            'checksum': _hash('md5'), 'os_hash_algo': 'sha512',
            'os_hash_value': _hash('sha512'), 'disk_format': 'raw',
            'container_format': 'bare'}

    def read(self, **changes):
        throttle = reading.Throttle(Run(), 1 << 40)
        return reading.read(self.store, dict(self.image, **changes),
                            self.location, throttle)

    def test_every_byte_is_counted_by_the_throttle(self):
        counts = []
        throttle = types.SimpleNamespace(take=counts.append)
        reading.read(self.store, self.image, self.location, throttle)
        self.assertEqual(len(DATA), sum(counts))

    def reason(self, **changes):
        return self.read(**changes)[1]

    def test_data_as_it_is_known_is_good(self):
        self.assertIsNone(self.reason())

    def test_another_size_or_hash_is_told(self):
        self.assertEqual('size', self.reason(size=1))
        self.assertEqual('hash', self.reason(checksum='0' * 32))
        self.assertEqual('hash', self.reason(os_hash_value='0' * 128))

    def test_data_that_is_not_there_is_missing(self):
        self.store.delete(self.location['url'])
        self.assertEqual((None, 'missing'), self.read())

    def test_a_store_that_is_away_is_no_verdict(self):
        def open_(url):
            raise exceptions.StoreUnavailable()
        self.patch(self.store, 'open', open_)
        self.assertRaises(exceptions.StoreUnavailable, self.read)

    def test_what_nobody_knew(self):
        nothing = dict.fromkeys(('size', 'virtual_size', 'checksum',
                                 'os_hash_algo', 'os_hash_value'))
        wanted = {name: self.image[name] for name in nothing}
        self.assertEqual((wanted, None), self.read(**nothing))

    def test_a_hash_that_nobody_can_compute(self):
        for name in 'whirlpool-2', 'shake_128', '', 'x' * 64, 'é':
            facts, reason = self.read(os_hash_algo=name, size=None)
            self.assertEqual((None, None), (reason, facts['os_hash_value']))
            self.assertEqual('hash', self.reason(os_hash_algo=name,
                                                 checksum='0' * 32))

    def test_the_algorithm_of_the_image(self):
        facts, reason = self.read(os_hash_algo='sha256',
                                  os_hash_value=_hash('sha256'))
        self.assertEqual((None, 'sha256'), (reason, facts['os_hash_algo']))

    def test_content_that_would_be_refused_today(self):
        facts, reason = self.read(virtual_size=None, disk_format='qcow2')
        self.assertEqual((None, None), (reason, facts['virtual_size']))


class TestThrottle(base.StoreTestCase):

    def test_the_rate_holds_over_many_reads(self):
        run = Run()
        throttle = reading.Throttle(run, 1000)
        for _number in range(10):
            throttle.take(1000)
        self.assertAlmostEqual(10, run.waited, delta=1.5)

    def test_small_things_need_not_wait(self):
        run = Run()
        throttle = reading.Throttle(run, 1 << 30)
        throttle.take(1000)
        self.assertLess(run.waited, 0.1)
