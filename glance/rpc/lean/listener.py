"""The server's end: what is read from a topic, and the answers to it.

A message is acknowledged when the work on it begins. What waits for that still
comes to another server if this one ends, and counts for
`rabbit_qos_prefetch_count`.
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
from glance.rpc.lean import recent
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
        self._recent = recent.Recent()
        # what has come and is not handed on yet
        self._come: list[frames.Content] = []
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
        self._come.append(content)

    def rest(self, connection: connection.Connection) -> None:
        if not self._come:
            return
        self._ready.wait()
        come, self._come = self._come, []
        callback = self.on_incoming_callback
        if callback is None:
            # They come again, here or elsewhere.
            return
        for content in come:
            message = self._understood(connection, content)
            if message is not None:
                callback([message])

    def _understood(self, over: connection.Connection,
                    content: frames.Content) -> incoming.Incoming | None:
        try:
            ctxt, message = texts.split(texts.read(content.body))
            unique_id = self._seen.check_duplicate_message(message)
            return incoming.Incoming(
                self, ctxt, message, content.reply_to,
                lambda: self._begin(over, content.tag(), unique_id))
        except common.DuplicateMessageError as error:
            LOG.warning('Ignored: %s', error)
        except Exception:
            LOG.exception('A message that cannot be read is ignored')
        over.write(frames.ack(queues.CALLS, content.tag()))
        return None

    def _begin(self, over: connection.Connection, tag: int,
               unique_id: str | None) -> None:
        over.write(frames.ack(queues.CALLS, tag))
        # It may come again all the same.
        self._seen.add(unique_id)

    def settle(self, number: int, and_before: bool, taken: bool) -> None:
        self._confirms.settle(number, and_before, taken)

    def block(self) -> None:
        self._waiters.give_all(connection.Blocked(
            'the broker takes no messages'))

    def lose(self, reason: Exception) -> None:
        self._come = []
        self._waiters.give_all(reason)

    def go_on(self, connection: connection.Connection) -> None:
        for answer in self._recent.take():
            self._write(connection, answer)

    def patience(self) -> float:
        seconds: float = self._options.kombu_missing_consumer_retry_timeout
        return seconds

    def answer_directly(self, address: str, msg_id: str,
                        body: bytes) -> None:
        answer = recent.Answer(address, msg_id, body)
        over = self._keeper.get(self.patience(), patiently=True)
        self._recent.add(answer)
        self._write(over, answer)

    def _write(self, over: connection.Connection,
               answer: recent.Answer) -> None:
        over.write(frames.message(queues.CALLS, '', answer.address,
                                  answer.body, over.frame_max,
                                  answer.msg_id))

    def answer_in_queue(self, queue: str, body: bytes) -> None:
        over = self._keeper.get(self.patience(), patiently=True)
        message_id = uuid.uuid4().hex
        self._confirms.send(over, message_id, frames.message(
            queues.CASTS, '', queue, body, over.frame_max, message_id,
            mandatory=True), self.patience())
