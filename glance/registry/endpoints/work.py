"""Work: units of durable work for the conductors."""

import time

import oslo_messaging

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
from glance.objects import states
from glance.registry import transactions


CLEAN_UP_EVERY = 60     # seconds


class WorkEndpoint:
    """See `glance.registry.rpcapi.Work` for arguments and answers."""

    target = oslo_messaging.Target(namespace='work', version='1.8')

    def __init__(self):
        self._last_clean_up = 0

    @transactions.write
    def claim(self, conn, ctxt, worker, limit, host=None, left_out=()):
        # Conductors look for work all the time, in every kind of set-up.
        if self._last_clean_up + CLEAN_UP_EVERY < time.monotonic():
            calls.forget(conn, CONF.work.answers_kept)
            self._last_clean_up = time.monotonic()
        return work.claim(conn, worker, CONF.work.lease, limit, host,
                          CONF.work.host_patience, left_out)

    @transactions.write
    def advance(self, conn, ctxt, work_id, attempt, progress, host=None,
                held=None, limits=None):
        more = dict(held or {}, **({'host': host} if host else {}))
        answer = work.advance(conn, work_id, attempt, CONF.work.lease,
                              progress=progress, **more)
        if held:
            quotas.check(conn, work.get(conn, work_id)['project_id'], limits,
                         image_size_total=0, image_stage_total=0)
        if tasks.begin(conn, work_id):
            outbox.write(conn, events.of_task('task.processing',
                                              tasks.get(conn, work_id)))
        return answer

    @transactions.write
    def finish(self, conn, ctxt, work_id, attempt):
        work.finish(conn, work_id, attempt)

    @transactions.write
    def hand_back(self, conn, ctxt, work_id, attempt, progress, reason,
                  seconds):
        work.release(conn, work_id, attempt, reason, seconds,
                     progress=progress)

    @transactions.write
    def renew(self, conn, ctxt, work_id, attempt):
        work.renew(conn, work_id, attempt, CONF.work.lease)

    @transactions.read_newest
    def kept(self, conn, ctxt, work_id, attempt, image_id):
        # In this order: what a claim records comes before its end.
        is_held = work.is_held(conn, work_id, attempt)
        return {'is_held': is_held,
                'names': deletions.kept(conn, work_id, image_id)}

    @transactions.write
    def put_back(self, conn, ctxt, work_id, attempt, reason):
        work.release(conn, work_id, attempt, reason, pauses.after(attempt))

    @transactions.write
    def data_deleted(self, conn, ctxt, work_id, attempt, image_id):
        image_writes.lock(conn, image_id)
        work.finish(conn, work_id, attempt)
        if not work.exists(conn, 'delete_data', image_id):
            image_writes.end_delayed_delete(conn, image_id,
                                            states.PENDING_DELETE,
                                            states.DELETED)
