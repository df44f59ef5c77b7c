"""Counting calls over the bus: how many, how they end, how long they take."""

import time

from glance.common import exceptions

OK = 'ok'


class Call:
    """A context around a call, at either end of it.

    :param counted: counter by service, method and outcome
    :param timed: histogram by service and method
    """

    __slots__ = ('_counted', '_timed', '_labels', '_begin', 'outcome')

    def __init__(self, counted, timed, service, method):
        self._counted, self._timed = counted, timed
        self._labels = (service, method)
        self.outcome = OK

    def __enter__(self):
        self._begin = time.monotonic()
        return self

    def __exit__(self, kind, error, traceback):
        if error is not None:
            self.outcome = outcome(error)
        self._counted.labels(*self._labels, self.outcome).inc()
        self._timed.labels(*self._labels).observe(
            time.monotonic() - self._begin)


def outcome(error):
    """:returns: how a call that raises this has ended"""
    if isinstance(error, exceptions.ServiceUnavailable):
        return 'unavailable'
    if isinstance(error, exceptions.GlanceError) and error.status < 500:
        return 'refused'
    return 'failed'
