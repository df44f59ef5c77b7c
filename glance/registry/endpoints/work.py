"""Work: units of durable work for the conductors."""

from collections.abc import Sequence
import time

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.common import pauses
from glance.conf import CONF
from glance.db.durable import calls
from glance.db.durable import tasks
from glance.db.durable import work
from glance.db.images import deletions
from glance.db.images import image_writes
from glance.db.images import quotas
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import quota
from glance.objects import states
from glance.objects import upload
from glance.objects import work as work_types
from glance.registry import transactions


CLEAN_UP_EVERY = 60     # seconds


class WorkEndpoint:
    """See `glance.registry.rpcapi.Work` for arguments and answers."""

    target = oslo_messaging.Target(namespace='work', version='1.8')

    def __init__(self) -> None:
        self._last_clean_up = 0.0

    @transactions.write
    def claim(self, conn: sa.Connection, ctxt: context.BusContext, worker: str,
              limit: int, host: str | None = None,
              left_out: Sequence[str] = ()) -> Sequence[work_types.Unit]:
        # Conductors look for work all the time, in every kind of set-up.
        if self._last_clean_up + CLEAN_UP_EVERY < time.monotonic():
            calls.forget(conn, CONF.work.answers_kept)
            self._last_clean_up = time.monotonic()
        return work.claim(conn, worker, CONF.work.lease, limit, host,
                          CONF.work.host_patience, left_out)

    @transactions.write
    def advance(self, conn: sa.Connection, ctxt: context.BusContext,
                work_id: str, attempt: int, progress: work_types.Progress,
                host: str | None = None, held: quota.Held | None = None,
                limits: quota.Limits | None = None) -> work_types.Advanced:
        more = dict(held or {}, **({'host': host} if host else {}))
        answer = work.advance(conn, work_id, attempt, CONF.work.lease,
                              progress=progress, **more)
        if held:
            quotas.check(conn, work.project_of(conn, work_id), limits,
                         image_size_total=0, image_stage_total=0)
        if tasks.begin(conn, work_id):
            outbox.write(conn, events.of_task('task.processing',
                                              tasks.get(conn, work_id)))
        return answer

    @transactions.write
    def finish(self, conn: sa.Connection, ctxt: context.BusContext,
               work_id: str, attempt: int) -> None:
        work.finish(conn, work_id, attempt)

    @transactions.write
    def hand_back(self, conn: sa.Connection, ctxt: context.BusContext,
                  work_id: str, attempt: int,
                  progress: work_types.Progress | upload.Left, reason: str,
                  seconds: float) -> None:
        work.release(conn, work_id, attempt, reason, seconds,
                     progress=progress)

    @transactions.write
    def renew(self, conn: sa.Connection, ctxt: context.BusContext,
              work_id: str, attempt: int) -> None:
        work.renew(conn, work_id, attempt, CONF.work.lease)

    @transactions.read_newest
    def kept(self, conn: sa.Connection, ctxt: context.BusContext, work_id: str,
             attempt: int, image_id: str | None) -> work_types.Kept:
        # In this order: what a claim records comes before its end.
        is_held = work.is_held(conn, work_id, attempt)
        return {'is_held': is_held,
                'names': deletions.kept(conn, work_id, image_id)}

    @transactions.write
    def put_back(self, conn: sa.Connection, ctxt: context.BusContext,
                 work_id: str, attempt: int, reason: str) -> None:
        work.release(conn, work_id, attempt, reason, pauses.after(attempt))

    @transactions.write
    def data_deleted(self, conn: sa.Connection, ctxt: context.BusContext,
                     work_id: str, attempt: int, image_id: str) -> None:
        image_writes.lock(conn, image_id)
        work.finish(conn, work_id, attempt)
        if not work.exists(conn, 'delete_data', image_id):
            image_writes.end_delayed_delete(conn, image_id,
                                            states.PENDING_DELETE,
                                            states.DELETED)
