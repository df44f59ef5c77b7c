"""Concurrent reads share calls."""

import threading

from oslotest import base

from glance.common import concurrency
from glance.common import exceptions
from glance.rpc import coalesce


class CoalescerTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.batches, self.notes = [], []
        self.gate = threading.Event()
        self.gate.set()
        self.answer = lambda key: key * 10

    def fetch(self, keys):
        self.batches.append(list(keys))
        self.notes.append(keys)
        self.gate.wait(10)
        return {key: self.answer(key) for key in keys}

    def coalescer(self, **kwargs):
        return coalesce.Coalescer(self.fetch, **kwargs)

    def wait_for_batches(self, count):
        for _ in range(500):
            if len(self.batches) >= count:
                return
            threading.Event().wait(0.01)
        self.fail('only %d batches' % len(self.batches))

    def start(self, reads, keys):
        return [concurrency.spawn(reads.get, key) for key in keys]

    def test_a_read_on_its_own_is_one_call(self):
        self.assertEqual(70, self.coalescer().get(7))
        self.assertEqual([[7]], self.batches)

    def test_what_comes_meanwhile_goes_together(self):
        self.gate.clear()
        reads = self.coalescer(max_in_flight=1)
        first = self.start(reads, [0])
        self.wait_for_batches(1)
        others = self.start(reads, range(1, 50))
        threading.Event().wait(0.1)
        self.gate.set()
        self.assertEqual([n * 10 for n in range(50)],
                         [task.wait(10) for task in first + others])
        self.assertEqual(2, len(self.batches))
        self.assertEqual(set(range(1, 50)), set(self.batches[1]))

    def test_who_asks_is_known_of_each_key(self):
        reads = self.coalescer(max_in_flight=1)
        self.gate.clear()
        first = concurrency.spawn(reads.get, 0, 'req-0')
        self.wait_for_batches(1)
        rest = [concurrency.spawn(reads.get, key, note)
                for key, note in ((1, 'req-1'), (1, 'req-2'), (2, 'req-3'))]
        threading.Event().wait(0.05)
        self.gate.set()
        for task in [first, *rest]:
            task.wait()
        self.assertEqual(
            [{0: ['req-0']}, {1: ['req-1', 'req-2'], 2: ['req-3']}],
            self.notes)

    def test_equal_keys_are_asked_once(self):
        self.gate.clear()
        reads = self.coalescer(max_in_flight=1)
        tasks = self.start(reads, [0])
        self.wait_for_batches(1)
        tasks += self.start(reads, [5] * 20)
        threading.Event().wait(0.1)
        self.gate.set()
        self.assertEqual([0] + [50] * 20, [t.wait(10) for t in tasks])
        self.assertEqual([[0], [5]], self.batches)

    def test_calls_in_flight_are_bounded(self):
        self.gate.clear()
        reads = self.coalescer(max_in_flight=2)
        tasks = self.start(reads, range(30))
        self.wait_for_batches(2)
        threading.Event().wait(0.1)
        self.assertEqual(2, len(self.batches))
        self.gate.set()
        self.assertEqual([n * 10 for n in range(30)],
                         [task.wait(10) for task in tasks])

    def test_batches_are_bounded(self):
        self.gate.clear()
        reads = self.coalescer(max_in_flight=1, max_batch=10)
        tasks = self.start(reads, range(31))
        threading.Event().wait(0.1)
        self.gate.set()
        for task in tasks:
            task.wait(10)
        self.assertLessEqual(max(map(len, self.batches)), 10)
        self.assertEqual(31, sum(map(len, self.batches)))

    def test_failure_reaches_everybody_as_an_object_of_his_own(self):
        self.gate.clear()
        error = exceptions.RegistryUnavailable('gone')

        def fail(key):
            raise error
        self.answer = fail
        reads = self.coalescer(max_in_flight=1)
        tasks = self.start(reads, [0, 1, 2])
        threading.Event().wait(0.1)
        self.gate.set()
        raised = [self.assertRaises(exceptions.RegistryUnavailable,
                                    task.wait, 10) for task in tasks]
        self.assertEqual(['gone'] * 3, [str(one) for one in raised])
        self.assertEqual(3, len({id(one) for one in raised}))
        self.assertEqual([5], [one.retry_after for one in raised[:1]])

    def test_works_again_after_a_failure(self):
        def fail(key):
            raise exceptions.RegistryUnavailable()
        self.answer, answer = fail, self.answer
        reads = self.coalescer()
        for _ in range(3):
            self.assertRaises(exceptions.RegistryUnavailable, reads.get, 1)
        self.answer = answer
        self.assertEqual(10, reads.get(1))

    def test_no_answer_is_none(self):
        self.fetch = lambda keys: None
        self.assertIsNone(self.coalescer().get(1))

    def test_two_calls_are_under_way_unless_it_is_said(self):
        self.gate.clear()
        reads = self.coalescer()
        tasks = [concurrency.spawn(reads.get, key) for key in range(4)]
        self.wait_for_batches(2)
        threading.Event().wait(0.1)
        self.assertEqual(2, len(self.batches))
        self.gate.set()
        self.assertEqual([0, 10, 20, 30], [task.wait(10) for task in tasks])

    def test_missing_key_is_none(self):
        self.fetch = lambda keys: {}
        self.assertIsNone(self.coalescer().get(1))

    def test_value_that_is_an_error_is_raised_for_its_key_only(self):
        self.answer = lambda key: exceptions.Forbidden() if key == 1 else key
        reads = self.coalescer()
        self.assertRaises(exceptions.Forbidden, reads.get, 1)
        self.assertEqual(2, reads.get(2))
