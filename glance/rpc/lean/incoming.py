"""A message at the server, which answers it."""

from collections.abc import Callable
import logging
import time
import typing
import uuid

import oslo_messaging
from oslo_messaging._drivers import base

from glance.rpc.lean import connection
from glance.rpc.lean import texts

LOG = logging.getLogger(__name__)

_PAUSE = 0.25       # seconds


class Answering(typing.Protocol):
    """Who sends answers."""

    def answer_directly(self, address: str, msg_id: str,
                        body: bytes) -> None:
        """To a caller with our driver; if that is gone it is dropped.

        :raises Lost:
        """

    def answer_in_queue(self, queue: str, body: bytes) -> None:
        """To a caller with the stock driver.

        :raises Lost, MessageUndeliverable, MessageDeliveryFailure:
        """

    def patience(self) -> float:
        """:returns: seconds for which a caller may be missing"""


class Incoming(base.RpcIncomingMessage):
    """:param message: without its context
    :param reply_to: where the broker takes an answer for the caller, if any
    :param begin: tells the broker that the work on it begins
    """

    def __init__(self, answering: Answering, ctxt: texts.Message,
                 message: texts.Message, reply_to: str,
                 begin: Callable[[], None]) -> None:
        self._caller_waits_for = message.pop('_msg_id', None)
        self._queue = message.pop('_reply_q', None)
        monitored = message.pop('_timeout', None)
        super().__init__(ctxt, message, self._caller_waits_for)
        self.client_timeout = monitored
        self._answering, self._reply_to = answering, reply_to
        self._begin = begin

    def acknowledge(self) -> None:
        """:raises Lost: it comes again, here or elsewhere"""
        self._begin()

    def reply(self, reply: typing.Any = None,
              failure: typing.Any = None) -> None:
        self._reply(texts.answer, reply, failure)

    def heartbeat(self) -> None:
        self._reply(texts.answer, None, None, False)

    def requeue(self) -> None:
        """Nobody asks for that."""

    def _reply(self, make: typing.Any, *args: typing.Any) -> None:
        if not self._caller_waits_for:
            return
        body = make(self._caller_waits_for, uuid.uuid4().hex, *args)
        deadline = time.monotonic() + self._answering.patience()
        while True:
            try:
                self._send(body)
                return
            except (connection.Lost, oslo_messaging.MessageUndeliverable,
                    oslo_messaging.MessageDeliveryFailure) as error:
                if time.monotonic() > deadline:
                    LOG.warning('The answer to %s is dropped: %s',
                                self._caller_waits_for, error)
                    return
            time.sleep(_PAUSE)

    def _send(self, body: bytes) -> None:
        if self._reply_to:
            self._answering.answer_directly(
                self._reply_to, self._caller_waits_for, body)
        elif self._queue:
            self._answering.answer_in_queue(self._queue, body)
