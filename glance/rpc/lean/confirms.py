"""Messages that count as sent when the broker says that it has them."""

import threading

from oslo_messaging import exceptions

from glance.rpc.lean import connection
from glance.rpc.lean import waiting


class Confirms:
    """Those of one connection at a time, sent on its channel for them.

    :param waiters: also learn what comes back undelivered, by its id
    """

    def __init__(self, waiters: waiting.Waiters) -> None:
        self._waiters = waiters
        # The numbers of messages are those of their order on the wire.
        self._order = threading.Lock()
        self._over: connection.Connection | None = None
        self._number = 0
        self._unsettled: dict[int, waiting.Waiter] = {}

    def send(self, over: connection.Connection, message_id: str,
             frames: bytes, seconds: float) -> None:
        """:param seconds: for which the broker may think
        :raises Lost: whether the broker has the message is not known
        :raises MessageUndeliverable: nobody listens
        :raises MessageDeliveryFailure: the broker does not want it
        """
        waiter = self._waiters.add(message_id)
        try:
            with self._order:
                self._count(over, waiter)
                over.write(frames)
            waiter.wait(seconds)
        except TimeoutError:
            raise exceptions.MessageDeliveryFailure(
                'The broker has not taken a message within %.1f s' % seconds)
        finally:
            self._waiters.remove(message_id)

    def _count(self, over: connection.Connection,
               waiter: waiting.Waiter) -> None:
        if over is not self._over:
            # Who comes late with the one of before would begin it anew.
            if not over.is_open():
                raise connection.Lost('lost before it was used')
            self._over, self._number = over, 0
            self._unsettled.clear()
        self._number += 1
        self._unsettled[self._number] = waiter

    def settle(self, number: int, and_before: bool, taken: bool) -> None:
        """The broker says what becomes of a message, or of all up to it."""
        numbers = [number]
        if and_before:
            numbers = [one for one in list(self._unsettled) if one <= number]
        outcome = None if taken else exceptions.MessageDeliveryFailure(
            'The broker does not take a message')
        for one in numbers:
            waiter = self._unsettled.pop(one, None)
            if waiter is not None:
                waiter.give(outcome)
