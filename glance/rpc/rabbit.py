"""RabbitMQ as we use it: what is for one process ends with its connection.

The stock driver declares a durable queue with the name of each server, which
nobody sends to and nobody deletes. Its queues for answers and for messages to
all outlive a killed process, and as they are neither durable nor of one
connection, newer brokers refuse them. Ours are of one connection, exclusive.
"""

from collections.abc import Callable
import time
import typing
import uuid

from amqp import exceptions as amqp_exceptions
import kombu
import oslo_messaging
from oslo_messaging._drivers import amqp
from oslo_messaging._drivers import amqpdriver
from oslo_messaging._drivers import base
from oslo_messaging._drivers import common
from oslo_messaging._drivers import impl_rabbit

# So many callers may wait in one process; more than ten are no leak.
_MANY_ANSWERS = 10000
_PAUSE = 0.25       # seconds


class DeclaredOtherwise(Exception):
    """The broker has a queue or an exchange of the name, of another kind."""

    def __init__(self, queue: str, reason: str) -> None:
        super().__init__(
            'The queue %s, or its exchange, is there already and not of the '
            'kind that the configuration wants: %s. Change [oslo_messaging_'
            'rabbit] back, or stop what uses it and replace it: glance-manage '
            'bus remove_queue %s (remove_exchange for an exchange).'
            % (queue, reason, queue))


class Refused(Exception):
    """The broker does not let the service in, or not do what it has to."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            'The broker refuses this service: %s. Look at the account, the '
            'password and the virtual host of transport_url, and what the '
            'account may configure, write and read.' % reason.rstrip('.'))


class OwnQueue(impl_rabbit.Consumer):
    """A queue of one connection, which the broker deletes with it.

    :ivar queue_name: may change when the connection is made anew
    """

    def __init__(self, exchange: str, kind: str,
                 callback: Callable[..., object], prefix: str) -> None:
        super().__init__(
            exchange_name=exchange, queue_name=prefix + uuid.uuid4().hex,
            routing_key='', type=kind, durable=False,
            exchange_auto_delete=kind == 'fanout', queue_auto_delete=False,
            callback=callback)
        self._prefix = prefix

    def declare(self, conn: 'Connection') -> None:
        try:
            self._declare(conn.channel)
        except (amqp_exceptions.ResourceLocked, amqp_exceptions.NotFound):
            # The broker has not noticed that our connection of before, or the
            # node that had the queue, is gone.
            self.queue_name = self._prefix + uuid.uuid4().hex
            self._declare(conn.channel)
        self._declared_on = conn.channel

    def _declare(self, channel: typing.Any) -> None:
        self.queue = kombu.Queue(
            self.queue_name, self.exchange, self.routing_key, channel,
            durable=False, exclusive=True)
        # With the connection, not with its reader, which may come back.
        self.queue.auto_delete = False
        self.queue.declare()


class Connection(impl_rabbit.Connection):
    """:ivar answers: the consumer of the answers to this process, if any"""

    answers: OwnQueue | None = None

    def declare_consumer(self, consumer: impl_rabbit.Consumer) -> typing.Any:
        """:raises DeclaredOtherwise, Refused: it would never work"""
        try:
            with self._connection_lock:
                consumer.declare(self)
        except amqp_exceptions.PreconditionFailed as error:
            raise DeclaredOtherwise(consumer.queue_name, error.reply_text)
        except amqp_exceptions.AccessRefused as error:
            raise Refused(error.reply_text)
        except Exception:   # nosec: the driver tries again, and tells
            pass
        return super().declare_consumer(consumer)

    def declare_direct_consumer(self, topic: str,
                                callback: Callable[..., object]) -> None:
        if self.rabbit_transient_quorum_queue:
            super().declare_direct_consumer(topic, callback)
        else:
            self.answers = OwnQueue('', 'direct', callback, 'reply_')
            self.declare_consumer(self.answers)

    def declare_fanout_consumer(self, topic: str,
                                callback: Callable[..., object]) -> None:
        if self.rabbit_transient_quorum_queue:
            super().declare_fanout_consumer(topic, callback)
        else:
            name = '%s_fanout' % topic
            self.declare_consumer(
                OwnQueue(name, 'fanout', callback, name + '_'))


class Incoming(amqpdriver.AMQPIncomingMessage):
    """A call that waits for its answer."""

    def reply(self, reply: object = None, failure: object = None) -> None:
        """Answer; a caller whose queue stays away is gone.

        The stock one counts from when the answer was ready. One that has
        waited for the broker is sent at once when it is back, mostly before
        the caller's queue is: the caller was taken for gone then, and what he
        asked next got no answer either.
        """
        gone, driver = self._obsolete_reply_queues, self.listener.driver
        patience = driver.missing_destination_retry_timeout
        missing_since = None
        while self.orig_msg_id and gone.reply_q_valid(self.reply_q,
                                                      self.msg_id):
            try:
                with driver._get_connection(common.PURPOSE_SEND) as conn:
                    self._send_reply(conn, reply, failure)
                return
            except (oslo_messaging.MessageUndeliverable,
                    amqp.AMQPDestinationNotFound):
                now = time.monotonic()
                missing_since = missing_since or now
                if now - missing_since >= patience:
                    gone.add(self.reply_q, self.msg_id)
            time.sleep(_PAUSE)


class Listener(amqpdriver.RpcAMQPListener):
    message_cls = Incoming


class Driver(impl_rabbit.RabbitDriver):
    """The driver of `rabbit://` for calls."""

    def __init__(self, *args: typing.Any, **kwargs: typing.Any) -> None:
        super().__init__(*args, **kwargs)
        self._connection_pool.connection_cls = Connection

    def _get_reply_q(self) -> typing.Any:
        name = super()._get_reply_q()
        waiter, conn = self._waiter, self._reply_q_conn
        if waiter is None or conn is None:      # closed meanwhile
            return name
        waiter.waiters._wrn_threshold = _MANY_ANSWERS
        answers = conn.answers
        return name if answers is None else answers.queue_name

    def listen(self, target: typing.Any, batch_size: int,
               batch_timeout: float | None) -> typing.Any:
        """Read from the queue of the topic, and what goes to all if the
        target says `fanout`.

        :raises DeclaredOtherwise, Refused: it would never work
        """
        try:
            conn = self._get_connection(common.PURPOSE_LISTEN)
        except (amqp_exceptions.AccessRefused,
                amqp_exceptions.NotAllowed) as error:
            raise Refused(error.reply_text)
        listener = Listener(self, conn)
        conn.declare_topic_consumer(
            exchange_name=self._get_exchange(target), topic=target.topic,
            callback=listener)
        if target.fanout:
            conn.declare_fanout_consumer(target.topic, listener)
        return base.PollStyleListenerAdapter(listener, batch_size,
                                             batch_timeout)
