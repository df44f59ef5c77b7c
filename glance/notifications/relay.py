"""The relay: outbox -> notification bus, in order, at least once.

One registry of the cluster relays at a time, under a lease. A message is
removed from the outbox only after the bus has taken it; when the bus is away
the relay waits, and nothing is lost or overtaken. A reader may see a message
twice, with the same message_id.
"""

from collections.abc import Callable, Sequence
import json
import os
import socket
import threading
import time
import typing
import uuid

from oslo_log import log
import sqlalchemy as sa

from glance.common import concurrency
from glance.conf import CONF
from glance.db.connect import engine
from glance.db.durable import leases
from glance.db.durable import outbox
from glance.metrics import counters
from glance.notifications import bus

LOG = log.getLogger(__name__)

DUTY = 'notification-relay'


class Relay:
    """A background loop; it does nothing while no driver is configured.

    :param in_database: calls a function where the database may be used
    """

    def __init__(self, in_database: Callable[..., typing.Any]) -> None:
        self._in_database = in_database
        # Containers may share the name of their host, and their process ids.
        self._holder = '%s:%d:%s' % (socket.gethostname(), os.getpid(),
                                     uuid.uuid4().hex)
        self._stopping = threading.Event()
        self._task: typing.Any = None
        self._bus: bus.Bus | None = None
        self._held: object = None

    def start(self) -> None:
        self._task = concurrency.spawn(self._run)

    def stop(self) -> None:
        """End in order: what is being sent is finished, the duty given up."""
        self._stopping.set()
        if self._task is not None:
            self._task.wait()

    def _run(self) -> None:
        pause = CONF.relay.poll_interval
        while not self._stopping.wait(pause):
            try:
                while self._relay_batch() and not self._stopping.is_set():
                    pass
                pause = CONF.relay.poll_interval
            except Exception as error:
                # Whatever it was, the rows are still there.
                LOG.warning('Notifications wait, the relay tries again: %s',
                            error)
                pause = min(max(pause, 0.25) * 2,
                            CONF.relay.retry_interval_max)
        try:
            self._in_database(self._give_up)
        except Exception as error:
            LOG.warning('The relay lease has to run out: %s', error)

    def _relay_batch(self) -> bool:
        """:returns: whether there may be more at once"""
        rows = self._in_database(self._take)
        sent, until = [], time.monotonic() + CONF.relay.lease / 2
        try:
            for row in rows:
                if time.monotonic() > until:
                    break
                self._send(row)
                sent.append(row.seq)
        finally:
            if sent:
                self._in_database(self._remove, sent)
        return bool(rows)

    def _send(self, row: sa.Row[typing.Any]) -> None:
        try:
            payload = json.loads(row.payload)
        except (ValueError, RecursionError):
            # Nobody can ever send it, and all others wait behind it.
            LOG.error('The payload of event %(seq)d, %(type)s, is not valid: '
                      'it is not sent', {'seq': row.seq,
                                         'type': row.event_type})
            return
        if self._bus is None:
            self._bus = bus.Bus()
        self._bus.send(row.message_id, row.event_type, row.priority, payload,
                       row.created_ms)
        counters.EVENTS_SENT.labels(row.event_type).inc()

    @engine.retry_on_conflict
    def _take(self) -> Sequence[sa.Row[typing.Any]]:
        """The oldest events, if this process holds the duty."""
        with engine.writer() as conn:
            held, self._held = self._held, leases.hold(
                conn, DUTY, self._holder, CONF.relay.lease)
            if self._held == leases.FOUND and not held:
                counters.WORK_TAKEN_OVER.labels(DUTY).inc()
            return (outbox.head(conn, CONF.relay.batch_size) if self._held
                    else [])

    @engine.retry_on_conflict
    def _remove(self, seqs: Sequence[int]) -> None:
        with engine.writer() as conn:
            outbox.remove(conn, seqs)

    @engine.retry_on_conflict
    def _give_up(self) -> None:
        with engine.writer() as conn:
            leases.give_up(conn, DUTY, self._holder)
