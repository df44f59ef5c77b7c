"""A store that is away is not asked by everybody, and comes back by itself."""

import threading

from oslotest import base

from glance.common import exceptions
from glance.store import breaker


class TestBreaker(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.now, self.is_there, self.checks = 1000, True, 0
        self.patch(breaker.time, 'monotonic', lambda: self.now)
        self.breaker = breaker.Breaker('one', self.check)

    def check(self):
        self.checks += 1
        if not self.is_there:
            raise exceptions.StoreUnavailable()

    def ask(self, error=None):
        with self.breaker.watched():
            if error:
                raise error

    def fail(self, times, error=None):
        error = error or exceptions.StoreUnavailable('asked')
        for _number in range(times):
            self.assertIs(error, self.assertRaises(type(error), self.ask,
                                                   error))

    def go(self):
        self.is_there = False
        self.fail(breaker.ENOUGH)
        self.assertEqual(1, self.checks)

    def refused(self):
        """:returns: seconds after which to come again"""
        return self.assertRaises(exceptions.StoreUnavailable,
                                 self.ask).retry_after

    def test_a_store_that_works_is_asked_for_nothing_else(self):
        for _number in range(9):
            self.ask()
        self.assertEqual(0, self.checks)

    def test_all_are_refused_while_a_store_is_away(self):
        self.go()
        self.now += 2
        self.assertEqual({breaker.PAUSE - 2},
                         {self.refused() for _number in range(9)})
        self.assertEqual(1, self.checks)

    def test_a_store_that_is_back_is_found_by_itself(self):
        self.go()
        self.now += breaker.PAUSE
        self.assertEqual(5, self.refused())
        self.assertEqual(2, self.checks)
        self.is_there = True
        self.refused()
        self.now += breaker.PAUSE
        for _number in range(9):
            self.ask()
        self.assertEqual(3, self.checks)
        self.assertFalse(self.breaker.is_open)

    def test_one_at_a_time_tries(self):
        self.go()
        self.now += breaker.PAUSE
        begun, end = threading.Event(), threading.Event()

        def check():
            begun.set()
            end.wait(20)
        self.breaker._check = check
        first = threading.Thread(target=self.ask)
        first.start()
        begun.wait(20)
        self.assertEqual(breaker.PAUSE, self.refused())
        end.set()
        first.join()
        self.ask()

    def test_a_store_that_answers_is_not_what_failed(self):
        self.fail(9)
        self.assertEqual(3, self.checks)
        self.ask()

    def test_failures_that_are_not_in_a_row_do_not_count(self):
        self.is_there = False
        for _number in range(9):
            self.fail(breaker.ENOUGH - 1)
            self.ask()
        for _number in range(9):
            self.fail(1)
            self.now += breaker.WITHIN + 1
        self.assertEqual(0, self.checks)

    def test_answers_of_the_store_are_no_failures(self):
        self.is_there = False
        for error in (exceptions.NotFound(), exceptions.StorageFull(),
                      exceptions.UploadBroken(), KeyError()):
            self.fail(9, error)
        self.assertEqual(0, self.checks)
