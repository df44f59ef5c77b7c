"""An answer finds a caller whose queue is back later than the broker."""

import contextlib
from unittest import mock

import oslo_messaging
from oslo_messaging._drivers import amqp
from oslo_messaging._drivers import amqpdriver
from oslotest import base

from glance.rpc import rabbit

PATIENCE = 5
MISSING = (oslo_messaging.MessageUndeliverable(None, None, None, None),
           amqp.AMQPDestinationNotFound('no exchange'))
GONE = amqpdriver.ObsoleteReplyQueuesCache


class Driver:
    """A broker that is away at first, and then a queue that is.

    :ivar now: seconds; a clock that stands still while nobody waits
    """

    missing_destination_retry_timeout = PATIENCE

    def __init__(self, outage, missing_until, error=MISSING[0]):
        self.now, self._outage = 1000.0, outage
        self._back = self.now + outage + missing_until
        self._error = error
        self.sent = []

    @contextlib.contextmanager
    def _get_connection(self, purpose):
        self.now += self._outage
        self._outage = 0
        yield self

    def direct_send(self, queue, message):
        if self.now < self._back:
            raise self._error
        self.sent.append(queue)

    def sleep(self, seconds):
        self.now += seconds


class TestIncoming(base.BaseTestCase):

    def reply(self, driver, gone, msg_id='id'):
        listener = mock.Mock(driver=driver)
        call = rabbit.Incoming(listener, {}, None, 'unique', msg_id, 'queue',
                               None, gone, None)
        with mock.patch.object(rabbit, 'time', mock.Mock(
                monotonic=lambda: driver.now, sleep=driver.sleep)):
            call.reply('answer')

    def test_an_answer_that_has_waited_for_the_broker_is_not_dropped(self):
        gone = GONE()
        for error in MISSING:
            driver = Driver(outage=60, missing_until=PATIENCE - 1,
                            error=error)
            self.reply(driver, gone)
            self.assertEqual(['queue'], driver.sent)
        # Nor is the next one.
        driver = Driver(0, 0)
        self.reply(driver, gone)
        self.assertEqual(['queue'], driver.sent)

    def test_a_caller_that_stays_away_is_waited_for_once(self):
        gone = GONE()
        driver = Driver(outage=60, missing_until=3600)
        begun = driver.now + 60
        self.reply(driver, gone)
        self.assertEqual([], driver.sent)
        self.assertLessEqual(driver.now - begun, PATIENCE + 1)
        self.assertGreaterEqual(driver.now - begun, PATIENCE)
        begun = driver.now
        self.reply(driver, gone)
        self.assertEqual(begun, driver.now)

    def test_who_wants_no_answer_gets_none(self):
        driver = Driver(0, 0)
        self.reply(driver, GONE(), msg_id=None)
        self.assertEqual([], driver.sent)

    def test_servers_answer_like_that(self):
        self.assertIs(rabbit.Incoming, rabbit.Listener.message_cls)
