"""The client's end: what is sent, and the answers to it.

Calls are not confirmed by the broker. Who gets no answer, because the message
was lost or anything else, asks again when half of its time is over, and is
told at once when the connection breaks. Casts are confirmed.
"""

import logging
import threading
import time
import typing
import uuid

import amqp
import oslo_messaging

from glance.rpc.lean import confirms
from glance.rpc.lean import connection
from glance.rpc.lean import frames
from glance.rpc.lean import keeper
from glance.rpc.lean import queues
from glance.rpc.lean import texts
from glance.rpc.lean import waiting

LOG = logging.getLogger(__name__)


class Address(typing.NamedTuple):
    """Where a message goes, and what has to be there for it.

    :param kind: of the exchange
    """

    exchange: str
    key: str
    kind: str
    durable: bool
    auto_delete: bool


class Publisher:
    """:param url: oslo.messaging's TransportURL
    :param options: those of [oslo_messaging_rabbit]
    """

    def __init__(self, url: typing.Any, options: typing.Any) -> None:
        self._options = options
        self._waiters = waiting.Waiters()
        self._confirms = confirms.Confirms(self._waiters)
        # For servers with the stock driver.
        self.queue = 'reply_' + uuid.uuid4().hex
        self._keeper = keeper.Keeper(url, options, self._prepare, self)
        self._starting = threading.Lock()
        self._started = False

    def _get(self, seconds: float) -> connection.Connection:
        if not self._started:
            with self._starting:
                if not self._started:
                    self._keeper.start()
                self._started = True
        return self._keeper.get(seconds)

    def close(self) -> None:
        self._keeper.close()

    def call(self, address: Address, message: texts.Message,
             ctxt: texts.Message, timeout: float,
             mandatory: bool) -> texts.Message:
        """:param timeout: seconds for all of it
        :returns: the answer, as the server has sent it
        :raises Lost: it did not come, or is lost with the connection
        :raises MessagingTimeout, MessageUndeliverable:
        """
        deadline = time.monotonic() + timeout
        over = self._get(timeout)
        message_id = uuid.uuid4().hex
        body = texts.request(message, ctxt, message_id, _msg_id=message_id,
                             _reply_q=self.queue)
        waiter = self._waiters.add(message_id)
        try:
            over.write(_declaring(over, address) + frames.message(
                queues.CALLS, address.exchange, address.key, body,
                over.frame_max, message_id, mandatory,
                reply_to=queues.DIRECT, expires=timeout))
            _note_declared(over, address)
            answer: texts.Message = waiter.wait(deadline - time.monotonic())
            return answer
        except TimeoutError:
            raise oslo_messaging.MessagingTimeout(
                'No reply within %s seconds' % timeout)
        finally:
            self._waiters.remove(message_id)

    def cast(self, address: Address, message: texts.Message,
             ctxt: texts.Message, mandatory: bool) -> None:
        """Send; returns when the broker has it.

        :raises Lost, MessageUndeliverable, MessageDeliveryFailure:
        """
        patience = self._options.heartbeat_timeout_threshold or 60
        over = self._get(patience)
        message_id = uuid.uuid4().hex
        body = texts.request(message, ctxt, message_id)
        self._confirms.send(over, message_id, _declaring(
            over, address, queues.CASTS) + frames.message(
                queues.CASTS, address.exchange, address.key, body,
                over.frame_max, message_id, mandatory,
                frames.PERSISTENT), patience)
        _note_declared(over, address)

    def _prepare(self, opened: amqp.Connection) -> list[frames.Content]:
        early: list[frames.Content] = []
        # First, as the channel ends when it is refused.
        self.queue = queues.declare_own(opened, self._options, self.queue)
        # Before anything can come.
        opened.channel(queues.CASTS).confirm_select()
        for queue in queues.DIRECT, self.queue:
            queues.consume(opened, self._options, queue, early, True)
        return early

    def take(self, content: frames.Content) -> None:
        if content.kind == frames.RETURN:
            self._waiters.give(content.message_id, waiting.undeliverable())
            return
        try:
            answer = texts.read(content.body)
            message_id = content.message_id or answer['_msg_id']
        except (ValueError, KeyError) as error:
            LOG.warning('An answer that cannot be read: %s', error)
            return
        if answer.get('ending') and not self._waiters.give(message_id,
                                                           answer):
            # It may have been sent twice.
            LOG.debug('Nobody waits any more for the answer %s', message_id)

    def settle(self, number: int, and_before: bool, taken: bool) -> None:
        self._confirms.settle(number, and_before, taken)

    def rest(self, connection: connection.Connection) -> None:
        """Answers are not acknowledged."""

    def block(self) -> None:
        self._waiters.give_all(connection.Blocked(
            'the broker takes no messages'))

    def lose(self, reason: Exception) -> None:
        self._waiters.give_all(reason)

    def go_on(self, connection: connection.Connection) -> None:
        """Who waited was told already."""


def _declaring(over: connection.Connection, address: Address,
               channel: int = queues.CALLS) -> bytes:
    """The frames that declare the exchange, where that is due."""
    if address.exchange in over.declared:
        return b''
    return frames.declare_exchange(
        channel, address.exchange, address.kind, address.durable,
        address.auto_delete)


def _note_declared(over: connection.Connection, address: Address) -> None:
    """Once it is written, as others would count on it."""
    # That to all goes with the last of those who listen.
    if address.kind != 'fanout':
        over.declared.add(address.exchange)
