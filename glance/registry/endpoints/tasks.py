"""Tasks: what users see of long work, and how it ends."""

from collections.abc import Sequence
import typing

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance.db.durable import tasks
from glance.db.durable import work
from glance.db.images import image_rows
from glance.db.images import image_writes
from glance.db.images import locations
from glance.db.images import quotas
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import quota
from glance.objects import states
from glance.objects import task as task_types
from glance.registry.endpoints import images
from glance.registry import importing
from glance.registry import transactions

# The image of such work was made by it: it goes when the work fails before
# it has its data.
_MAKES_IMAGE = ('import', 'clone')


class TasksEndpoint:
    """See `glance.registry.rpcapi.tasks.Tasks`."""

    target = oslo_messaging.Target(namespace='tasks', version='1.2')

    @transactions.read
    def list(self, conn: sa.Connection, ctxt: context.BusContext,
             query: task_types.Query) -> Sequence[task_types.Listed]:
        return tasks.list(conn, query, _project(ctxt))

    @transactions.read
    def list_of_image(self, conn: sa.Connection, ctxt: context.BusContext,
                      image_id: str) -> Sequence[task_types.Task]:
        return tasks.list_of_image(conn, image_id, _project(ctxt))

    @transactions.read
    def get(self, conn: sa.Connection, ctxt: context.BusContext,
            task_id: str) -> task_types.Task:
        return _get(conn, ctxt, task_id)

    @transactions.write
    def create(self, conn: sa.Connection, ctxt: context.BusContext,
               task: task_types.NewTask, plan: task_types.Plan,
               limits: quota.Limits | None = None) -> task_types.Task:
        quotas.check(conn, plan.get('project_id'), limits,
                     image_size_total=plan.get('store_bytes', 0),
                     image_count_total=1, image_count_uploading=1)
        return begin(conn, task, dict(plan))

    @transactions.write
    def cancel(self, conn: sa.Connection, ctxt: context.BusContext,
               task_id: str) -> None:
        task_id = _get(conn, ctxt, task_id)['id']
        if not work.cancel(conn, task_id):
            raise exceptions.Conflict(
                'Task %s has ended, or has all but ended: the data is where '
                'it was to go.' % task_id)

    @transactions.write
    def finish(self, conn: sa.Connection, ctxt: context.BusContext,
               work_id: str, attempt: int, result: typing.Any) -> None:
        unit = work.get(conn, work_id) or {}
        image = _lock_image(conn, unit)
        work.finish(conn, work_id, attempt)
        if image is not None:
            _release(conn, unit, ())
        _end(conn, work_id, states.TASK_SUCCESS, result=result)

    @transactions.write
    def fail(self, conn: sa.Connection, ctxt: context.BusContext, work_id: str,
             attempt: int, reason: str, failed: Sequence[str]) -> None:
        unit = work.get(conn, work_id) or {}
        image = _lock_image(conn, unit)
        work.finish(conn, work_id, attempt)
        is_on_its_way = (image is not None
                         and image.status == states.IMPORTING)
        if is_on_its_way and unit['kind'] in _MAKES_IMAGE:
            images.remove(conn, image_rows.get(conn, unit['image_id']))
        elif image is not None:
            _release(conn, unit, failed)
            if is_on_its_way and unit['kind'] == 'location_import':
                _keep_location(conn, unit)
        if image is None or is_on_its_way or unit['kind'] in quotas.COPIES:
            _end(conn, work_id, states.TASK_FAILURE, message=reason)
        else:
            _end(conn, work_id, states.TASK_SUCCESS,
                 result={'image_id': unit['image_id']},
                 message='The image has its data, but: ' + reason)

    @transactions.write
    def expire(self, conn: sa.Connection, ctxt: context.BusContext,
               limit: int) -> int:
        return tasks.expire(conn, limit)


def begin(conn: sa.Connection, task: task_types.NewTask,
          plan: dict[str, typing.Any]) -> task_types.Task:
    """Write a task, its work and its first event.

    :param plan: see the registry's rpcapi; also with `host` and `stage_bytes`
    """
    tasks.create(conn, task)
    work.create(conn, plan['kind'], task['image_id'], plan['input'],
                work_id=task['id'], project_id=plan.get('project_id'),
                store_bytes=plan.get('store_bytes', 0),
                stage_bytes=plan.get('stage_bytes', 0),
                host=plan.get('host'))
    made: task_types.Task = tasks.get(conn, task['id'])
    outbox.write(conn, events.of_task('task.create', made))
    return made


def _project(ctxt: context.BusContext) -> str | None:
    """:returns: whose tasks the caller sees, None for all"""
    return None if ctxt.is_admin else ctxt.project_id or ''


def _get(conn: sa.Connection, ctxt: context.BusContext,
         task_id: str) -> task_types.Task:
    task: task_types.Task = tasks.get(conn, task_id)
    if task['deleted'] or not _is_visible(ctxt, task):
        raise exceptions.NotFound('No task found with ID %s' % task_id)
    return task


def _is_visible(ctxt: context.BusContext, task: task_types.Task) -> bool:
    return ctxt.is_admin or (bool(ctxt.project_id)
                             and task['owner'] == ctxt.project_id)


def _lock_image(conn: sa.Connection,
                unit: dict[str, typing.Any]) -> sa.Row[typing.Any] | None:
    """Take the row lock of the image that the work brings data to."""
    if not unit.get('image_id') or unit['kind'] == 'export':
        return None
    row = image_writes.lock(conn, unit['image_id'])
    return None if row is None or row.deleted else row


def _keep_location(conn: sa.Connection, unit: dict[str, typing.Any]) -> None:
    """A queued image still says in which store a web server is that it was
    told of in vain: clients look for it. Nobody reads or removes it.
    """
    given = unit['input']
    if given['url'].startswith(('http://', 'https://')):
        locations.create(conn, unit['image_id'], given['url'],
                         given['metadata'])


def _release(conn: sa.Connection, unit: dict[str, typing.Any],
             failed: Sequence[str]) -> None:
    importing.end(conn, unit['image_id'], unit['id'],
                  unit['input'].get('stores') or (), failed)


def _end(conn: sa.Connection, task_id: str, status: str,
         **outcome: typing.Any) -> None:
    if not tasks.end(conn, task_id, status, CONF.task.task_time_to_live,
                     **outcome):
        return
    task = tasks.get(conn, task_id)
    # Readers know task.run as the last one, with the status of creation.
    outbox.write(conn, events.of_task('task.' + status, task),
                 events.of_task('task.run', task, status=states.TASK_PENDING))
