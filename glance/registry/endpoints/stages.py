"""Staged data: uploaded, and waiting for its import."""

from collections.abc import Sequence

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance.db.durable import stages
from glance.db.durable import work
from glance.db.images import broken_uploads
from glance.db.images import image_writes
from glance.db.images import quotas
from glance.objects import quota
from glance.objects import states
from glance.objects import upload
from glance.registry import transactions
from glance.registry import transitions


class StagesEndpoint:
    """See `glance.registry.rpcapi.stages.Stages`."""

    target = oslo_messaging.Target(namespace='stages', version='1.8')

    @transactions.write
    def begin(self, conn: sa.Connection, ctxt: context.BusContext,
              image_id: str, host: str, size: int | None,
              limits: quota.Limits | None = None) -> upload.Begun:
        row = image_writes.lock_live(conn, image_id)
        if row.status != states.QUEUED:
            raise exceptions.Conflict(
                'Image %s is %s; data can be staged for a queued image only.'
                % (image_id, row.status))
        left = quotas.check(conn, row.owner, limits, image_count_uploading=1,
                            image_stage_total=size or 0)
        transitions.change(conn, image_id, states.QUEUED, states.UPLOADING,
                           forget=row.has_locations)
        stage_id = work.create(
            conn, 'stage', image_id, {'size': size}, owner=ctxt.request_id,
            seconds=CONF.work.lease, host=host, project_id=row.owner,
            stage_bytes=size or 0)
        return {'id': stage_id, 'attempt': 1, 'lease': CONF.work.lease,
                'room': left.get('image_stage_total')}

    @transactions.write
    def finish(self, conn: sa.Connection, ctxt: context.BusContext,
               image_id: str, stage_id: str, attempt: int, data: upload.Staged,
               limits: quota.Limits | None = None) -> None:
        row = image_writes.lock_live(conn, image_id, exceptions.Gone)
        if not data['size']:
            broken_uploads.refuse_empty(conn, image_id)
        stages.keep(conn, stage_id, attempt, data)
        quotas.check(conn, row.owner, limits, image_stage_total=data['size'])
        transitions.touch(conn, image_id, size=data['size'])

    @transactions.write
    def fail(self, conn: sa.Connection, ctxt: context.BusContext,
             image_id: str, stage_id: str, attempt: int,
             received: bool = True) -> None:
        row = image_writes.lock(conn, image_id)
        work.finish(conn, stage_id, attempt)
        if row is not None and row.status == states.UPLOADING:
            transitions.change(conn, image_id, states.UPLOADING,
                               states.QUEUED, size=None, virtual_size=None)
            if received:
                broken_uploads.note(conn, image_id)

    @transactions.read_newest
    def unknown(self, conn: sa.Connection, ctxt: context.BusContext,
                image_ids: Sequence[str]) -> Sequence[str]:
        return stages.unknown(conn, image_ids)
