"""A store that does not answer is left alone for some seconds at a time.

Finding out that it is away may take minutes, and each request would wait for
that anew. What fails may be the fault of one user or of one image as well, so
the store is asked for a sign of life before anybody is refused.
"""

from collections.abc import Callable, Iterator
import contextlib
import math
import time

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions

LOG = log.getLogger(__name__)

ENOUGH = 3      # failures in a row
WITHIN = 300    # seconds from one to the next
PAUSE = 5       # seconds until the store is asked again


class Breaker:
    """What is known of one store in this process; for all its threads.

    :param store_id: for the log
    :param check: looks within seconds whether the store can be used, and
        raises StoreUnavailable when it can not
    """

    def __init__(self, store_id: str, check: Callable[[], object]) -> None:
        self._id, self._check = store_id, check
        self._lock = concurrency.native.threading.Lock()
        self._failures, self._last = 0, -math.inf
        # When it may be asked again; None while it is not known to be away.
        self._until: float | None = None

    @property
    def is_open(self) -> bool:
        return self._until is not None

    def demand(self) -> None:
        """Refuse at once, or find out whether the store is back; may block.

        :raises StoreUnavailable: it is not
        """
        with self._lock:
            if self._until is None:
                return
            left = self._until - time.monotonic()
            if left <= 0:
                # One at a time tries.
                self._until = time.monotonic() + PAUSE
        if left > 0:
            raise exceptions.StoreUnavailable(retry_after=math.ceil(left))
        self._try()

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Demand the store, and note how it does what is asked; may block.

        :raises StoreUnavailable: it is known to be away, or has failed now
        """
        self.demand()
        try:
            yield
        except exceptions.StoreUnavailable:
            if self._is_enough():
                with contextlib.suppress(exceptions.StoreUnavailable):
                    self._try()
            raise
        self._failures = 0

    def _is_enough(self) -> bool:
        """:returns: whether so much has failed that the store is suspicious
        """
        with self._lock:
            now = time.monotonic()
            if now > self._last + WITHIN:
                self._failures = 0
            self._failures, self._last = self._failures + 1, now
            if self._failures < ENOUGH or self.is_open:
                return False
            self._failures = 0
            return True

    def _try(self) -> None:
        was_open = self.is_open
        try:
            self._check()
        except exceptions.StoreUnavailable:
            self._until = time.monotonic() + PAUSE
            if not was_open:
                LOG.warning('Store %s does not answer; until it does, it is '
                            'asked every %d seconds only', self._id, PAUSE)
            raise
        self._until = None
        if was_open:
            LOG.warning('Store %s answers again', self._id)
