"""One process that serves: start the parts, wait for the end, drain."""

import logging
import os
import random
import signal

from oslo_log import log

from glance.common import concurrency
from glance import conf
from glance.conf import errors
from glance.metrics import exposition
from glance.rpc import rabbit
from glance.rpc import transport
from glance.service import reloading
from glance.service import signals

LOG = log.getLogger(__name__)

# how long what should have stopped by itself may take longer than it should;
# the supervisor kills later than that
_LEAVE_AFTER = 3
_CLOSE_WITHIN = 2


def run(parts, ready=None, parent=None):
    """Serve until a signal says stop; the process then has to end.

    :param parts: makes a list of objects with `start()` and `stop(timeout)`,
                  some with `drain(timeout)`; started in this order, stopped in
                  reverse
    :param ready: called once everything runs
    :param parent: file descriptor that becomes readable when the parent
                   process is gone
    :returns: the exit status
    """
    inbox = signals.Inbox(signal.SIGTERM, signal.SIGINT, signal.SIGHUP,
                          signals.DRAIN)
    start = _Start(parts, ready or (lambda: None))
    # Beside us, who hear a signal also while a start waits for a service.
    concurrency.spawn(start.run)
    if _wait(inbox, parent) == signals.DRAIN:
        _drain(start.done, inbox, parent)
    start.is_wanted = False
    _stop(start.done)
    return start.status


class _Start:
    """:ivar done: the parts that run, in the order of their start"""

    def __init__(self, parts, ready):
        self._parts, self._ready = parts, ready
        self.done = []
        self.is_wanted = True
        self.status = 0

    def run(self):
        try:
            for part in self._parts():
                part.start()
                self.done.append(part)
                if not self.is_wanted:
                    return
            return self._ready()
        except (rabbit.DeclaredOtherwise, rabbit.Refused) as error:
            message = str(error)
        except errors.ConfigurationError as error:
            message = ('The process cannot serve: '
                       + ' '.join(str(error).split()))
        except BaseException as error:
            return self._fail('The process cannot serve', exc_info=error)
        # Outside of the handlers, where oslo.log says it a second time.
        self._fail(message)

    def _fail(self, message, **kwargs):
        self.status = 1
        LOG.error(message, **kwargs)
        signal.raise_signal(signal.SIGTERM)


def _wait(inbox, parent):
    """:returns: the signal that ends serving, None when the parent is gone"""
    watched = () if parent is None else (parent,)
    while True:
        signum = inbox.wait(*watched)
        if signum != signal.SIGHUP or signals.is_hangup_final():
            return signum
        LOG.info('Reading the configuration again')
        reloading.mutate()


def _drain(started, inbox, parent):
    """Let transfers go on; SIGTERM, or that none are left, ends it."""
    def until_done():
        for part in reversed(started):
            if hasattr(part, 'drain'):
                part.drain(conf.CONF.transfer_drain_timeout)
        signal.raise_signal(signal.SIGTERM)

    LOG.info('Other workers serve now; what is under way may finish')
    concurrency.spawn(until_done)
    while _wait(inbox, parent) == signals.DRAIN:
        pass


def _stop(started):
    """Drain within the configured time, then leave what is left."""
    timeout = conf.CONF.graceful_shutdown_timeout or None
    waiter = concurrency.spawn(_stop_all, started, timeout)
    try:
        waiter.wait(timeout and timeout + _LEAVE_AFTER)
    except TimeoutError:
        LOG.warning('Not everything ended within %d seconds', timeout)


def _stop_all(started, timeout):
    for part in reversed(started):
        try:
            part.stop(timeout)
        except Exception:
            LOG.exception('%s did not stop in order', type(part).__name__)
    try:
        # Who connects, to a broker that is away, holds this up.
        concurrency.spawn(transport.cleanup).wait(_CLOSE_WITHIN)
    except TimeoutError:
        LOG.info('Connections to the bus are left open')


def after_fork(place):
    """Give up what a new process must not share with its parent.

    :param place: number of the worker; no other one that runs has it
    """
    exposition.take_place(place)
    random.seed()
    if concurrency.is_green():
        from eventlet import hubs
        hubs.use_hub()
    # handlers hold locks, which may be pipes that the parent has as well
    try:
        reloading.set_log_up()
    except Exception as error:
        LOG.warning('The log stays as it is: %s', error)


def leave(status):
    """End now: threads that hang in a library must not keep the process."""
    logging.shutdown()
    os._exit(status)
