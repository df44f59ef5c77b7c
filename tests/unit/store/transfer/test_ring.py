"""Two threads, few buffers, one error for both."""

import hashlib

from oslotest import base

from glance.common import concurrency
from glance.common import exceptions
from glance.store.transfer import ring
from glance.store.transfer import sources
from glance.store.transfer import threads

native = concurrency.native


class RingTestCase(base.BaseTestCase):

    def test_order_and_bound(self):
        shared, found = ring.Ring(), []

        def consume():
            source = sources.FromRing(shared, hashlib.md5())
            while view := source.next_buffer():
                found.append(bytes(view))
        worker = threads.start(consume)
        buffers = set()
        for number in range(100):
            buffer = shared.claim()
            buffers.add(id(buffer.obj))
            buffer[0] = number
            shared.publish(buffer, 1)
        shared.end()
        worker.join()
        self.assertEqual([bytes([number]) for number in range(100)], found)
        self.assertLessEqual(len(buffers), ring.SLOTS)

    def test_consumer_failure_stops_a_waiting_producer(self):
        shared = ring.Ring()
        for _ in range(ring.SLOTS):
            shared.publish(shared.claim(), 1)
        timer = native.threading.Timer(
            0.05, shared.fail, [exceptions.StorageFull()])
        timer.start()
        self.assertRaises(exceptions.StorageFull, shared.claim)

    def test_producer_failure_stops_a_waiting_consumer(self):
        shared = ring.Ring()
        native.threading.Timer(
            0.05, shared.fail, [exceptions.UploadBroken()]).start()
        self.assertRaises(exceptions.UploadBroken, shared.take)

    def test_first_error_counts(self):
        shared = ring.Ring()
        shared.fail(exceptions.StorageFull())
        shared.fail(exceptions.UploadBroken())
        self.assertRaises(exceptions.StorageFull, shared.check)

    def test_data_before_a_failure_is_not_given(self):
        """A writer must not publish data that is refused as a whole."""
        shared = ring.Ring()
        shared.publish(shared.claim(), 1)
        shared.fail(exceptions.ContentRejected())
        self.assertRaises(exceptions.ContentRejected, shared.take)
