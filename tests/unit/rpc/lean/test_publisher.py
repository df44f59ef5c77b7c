"""Calls and casts, and what becomes of them."""

import time

import oslo_messaging

from glance.common import concurrency
from glance.rpc.lean import connection
from glance.rpc.lean import queues
from glance.rpc.lean import texts
from tests.unit.rpc.lean import base


class PublisherTestCase(base.LeanTestCase):

    def setUp(self):
        super().setUp()
        self.one = self.driver()

    def start(self, call=True, timeout=base.PATIENCE, target=base.TARGET):
        """:returns: (a task that sends, the message as it arrived)"""
        task = concurrency.spawn(lambda: self.one.send(
            target, {'user': 'u'}, {'method': 'm'}, wait_for_reply=call,
            timeout=timeout if call else None,
            transport_options=base.MANDATORY))
        return task, self.published()

    def answer(self, message, **more):
        answer = {'result': 1, 'failure': None, 'ending': True}
        self.peer.deliver(texts.written(answer | more),
                          message_id=message[3].message_id)


class TestCall(PublisherTestCase):

    def test_the_answer_comes_back(self):
        task, message = self.start()
        self.assertEqual((1, 'e', 't'), message[:3])
        self.assertEqual(queues.DIRECT, message[3].reply_to)
        self.answer(message)
        self.assertEqual(1, task.wait(base.PATIENCE))

    def test_the_answer_of_a_stock_server_comes_back(self):
        """It goes to the queue of the caller and has its id inside."""
        task, message = self.start()
        request = texts.read(message[3].body)
        self.assertTrue(request['_reply_q'].startswith('reply_'))
        self.peer.deliver(texts.written({
            '_msg_id': request['_msg_id'], 'result': 2, 'failure': None,
            'ending': False}))
        self.peer.deliver(texts.written({
            '_msg_id': request['_msg_id'], 'result': 3, 'failure': None,
            'ending': True}))
        self.assertEqual(3, task.wait(base.PATIENCE))

    def test_answers_that_nobody_understands(self):
        task, message = self.start()
        for body in b'{', b'[]', b'{}', b'{"_msg_id": 1}':
            self.peer.deliver(body)
        self.answer(message)
        self.assertEqual(1, task.wait(base.PATIENCE))

    def test_nobody_listens(self):
        task, message = self.start()
        self.peer.give_back(1, message[3].message_id)
        self.assertRaises(oslo_messaging.MessageUndeliverable, task.wait,
                          base.PATIENCE)

    def test_no_answer_in_time(self):
        task, _message = self.start(timeout=0.1)
        self.assertRaises(oslo_messaging.MessagingTimeout, task.wait,
                          base.PATIENCE)

    def test_a_broken_connection_is_told_at_once_and_mended(self):
        task, _message = self.start(timeout=100 * base.PATIENCE)
        self.peer.drop()
        self.assertRaises(connection.Lost, task.wait, base.PATIENCE)
        task, message = self.start()
        self.answer(message)
        self.assertEqual(1, task.wait(base.PATIENCE))

    def test_a_broker_that_takes_nothing_is_told_at_once(self):
        task, _message = self.start(timeout=100 * base.PATIENCE)
        self.peer.block()
        self.assertRaises(connection.Blocked, task.wait, base.PATIENCE)
        self.assertRaises(connection.Blocked, self.one.send, base.TARGET, {},
                          {}, wait_for_reply=True, timeout=1)
        self.peer.block(False)
        deadline = time.monotonic() + base.PATIENCE
        while self.one._publisher._keeper._current.blocked:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        task, message = self.start()
        self.answer(message)
        self.assertEqual(1, task.wait(base.PATIENCE))

    def test_an_error_that_is_not_ours(self):
        task, message = self.start()
        self.answer(message, failure='{"class": "X", "module": "m"}')
        self.assertRaises(oslo_messaging.RemoteError, task.wait,
                          base.PATIENCE)

    def test_nobody_there(self):
        self.peer.end()
        self.assertRaises(connection.Lost, self.one.send, base.TARGET, {}, {},
                          wait_for_reply=True, timeout=base.PATIENCE)

    def test_an_exchange_is_declared_once(self):
        for _ in range(2):
            task, message = self.start()
            self.answer(message)
            task.wait(base.PATIENCE)
        self.assertEqual(1, self.peer.asked.count((40, 10)))


class TestCast(PublisherTestCase):

    def test_the_broker_has_it(self):
        task, message = self.start(call=False)
        self.assertEqual((2, 'e', 't'), message[:3])
        self.assertRaises(TimeoutError, task.wait, 0.05)
        self.peer.settle(1)
        self.assertIsNone(task.wait(base.PATIENCE))

    def test_all_up_to_one_are_confirmed(self):
        tasks = [self.start(call=False)[0] for _ in range(3)]
        self.peer.settle(2, and_before=True)
        for task in tasks[:2]:
            self.assertIsNone(task.wait(base.PATIENCE))
        self.assertRaises(TimeoutError, tasks[2].wait, 0.05)
        self.peer.settle(3)
        self.assertIsNone(tasks[2].wait(base.PATIENCE))

    def test_the_broker_does_not_want_it(self):
        task, _message = self.start(call=False)
        self.peer.settle(1, taken=False)
        self.assertRaises(oslo_messaging.MessageDeliveryFailure, task.wait,
                          base.PATIENCE)

    def test_nobody_listens(self):
        task, message = self.start(call=False)
        self.peer.give_back(2, message[3].message_id)
        self.peer.settle(1)
        self.assertRaises(oslo_messaging.MessageUndeliverable, task.wait,
                          base.PATIENCE)

    def test_numbers_begin_anew_with_a_connection(self):
        task, _message = self.start(call=False)
        self.peer.drop()
        self.assertRaises(connection.Lost, task.wait, base.PATIENCE)
        task, _message = self.start(call=False)
        self.peer.settle(1)
        self.assertIsNone(task.wait(base.PATIENCE))

    def test_that_to_all_declares_its_exchange_each_time(self):
        """It goes with the last of those who listen."""
        for number in 1, 2:
            task, message = self.start(
                call=False, target=base.TARGET(fanout=True))
            self.assertEqual(('t_fanout', ''), message[1:3])
            self.peer.settle(number)
            task.wait(base.PATIENCE)
        self.assertEqual(2, self.peer.asked.count((40, 10)))
