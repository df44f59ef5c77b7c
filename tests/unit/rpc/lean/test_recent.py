"""The last answers are kept, and not too many of them."""

from unittest import mock

from oslotest import base

from glance.rpc.lean import recent


class TestRecent(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.recent = recent.Recent()

    def add(self, *ids, body=b''):
        for one in ids:
            self.recent.add(recent.Answer('there', one, body))

    def ids(self):
        return [answer.msg_id for answer in self.recent.take()]

    def test_they_are_taken_once_in_their_order(self):
        self.add('a', 'b')
        self.assertEqual(['a', 'b'], self.ids())
        self.assertEqual([], self.ids())
        self.add('c', body=recent.MOST * b'x')
        self.assertEqual(['c'], self.ids())

    def test_the_last_bytes_are_kept(self):
        self.add('a', 'b', 'c', body=(recent.MOST // 2) * b'x')
        self.assertEqual(['b', 'c'], self.ids())

    def test_what_is_larger_than_all_of_them_is_not(self):
        self.add('a', body=(recent.MOST + 1) * b'x')
        self.assertEqual([], self.ids())
        self.add('b')
        self.assertEqual(['b'], self.ids())

    def test_what_is_old_is_dropped(self):
        with mock.patch('time.monotonic') as now:
            now.return_value = 1
            self.add('a')
            now.return_value += recent.KEPT / 2
            self.add('b')
            now.return_value += recent.KEPT / 2 + 1
            self.assertEqual(['b'], self.ids())
            self.add('c')
            now.return_value += recent.KEPT + 1
            self.assertEqual([], self.ids())
