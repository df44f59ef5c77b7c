"""Several things that are told one after the other."""

import fixtures
from oslotest import base

from glance.common import answering
from glance.common import exceptions
from glance.rpc import gather


class GathererTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.MockPatchObject(answering, '_last', []))
        self.spawned = self.useFixture(fixtures.MockPatchObject(
            gather.concurrency, 'spawn')).mock
        self.slept = self.useFixture(fixtures.MockPatchObject(
            gather.time, 'sleep')).mock
        self.sent, self.fails = [], False
        self.gatherer = gather.Gatherer(self.send)

    def send(self, batch):
        if self.fails:
            raise exceptions.RegistryUnavailable()
        self.sent.append(batch)

    def go_on(self):
        """What the helper does until nothing is left."""
        (go_on, apart), _named = self.spawned.call_args
        go_on(apart)

    def test_the_first_one_goes_at_once(self):
        self.gatherer.add(1)
        self.assertEqual([[1]], self.sent)

    def test_those_that_follow_go_together(self):
        for number in range(4):
            self.gatherer.add(number)
        self.assertEqual([[0]], self.sent)
        self.go_on()
        self.assertEqual([[0], [1, 2, 3]], self.sent)
        self.assertEqual([((1,),)] * 2, self.slept.call_args_list)
        self.gatherer.add(4)
        self.assertEqual([4], self.sent[-1])
        self.assertEqual(2, self.spawned.call_count)

    def test_a_message_has_its_bound(self):
        for number in range(gather.AT_ONCE + 3):
            self.gatherer.add(number)
        self.go_on()
        self.assertEqual([1, gather.AT_ONCE, 2], list(map(len, self.sent)))

    def test_what_is_not_sent_is_kept(self):
        self.fails = True
        self.gatherer.add(1)
        self.gatherer.add(2)
        self.slept.side_effect = lambda _seconds: setattr(
            self, 'fails', self.slept.call_count < 3)
        self.go_on()
        self.assertEqual([[1, 2]], self.sent)

    def test_the_oldest_ones_go_when_memory_is_short(self):
        self.useFixture(fixtures.MockPatchObject(gather, 'KEPT', 2))
        self.fails = True
        for number in range(4):
            self.gatherer.add(number)
        self.fails = False
        self.go_on()
        self.assertEqual([[2, 3]], self.sent)

    def test_the_last_ones_go_at_the_end(self):
        for number in range(gather.AT_ONCE + 3):
            self.gatherer.add(number)
        answering.wait()
        self.assertEqual(gather.AT_ONCE + 3, sum(map(len, self.sent)))

    def test_the_end_is_not_held_up(self):
        self.fails = True
        self.gatherer.add(1)
        answering.wait()
        self.assertEqual([], self.sent)
        self.fails = False
        answering.wait()
        self.assertEqual([[1]], self.sent)
