"""A lease: renewed beside the work it is for, which stops without it."""

import threading
import time

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions

LOG = log.getLogger(__name__)

_FINAL = (exceptions.LeaseLost, exceptions.Gone, exceptions.LimitExceeded)


class Lease:
    """A context manager: inside of it the lease is kept.

    :param name: of what it is for, in the log
    :param seconds: its length
    :param renew: asks for more time, and says so by `renewed`
    :param interval: seconds between two calls of `renew`
    """

    def __init__(self, name, seconds, renew, interval=None):
        self._name, self._seconds, self._renew = name, seconds, renew
        self._interval = interval or seconds / 3
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._lost = self._task = None
        self.renewed(time.monotonic())

    def __enter__(self):
        self._task = concurrency.spawn(self._keep)
        return self

    def __exit__(self, *exc_info):
        self._ended.set()

    def end(self):
        """No renewal is on its way any more, and none follows."""
        self._ended.set()
        with self._lock:
            pass

    def renewed(self, asked):
        """:param asked: when, by the monotonic clock"""
        self._began = asked

    def age(self):
        """:returns: seconds since the last renewal was asked for"""
        return time.monotonic() - self._began

    def lost(self):
        """Any thread may ask.

        :returns: the error with which the work has to stop, else None
        """
        return self._lost

    def do(self, fn, *args, **kwargs):
        """Do what must not come after a successor: remove data whose name
        others may use again.

        To be called in the thread that does it, right before.

        :returns: what `fn` returns
        :raises LeaseLost: somebody else may have it by now
        """
        error = self._lost
        if error is None and self.age() > self._seconds:
            error = exceptions.LeaseLost()
        if error is not None:
            raise error
        return fn(*args, **kwargs)

    def _keep(self):
        while self._lost is None and not self._ended.wait(self._interval):
            with self._lock:
                if not self._ended.is_set():
                    self.renew()

    def renew(self):
        """Renew it now."""
        try:
            self._renew()
        except _FINAL as error:
            self._lost = error
        except Exception as error:
            self._report(error)
            # Who cannot renew stops before somebody else takes over.
            if self.age() > self._seconds:
                self._lost = exceptions.LeaseLost()

    def _report(self, error):
        if isinstance(error, exceptions.GlanceError):
            LOG.warning('The lease of %s was not renewed: %s', self._name,
                        error)
        else:
            LOG.exception('The lease of %s was not renewed', self._name)
