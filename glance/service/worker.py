"""One process that serves: start the parts, wait for the end, drain."""

import logging
import os
import random
import signal

from oslo_log import log

from glance.common import concurrency
from glance import conf
from glance.metrics import exposition
from glance.rpc import transport
from glance.service import signals

LOG = log.getLogger(__name__)


def run(parts, ready=None, parent=None):
    """Serve until a signal says stop; the process then has to end.

    :param parts: makes a list of objects with `start()` and `stop(timeout)`;
                  started in this order, stopped in reverse
    :param ready: called once everything runs
    :param parent: file descriptor that becomes readable when the parent
                   process is gone
    :returns: the exit status
    """
    inbox = signals.Inbox(signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    started = []
    try:
        for part in parts():
            part.start()
            started.append(part)
        if ready is not None:
            ready()
        _wait(inbox, parent)
        return 0
    except Exception:
        LOG.exception('The process cannot serve')
        return 1
    finally:
        _stop(started)


def _wait(inbox, parent):
    watched = () if parent is None else (parent,)
    while (inbox.wait(*watched) == signal.SIGHUP
           and not signals.is_hangup_final()):
        LOG.info('Reading the configuration again')
        try:
            conf.CONF.mutate_config_files()
        except Exception:
            LOG.exception('The new configuration is not used')


def _stop(started):
    """Drain within the configured time, then leave what is left."""
    timeout = conf.CONF.graceful_shutdown_timeout or None
    waiter = concurrency.spawn(_stop_all, started, timeout)
    try:
        waiter.wait(timeout and timeout + 2)
    except TimeoutError:
        LOG.warning('Not everything ended within %d seconds', timeout)


def _stop_all(started, timeout):
    for part in reversed(started):
        try:
            part.stop(timeout)
        except Exception:
            LOG.exception('%s did not stop in order', type(part).__name__)
    transport.cleanup()


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
    log.setup(conf.CONF, 'glance')


def leave(status):
    """End now: threads that hang in a library must not keep the process."""
    logging.shutdown()
    os._exit(status)
