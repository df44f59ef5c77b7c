"""Whether a service answers, learned in the background.

oslo.messaging may wait for a broker without end, whatever timeout it is given.
Therefore every send of ours runs in a helper of its own, a caller waits for
the helper only as long as the service is known to answer, and one background
probe finds out when it answers again.
"""

from collections.abc import Callable
import logging
import threading
import time
import typing

from glance.common import concurrency
from glance.common import context

LOG = logging.getLogger(__name__)

STARTING, UP, DOWN = 'starting', 'up', 'down'

# how long a first request waits for the probe of a process that just started:
# where nobody is there it fails at once, where all is busy it takes a while
FIRST_CONTACT = 3
# how often a service that does not answer is asked again
RETRY_EVERY = 0.5
# a call as old as this makes the probe look whether the broker is still there
SUSPICIOUS_AFTER = 0.25
# and as old as this, whether the service answers anything at all
SILENT_AFTER = 10
# how long an answer to somebody else may take to be read after a failed look:
# what is busy, or this process that is, does not count as gone
BUSY = 0.2
# how long the broker may take a message, and the service answer a probe
TOUCH_WITHIN, ANSWER_WITHIN, RETURN_WITHIN = 2, 5, 2


# What a send gave, or the reason why it gave nothing.
Outcome = tuple[typing.Any, Exception | None]


class Pending:
    """A send under way: its outcome, or the news that the bus is gone.

    :param is_write: what was sent may take effect as long as it is waited for
    """

    def __init__(self, is_write: bool = False) -> None:
        self.is_write = is_write
        self.since = time.monotonic()
        self._over = threading.Event()
        self.outcome: Outcome | None = None

    def finish(self, outcome: Outcome) -> None:
        """Only the first outcome counts."""
        if not self._over.is_set():
            self.outcome = outcome
            self._over.set()

    def wait(self, timeout: float) -> Outcome | None:
        """:returns: the outcome, None when `timeout` seconds were not enough
        """
        self._over.wait(timeout)
        return self.outcome

    def was_answered(self) -> bool:
        return self.outcome is not None and self.outcome[1] is None


class Breaker:
    """The state of one service as seen from this process.

    :param name: for the log
    :param ping: asks the service; raises when there is no answer within the
                 seconds it is given
    :param touch: hands a message to the broker; raises when that fails
    :param gone: makes the exception for those who wait when the bus goes away
    """

    def __init__(self, name: str, ping: Callable[[float], object],
                 touch: Callable[[], object],
                 gone: Callable[[], Exception]) -> None:
        self._name, self._ping, self._touch = name, ping, touch
        self._gone = gone
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._known = threading.Event()
        self._stopped = False
        self._doubted = False
        self._heard = 0.0   # when the last answer came
        self._pending: set[Pending] = set()
        self.state = STARTING
        concurrency.spawn(self._watch)

    def is_up(self) -> bool:
        """Wait for the first contact only, then answer at once."""
        if self.state == STARTING:
            self._known.wait(FIRST_CONTACT)
        return self.state == UP

    def begin(self, is_write: bool = False) -> Pending:
        """:returns: what `end` has to be told of"""
        pending = Pending(is_write)
        with self._lock:
            self._pending.add(pending)
            first = len(self._pending) == 1
        if first:
            self._wake.set()
        return pending

    def end(self, pending: Pending) -> None:
        if pending.was_answered():
            self._heard = time.monotonic()
        with self._lock:
            self._pending.discard(pending)

    def count(self) -> int:
        return len(self._pending)

    def trip(self, reason: str, is_broker: bool = False) -> None:
        """The service does not answer; those who wait are told so.

        While the broker works, a service that was silent may still do what it
        was sent. Who has sent a write waits until it cannot: he would ask for
        it anew, and for something else after that.

        :param is_broker: whether it is the broker that cannot be reached
        """
        with self._lock:
            was, self.state = self.state, DOWN
            waiting = [pending for pending in self._pending
                       if is_broker or not pending.is_write]
        if was != DOWN:
            LOG.warning('The %s cannot be reached: %s', self._name, reason)
        for pending in waiting:
            pending.finish((None, self._gone()))
        self._wake.set()

    def doubt(self) -> None:
        """A call got no answer. Perhaps it only asked for too much: others
        are told nothing before the service was asked for a sign of life.
        """
        self._doubted = True
        self._wake.set()

    def stop(self) -> None:
        self._stopped = True
        self._wake.set()

    def _watch(self) -> None:
        # For all requests, not for the one that came first.
        context.log_as(context.internal())
        while not self._stopped:
            if self.state == UP:
                self._look_after_pending()
            else:
                self._try_to_reach()

    def _try_to_reach(self) -> None:
        try:
            self._ping(RETURN_WITHIN)
        except Exception as exc:
            LOG.debug('No answer from the %s yet: %s', self._name, exc)
            if self.state == STARTING:
                LOG.warning('The %s cannot be reached yet', self._name)
                self.state = DOWN
            self._known.set()
            time.sleep(RETRY_EVERY)
        else:
            LOG.info('The %s answers', self._name)
            self.state = UP
            self._known.set()

    def _look_after_pending(self) -> None:
        if not self._pending and not self._doubted:
            self._wake.wait()
        self._wake.clear()
        time.sleep(SUSPICIOUS_AFTER)
        age = SILENT_AFTER if self._doubted else self._oldest()
        self._doubted = False
        if age < SUSPICIOUS_AFTER or self.state != UP:
            return
        begun = time.monotonic()
        try:
            # in a helper, because a frozen broker holds on to its clients
            if age < SILENT_AFTER:
                concurrency.spawn(self._touch).wait(TOUCH_WITHIN)
            else:
                concurrency.spawn(self._ping, ANSWER_WITHIN).wait(
                    ANSWER_WITHIN + 1)
        except Exception as exc:
            time.sleep(BUSY)
            if self._heard < begun:
                self.trip('%s: %s' % (type(exc).__name__, exc),
                          is_broker=age < SILENT_AFTER)

    def _oldest(self) -> float:
        """:returns: seconds for which the oldest send is under way"""
        with self._lock:
            since = [pending.since for pending in self._pending]
        return time.monotonic() - min(since) if since else 0
