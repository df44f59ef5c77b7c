"""Imports: tasks that bring data into an image, store by store."""

from collections.abc import Sequence

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.common import exceptions
from glance.db.durable import tasks as task_rows
from glance.db.durable import work
from glance.db.images import image_rows
from glance.db.images import image_writes
from glance.db.images import quotas
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import image as image_types
from glance.objects import location as location_types
from glance.objects import quota
from glance.objects import states
from glance.objects import task as task_types
from glance.objects import work as work_types
from glance.registry import import_plans
from glance.registry import importing
from glance.registry import tasks
from glance.registry import transactions
from glance.registry import transitions


class ImportsEndpoint:
    """See `glance.registry.rpcapi.imports.Imports`."""

    target = oslo_messaging.Target(namespace='imports', version='1.2')

    @transactions.write
    def begin(self, conn: sa.Connection, ctxt: context.BusContext,
              image_id: str, task: task_types.NewTask,
              plan: task_types.ImportPlan,
              limits: quota.Limits | None = None) -> task_types.Task | None:
        row = image_writes.lock_live(conn, image_id)
        image = image_rows.get(conn, image_id)
        import_plans.check_status(image, plan['status'])
        import_plans.repair(conn, image, plan.get('repairs', ()))
        stores = import_plans.missing(image, plan)
        if not stores:
            return None
        importing.take_lock(conn, image, task['id'],
                            stores if plan['is_multi'] else ())
        planned = import_plans.planned(conn, image, plan, stores)
        import_plans.check_limits(conn, planned, limits)
        begun = tasks.begin(conn, task, planned)
        if plan['status'] == states.ACTIVE:
            outbox.write(conn, events.of_image(
                'image.update', image_rows.get(conn, image_id)))
        else:
            transitions.change(conn, image_id, plan['status'],
                               states.IMPORTING, forget=row.has_locations)
        return begun

    @transactions.write
    def create_image(self, conn: sa.Connection, ctxt: context.BusContext,
                     work_id: str, attempt: int, image: image_types.NewImage,
                     limits: quota.Limits | None = None) -> image_types.Record:
        work.advance(conn, work_id, attempt, None, image_id=image['id'])
        try:
            return image_rows.get(conn, image['id'])
        except exceptions.ImageNotFound:
            pass
        quotas.check(conn, image['owner'], limits, image_count_total=1,
                     image_count_uploading=1)
        image_writes.create(conn, image)
        task_rows.set_image(conn, work_id, image['id'])
        created = image_rows.get_new(conn, image['id'])
        outbox.write(conn, events.of_image('image.create', created),
                     events.status(created, None))
        importing.take_lock(conn, created, work_id, ())
        transitions.change(conn, image['id'], states.QUEUED,
                           states.IMPORTING)
        return image_rows.get(conn, image['id'])

    @transactions.write
    def begin_store(self, conn: sa.Connection, ctxt: context.BusContext,
                    work_id: str, attempt: int, image_id: str,
                    store_id: str | None) -> None:
        importing.locked_row(conn, image_id)
        work.check(conn, work_id, attempt)
        outbox.write(conn, events.to_store(
            'image.prepare', image_rows.get(conn, image_id), store_id))

    @transactions.write
    def finish_store(self, conn: sa.Connection, ctxt: context.BusContext,
                     work_id: str, attempt: int, image_id: str, store_id: str,
                     location: location_types.Written,
                     values: image_types.Values | None,
                     progress: work_types.Progress) -> None:
        importing.locked_row(conn, image_id)
        answer = work.advance(conn, work_id, attempt, None, progress=progress)
        if answer['cancelled']:
            raise exceptions.Gone('The task was cancelled.')
        if progress.get('final'):
            work.make_final(conn, work_id)
        importing.store_done(conn, image_id, store_id, location, values)

    @transactions.write
    def fail_store(self, conn: sa.Connection, ctxt: context.BusContext,
                   work_id: str, attempt: int, image_id: str, store_id: str,
                   reason: str, progress: work_types.Progress) -> None:
        importing.locked_row(conn, image_id)
        work.advance(conn, work_id, attempt, None, progress=progress)
        importing.store_failed(conn, image_id, store_id, reason)

    @transactions.write
    def undo_store(self, conn: sa.Connection, ctxt: context.BusContext,
                   work_id: str, attempt: int, image_id: str, url: str,
                   progress: work_types.Progress) -> None:
        row = image_writes.lock_if_live(conn, image_id)
        work.advance(conn, work_id, attempt, None, progress=progress)
        if row is not None:
            importing.drop_location(conn, image_id, url)

    @transactions.write
    def discard_later(self, conn: sa.Connection, ctxt: context.BusContext,
                      work_id: str, attempt: int, image_id: str, store_id: str,
                      attempts: Sequence[str]) -> None:
        work.check(conn, work_id, attempt)
        work.create(conn, 'discard_data', image_id,
                    {'store': store_id, 'attempts': attempts})
