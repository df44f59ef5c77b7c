"""The server's end: what is read from a topic, and the answers to it.

A message is acknowledged before the work on it begins, as all that has come
at a time is at once.
"""

import logging
import threading
import typing
import uuid

import amqp
from oslo_messaging._drivers import amqp as their_amqp
from oslo_messaging._drivers import base
from oslo_messaging._drivers import common

from glance.rpc.lean import confirms
from glance.rpc.lean import connection
from glance.rpc.lean import frames
from glance.rpc.lean import incoming
from glance.rpc.lean import keeper
from glance.rpc.lean import queues
from glance.rpc.lean import texts
from glance.rpc.lean import waiting

LOG = logging.getLogger(__name__)

# seconds the broker may need to send no more messages
_CANCEL_WITHIN = 5


class Listener(base.Listener):
    """:param fanout: whether it gets what goes to all servers of the topic
    """

    def __init__(self, url: typing.Any, options: typing.Any, exchange: str,
                 topic: str, fanout: bool) -> None:
        super().__init__(1, None)
        self._options, self._exchange = options, exchange
        self._topic = topic
        self._own = '%s_%s' % (queues.fanout_exchange(topic),
                               uuid.uuid4().hex) if fanout else None
        self._waiters = waiting.Waiters()
        self._confirms = confirms.Confirms(self._waiters)
        self._seen = their_amqp._MsgIdCache()
        # what has come and is not acknowledged yet
        self._tag = 0
        self._come: list[incoming.Incoming] = []
        self._ready = threading.Event()
        self._stopped = False
        self._keeper = keeper.Keeper(url, options, self._prepare, self)

    def connect(self) -> None:
        """Returns when the broker has the queues, which may take long.

        :raises DeclaredOtherwise, Refused: it would never work
        """
        self._keeper.start()
        try:
            self._keeper.first()
        except Exception:
            self._keeper.close()
            raise

    def start(self, on_incoming_callback: typing.Callable[
            [list[incoming.Incoming]], object]) -> None:
        super().start(on_incoming_callback)
        self._ready.set()

    def stop(self) -> None:
        """Returns when no more messages come; answers can be sent still."""
        self._stopped = True
        self._ready.set()
        try:
            over = self._keeper.get(0)
        except connection.Lost:
            over = None
        if over is not None:
            for queue in filter(None, (self._topic, self._own)):
                over.cancel(queues.CALLS, queue, _CANCEL_WITHIN)
        super().stop()

    def cleanup(self) -> None:
        self._keeper.close()

    def _prepare(self, opened: amqp.Connection) -> list[frames.Content]:
        early: list[frames.Content] = []
        queues.declare_topic(opened, self._options, self._exchange,
                             self._topic)
        if self._own:
            self._own = queues.declare_fanout(opened, self._options,
                                              self._topic, self._own)
        opened.channel(queues.CASTS).confirm_select()
        if self._stopped:
            return early
        if self._options.rabbit_qos_prefetch_count > 0:
            opened.channel(queues.CALLS).basic_qos(
                0, self._options.rabbit_qos_prefetch_count, False)
        for queue in filter(None, (self._topic, self._own)):
            queues.consume(opened, self._options, queue, early, False)
        return early

    def take(self, content: frames.Content) -> None:
        if content.kind == frames.RETURN:
            self._waiters.give(content.message_id, waiting.undeliverable())
            return
        self._tag = content.tag()
        try:
            ctxt, message = texts.split(texts.read(content.body))
            unique_id = self._seen.check_duplicate_message(message)
            self._seen.add(unique_id)
            self._come.append(incoming.Incoming(self, ctxt, message,
                                                content.reply_to))
        except common.DuplicateMessageError as error:
            LOG.warning('Ignored: %s', error)
        except Exception:
            LOG.exception('A message that cannot be read is ignored')

    def rest(self, connection: connection.Connection) -> None:
        if not self._tag:
            return
        self._ready.wait()
        tag, come, self._tag, self._come = self._tag, self._come, 0, []
        callback = self.on_incoming_callback
        if callback is None:
            return
        # Otherwise they come again, here or elsewhere.
        connection.write(frames.ack(queues.CALLS, tag))
        for one in come:
            callback([one])

    def settle(self, number: int, and_before: bool, taken: bool) -> None:
        self._confirms.settle(number, and_before, taken)

    def block(self) -> None:
        self._waiters.give_all(connection.Blocked(
            'the broker takes no messages'))

    def lose(self, reason: Exception) -> None:
        self._tag, self._come = 0, []
        self._waiters.give_all(reason)

    def patience(self) -> float:
        seconds: float = self._options.kombu_missing_consumer_retry_timeout
        return seconds

    def answer_directly(self, address: str, msg_id: str,
                        body: bytes) -> None:
        over = self._keeper.get(self.patience(), patiently=True)
        over.write(frames.message(queues.CALLS, '', address, body,
                                  over.frame_max, msg_id))

    def answer_in_queue(self, queue: str, body: bytes) -> None:
        over = self._keeper.get(self.patience(), patiently=True)
        message_id = uuid.uuid4().hex
        self._confirms.send(over, message_id, frames.message(
            queues.CASTS, '', queue, body, over.frame_max, message_id,
            mandatory=True), self.patience())
