"""A registry or conductor that the API runs because nobody else does.

Deployment tools know of one program. Where they name a bus to it, there is
nobody at the other end.
"""

import logging
import threading
import time

from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance import conf
from glance.conf import database
from glance.rpc import client
from glance.rpc import transport

LOG = logging.getLogger(__name__)

_LOOK_EVERY = 0.5       # seconds


class Embedded:
    """Waits for the service, beside who starts it, and runs it if need be.

    :param service: 'registry' or 'conductor'
    :param make: makes the part to run
    """

    def __init__(self, service, make):
        self._service, self._make = service, make
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._part = None

    def start(self):
        database.register_opts(conf.CONF)
        if conf.CONF.database.connection:
            concurrency.spawn(self._run)

    def _run(self):
        context.log_as(context.internal())
        if not self._is_missing():
            return
        LOG.warning('No %s is heard on the bus, so this process runs one; '
                    'see [%s] embed', self._service, self._service)
        try:
            with self._lock:
                if not self._stopping.is_set():
                    self._part = self._make()
                    self._part.start()
        except Exception:
            LOG.exception('The %s cannot run here', self._service)
            self._part = None

    def _is_missing(self):
        """Whether the broker is there, and the service is not."""
        caller = client.Client(self._service, None, '1.0')
        try:
            return self._hears_nobody(caller)
        finally:
            caller.close()

    def _hears_nobody(self, caller):
        silent_since = None
        while not self._stopping.is_set():
            try:
                caller.call(context.internal(), 'bus', 'ping')
                return False
            except exceptions.ServiceUnavailable:
                pass
            now = time.monotonic()
            if not transport.broker_listens(self._service):
                silent_since = None
            elif silent_since is None:
                silent_since = now
            elif now - silent_since >= conf.CONF[self._service].embed_after:
                return True
            self._stopping.wait(_LOOK_EVERY)
        return False

    def stop(self, timeout):
        self._stopping.set()
        with self._lock:
            if self._part is not None:
                self._part.stop(timeout)
