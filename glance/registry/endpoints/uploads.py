"""Uploads: an image between queued and active, and who writes its data."""

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance.db.durable import work
from glance.db.images import broken_uploads
from glance.db.images import image_writes
from glance.db.images import locations
from glance.db.images import quotas
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import quota
from glance.objects import states
from glance.objects import upload
from glance.registry import readers
from glance.registry import transactions
from glance.registry import transitions


class UploadsEndpoint:
    """See `glance.registry.rpcapi.Uploads` for arguments and answers."""

    target = oslo_messaging.Target(namespace='uploads', version='1.8')

    @transactions.write
    def begin(self, conn: sa.Connection, ctxt: context.BusContext,
              image_id: str, store_id: str, is_multi: bool, size: int | None,
              limits: quota.Limits | None = None) -> upload.Begun:
        row = image_writes.lock_live(conn, image_id)
        if row.status != states.QUEUED:
            raise exceptions.Conflict(
                'Image %s has status %s: data can be uploaded to a queued '
                'image only.' % (image_id, row.status))
        left = quotas.check(conn, row.owner, limits, image_count_uploading=1,
                            image_size_total=size or 0)
        transitions.change(
            conn, image_id, states.QUEUED, states.SAVING,
            forget=row.has_locations,
            after=lambda image: [events.to_store(
                'image.prepare', image, store_id if is_multi else None)])
        upload_id = work.create(
            conn, 'upload', image_id, {'store': store_id, 'size': size},
            owner=ctxt.request_id, seconds=CONF.work.lease,
            project_id=row.owner, store_bytes=size or 0)
        return {'id': upload_id, 'attempt': 1, 'lease': CONF.work.lease,
                'room': left.get('image_size_total')}

    @transactions.write
    def renew(self, conn: sa.Connection, ctxt: context.BusContext,
              image_id: str, upload_id: str, attempt: int,
              held: quota.Held | None = None,
              limits: quota.Limits | None = None) -> None:
        row = image_writes.lock_live(conn, image_id, exceptions.Gone)
        work.renew(conn, upload_id, attempt, CONF.work.lease, **held or {})
        quotas.check(conn, row.owner, limits, image_size_total=0,
                     image_stage_total=0)

    @transactions.write
    def finish(self, conn: sa.Connection, ctxt: context.BusContext,
               image_id: str, upload_id: str, attempt: int,
               data: upload.Received,
               limits: quota.Limits | None = None) -> None:
        row = image_writes.lock_live(conn, image_id, exceptions.Gone)
        if not data['size']:
            broken_uploads.refuse_empty(conn, image_id)
        work.finish(conn, upload_id, attempt)
        quotas.check(conn, row.owner, limits, image_size_total=data['size'])
        locations.create(conn, image_id, data['url'], data['metadata'])
        readers.schedule(conn, image_id, data)
        transitions.change(
            conn, image_id, states.SAVING, states.ACTIVE,
            before=lambda image: (
                events.to_store('image.upload', image),
                events.of_image('image.activate', image)),
            size=data['size'], virtual_size=data['virtual_size'],
            checksum=data['checksum'], os_hash_algo=data['os_hash_algo'],
            os_hash_value=data['os_hash_value'])

    @transactions.write
    def fail(self, conn: sa.Connection, ctxt: context.BusContext,
             image_id: str, upload_id: str, attempt: int, reason: str,
             received: bool = True) -> None:
        row = image_writes.lock(conn, image_id)
        work.finish(conn, upload_id, attempt)
        outbox.write(conn, events.upload_failed(reason))
        if row is not None and row.status == states.SAVING:
            transitions.change(conn, image_id, states.SAVING, states.QUEUED,
                               size=None, virtual_size=None)
            if received:
                broken_uploads.note(conn, image_id)
