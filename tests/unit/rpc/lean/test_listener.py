"""What comes is acknowledged, handed on and answered."""

import json
import queue
import time

from oslo_messaging._drivers import common

from glance.common import concurrency
from glance.rpc.lean import connection
from glance.rpc.lean import texts
from glance.rpc import rabbit
from tests.unit.rpc.lean import base

CALL = {'method': 'm', '_context_user': 'u', '_msg_id': 'i', '_reply_q': 'q'}


class ListenerTestCase(base.LeanTestCase):

    def setUp(self):
        super().setUp()
        self.come = queue.Queue()

    def listen(self, query='', start=True, **target):
        one = self.driver(
            '?kombu_missing_consumer_retry_timeout=%d%s' % (
                base.PATIENCE, query)).listen(base.TARGET(**target), 1, None)
        self.addCleanup(one.cleanup)
        self.addCleanup(one.stop)
        if start:
            one.start(lambda messages: self.come.put(*messages))
        return one

    def next(self):
        return self.come.get(timeout=base.PATIENCE)

    def break_off(self, number=2):
        """Break the connection; returns when there is another one.

        :param number: of that one
        """
        self.peer.drop()
        deadline = time.monotonic() + base.PATIENCE
        while self.peer.asked.count((60, 20)) < number:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def deliver(self, number=1, reply_to='', **more):
        self.peer.deliver(texts.written(CALL | more), number,
                          reply_to=reply_to)


class TestMessages(ListenerTestCase):

    def acked(self):
        """:returns: (number, whether all up to it) of the next one"""
        return self.peer.acked.get(timeout=base.PATIENCE)

    def test_a_message_is_acknowledged_when_the_work_begins(self):
        self.listen()
        for number in 6, 7:
            self.deliver(number)
        waiting, got = self.next(), self.next()
        self.assertTrue(self.peer.acked.empty())
        got.acknowledge()
        self.assertEqual((7, False), self.acked())
        self.assertEqual(({'user': 'u'}, {'method': 'm'}),
                         (got.ctxt, got.message))
        waiting.acknowledge()
        self.assertEqual((6, False), self.acked())

    def test_no_work_begins_on_what_comes_again(self):
        """Its connection broke, and the broker gives it to somebody else."""
        self.listen()
        self.deliver(_unique_id='a')
        got = self.next()
        self.break_off()
        self.assertRaises(connection.Lost, got.acknowledge)
        self.deliver(_unique_id='a')
        self.next().acknowledge()
        self.assertEqual((1, False), self.acked())

    def test_what_comes_before_the_start_waits_for_it(self):
        one = self.listen(start=False)
        self.deliver()
        self.assertRaises(queue.Empty, self.peer.acked.get, timeout=0.05)
        one.start(lambda messages: self.come.put(*messages))
        self.assertEqual('m', self.next().message['method'])

    def test_that_of_a_stock_client(self):
        self.listen()
        self.peer.deliver(json.dumps(common.serialize_msg(CALL)).encode())
        self.assertEqual({'method': 'm'}, self.next().message)

    def test_what_has_begun_does_not_begin_again(self):
        self.listen()
        self.deliver(1, _unique_id='a', method='a')
        self.next().acknowledge()
        self.deliver(2, _unique_id='a', method='a')
        self.deliver(3, _unique_id='b', method='b')
        self.assertEqual('b', self.next().message['method'])
        self.assertEqual([(1, False), (2, False)],
                         [self.acked() for _ in range(2)])

    def test_what_nobody_understands_is_ignored(self):
        self.listen()
        for number, body in enumerate((b'{', b'1', b'\xff'), 1):
            self.peer.deliver(body, number)
        self.deliver(4)
        self.assertEqual({'method': 'm'}, self.next().message)
        # And does not come again.
        self.assertEqual([1, 2, 3], [self.acked()[0] for _ in range(3)])

    def test_nothing_comes_after_the_stop(self):
        one = self.listen()
        one.stop()
        self.assertIn((60, 30), self.peer.asked)
        self.deliver()
        self.assertRaises(queue.Empty, self.peer.acked.get, timeout=0.05)
        self.assertTrue(self.come.empty())

    def test_it_reads_again_when_the_connection_breaks(self):
        self.listen()
        self.break_off()
        self.deliver()
        self.assertEqual({'method': 'm'}, self.next().message)


class TestAnswers(ListenerTestCase):

    def test_directly_to_a_caller_with_this_driver(self):
        self.listen()
        self.deliver(reply_to='there')
        self.next().reply({'a': 1})
        channel, exchange, key, content = self.published()
        self.assertEqual((1, '', 'there', 'i'),
                         (channel, exchange, key, content.message_id))
        self.assertEqual({'a': 1}, texts.read(content.body)['result'])

    def answer_in_background(self):
        self.listen()
        self.deliver()
        return concurrency.spawn(self.next().reply, 1), self.published()

    def test_in_the_queue_of_a_stock_caller(self):
        task, message = self.answer_in_background()
        self.assertEqual((2, '', 'q'), message[:3])
        self.assertEqual('i', texts.read(message[3].body)['_msg_id'])
        self.peer.settle(1)
        task.wait(base.PATIENCE)

    def test_a_queue_that_is_back_later_is_waited_for(self):
        task, message = self.answer_in_background()
        self.peer.give_back(2, message[3].message_id)
        self.peer.settle(1)
        again = self.published()
        self.assertEqual(texts.read(message[3].body),
                         texts.read(again[3].body))
        self.peer.settle(2)
        task.wait(base.PATIENCE)

    def test_nobody_waits_for_the_answer_to_a_cast(self):
        self.listen()
        self.deliver(_msg_id=None, reply_to='there')
        self.next().reply(1)
        self.assertTrue(self.peer.published.empty())

    def test_an_answer_goes_over_the_next_connection(self):
        self.listen()
        self.deliver(reply_to='there')
        got = self.next()
        self.break_off()
        got.reply(1)
        self.assertEqual('there', self.published()[2])

    def test_an_answer_that_may_be_lost_is_sent_again(self):
        self.listen()
        self.deliver(reply_to='there')
        self.next().reply(1)
        first = self.published()
        self.break_off()
        again = self.published()
        self.assertEqual((first[:3], first[3].message_id, first[3].body),
                         (again[:3], again[3].message_id, again[3].body))

    def test_what_ends_a_connection_does_not_end_all(self):
        self.listen()
        self.deliver(reply_to='there')
        self.next().reply(1)
        for _ in range(2):      # the answer, and the answer again
            self.published()
            self.break_off(len(self.peer.connections) + 1)
        self.assertRaises(queue.Empty, self.peer.published.get, timeout=0.5)


class TestDeclaring(ListenerTestCase):

    def test_a_queue_of_another_kind(self):
        self.peer.refused[50, 10] = 406, 'PRECONDITION_FAILED - other'
        error = self.assertRaises(rabbit.DeclaredOtherwise, self.listen)
        self.assertIn('remove_queue t', str(error))

    def test_who_may_not(self):
        for method in (40, 10), (50, 10), (50, 20), (60, 20):
            self.peer.refused[method] = 403, 'ACCESS_REFUSED - no'
            error = self.assertRaises(rabbit.Refused, self.listen)
            self.assertIn('ACCESS_REFUSED', str(error))

    def test_a_queue_on_a_node_that_is_down_is_replaced(self):
        self.peer.refused[50, 10] = 404, 'NOT_FOUND - home node is down'
        self.listen()
        self.assertIn((50, 40), self.peer.asked)

    def test_one_for_itself_where_that_is_wanted(self):
        self.listen(fanout=True)
        self.assertEqual(2, self.peer.asked.count((60, 20)))

    def test_messages_at_a_time(self):
        self.listen('&rabbit_qos_prefetch_count=3')
        self.assertIn((60, 10), self.peer.asked)
