"""Imports: tasks that bring data into an image, store by store."""

from collections.abc import Sequence
import typing

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.common import exceptions
from glance.db.durable import stages
from glance.db.durable import tasks
from glance.db.durable import work
from glance.db.images import image_rows
from glance.db.images import image_writes
from glance.db.images import locations
from glance.db.images import quotas
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import image as image_types
from glance.objects import location as location_types
from glance.objects import quota
from glance.objects import states
from glance.objects import task as task_types
from glance.objects import work as work_types
from glance.registry.endpoints import tasks as task_endpoint
from glance.registry import importing
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
        row = image_writes.lock(conn, image_id)
        if row is None or row.deleted:
            raise exceptions.ImageNotFound(image_id=image_id)
        image = image_rows.get(conn, image_id)
        _check_status(image, plan['status'])
        _repair(conn, image, plan.get('repairs', ()))
        stores = _missing(image, plan)
        if not stores:
            return None
        importing.take_lock(conn, image, task['id'],
                            stores if plan['is_multi'] else ())
        planned = _planned(conn, image, dict(plan, project_id=row.owner),
                           stores)
        _check_limits(conn, row.owner, planned, limits)
        begun = task_endpoint.begin(conn, task, planned)
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
        tasks.set_image(conn, work_id, image['id'])
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
        row = image_writes.lock(conn, image_id)
        work.advance(conn, work_id, attempt, None, progress=progress)
        if row is not None and not row.deleted:
            importing.drop_location(conn, image_id, url)

    @transactions.write
    def discard_later(self, conn: sa.Connection, ctxt: context.BusContext,
                      work_id: str, attempt: int, image_id: str, store_id: str,
                      attempts: Sequence[str]) -> None:
        work.check(conn, work_id, attempt)
        work.create(conn, 'discard_data', image_id,
                    {'store': store_id, 'attempts': attempts})


def _check_status(image: image_types.Record, wanted: str) -> None:
    if image['status'] != wanted:
        raise exceptions.Conflict(
            'Image %s is %s; this import needs an image that is %s.'
            % (image['id'], image['status'], wanted))


def _repair(conn: sa.Connection, image: image_types.Record,
            repairs: Sequence[tuple[location_types.Location,
                                    location_types.Where]]) -> None:
    """Write down what the caller knows of old locations."""
    for location in image['locations']:
        for old, new in repairs:
            if location == old and old['status'] == states.LOCATION_ACTIVE:
                location.update(new)
                locations.replace(conn, old['id'], status=old['status'],
                                  **new)


def _missing(image: image_types.Record,
             plan: task_types.ImportPlan) -> list[str]:
    """The stores of a plan that do not hold the image yet.

    :raises BadRequest: one that was named holds it
    """
    held = {location['metadata'].get('store')
            for location in image['locations']}
    for store_id in plan['stores']:
        if store_id in held and not plan['skips_held']:
            raise exceptions.BadRequest(
                'Image %s is in store %s already.' % (image['id'], store_id))
    return [one for one in plan['stores'] if one not in held]


def _planned(conn: sa.Connection, image: image_types.Record,
             plan: dict[str, typing.Any],
             stores: Sequence[str]) -> dict[str, typing.Any]:
    """The plan with what only the database knows."""
    plan['input'] = dict(plan['input'], stores=stores)
    size = image['size'] or 0
    if plan['input']['method'] == 'glance-direct':
        found = stages.take(conn, image['id'])
        plan['input']['staged'] = found and found['input']
        plan['host'] = found and found['host']
        plan['stage_bytes'] = 0     # counted by the image's own size
    plan['store_bytes'] = size * len(stores)
    return plan


def _check_limits(conn: sa.Connection, owner: str | None,
                  plan: dict[str, typing.Any],
                  limits: quota.Limits | None) -> None:
    wanted = {'image_size_total': plan['store_bytes']}
    if plan['input']['method'] != 'glance-direct':
        wanted['image_stage_total'] = 0
        wanted['image_count_uploading'] = 1
    quotas.check(conn, owner, limits, **wanted)
