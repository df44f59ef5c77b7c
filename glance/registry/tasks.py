"""How the task of some work begins and ends, and what becomes of its image."""

from collections.abc import Sequence
import typing

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
from glance.db import types
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import states
from glance.objects import task as task_types
from glance.objects import work as work_types
from glance.registry import importing
from glance.registry import removal

# The image of such work was made by it: it goes when the work fails before
# it has its data.
_MAKES_IMAGE = ('import', 'clone')


def project(ctxt: context.BusContext) -> str | None:
    """:returns: whose tasks the caller sees, None for all"""
    return None if ctxt.is_admin else ctxt.project_id or ''


def visible(conn: sa.Connection, ctxt: context.BusContext,
            task_id: str) -> task_types.Task:
    """:returns: a task that the caller may know of
    :raises NotFound:
    """
    task = tasks.get(conn, task_id)
    if task['deleted'] or not _is_visible(ctxt, task):
        raise exceptions.NotFound('No task found with ID %s' % task_id)
    return task


def _is_visible(ctxt: context.BusContext, task: task_types.Task) -> bool:
    return ctxt.is_admin or (bool(ctxt.project_id)
                             and task['owner'] == ctxt.project_id)


def begin(conn: sa.Connection, task: task_types.NewTask,
          plan: task_types.Planned) -> task_types.Task:
    """Write a task, its work and its first event."""
    tasks.create(conn, task)
    work.create(conn, plan['kind'], task['image_id'], plan['input'],
                work_id=task['id'], project_id=plan.get('project_id'),
                store_bytes=plan.get('store_bytes', 0),
                stage_bytes=plan.get('stage_bytes', 0),
                host=plan.get('host'))
    made = tasks.get(conn, task['id'])
    outbox.write(conn, events.of_task('task.create', made))
    return made


def succeed(conn: sa.Connection, work_id: str, attempt: int,
            result: object) -> None:
    """The work is done.

    :raises LeaseLost: somebody else has it
    """
    unit = work.get_held(conn, work_id, attempt)
    row = _lock_image(conn, unit)
    work.finish(conn, work_id, attempt)
    if row is not None:
        _release(conn, unit, ())
    _end(conn, work_id, states.TASK_SUCCESS, result=result)


def fail(conn: sa.Connection, work_id: str, attempt: int, reason: str,
         failed: Sequence[str]) -> None:
    """The work is undone; a success still where the image has its data.

    :param failed: ids of the stores that did not get the data
    :raises LeaseLost: somebody else has it
    """
    unit = work.get_held(conn, work_id, attempt)
    row = _lock_image(conn, unit)
    work.finish(conn, work_id, attempt)
    is_on_its_way = row is not None and row.status == states.IMPORTING
    if is_on_its_way and unit['kind'] in _MAKES_IMAGE:
        removal.remove_image(conn, *image_rows.get_with_members(
            conn, _image_id(unit)))
    elif row is not None:
        _release(conn, unit, failed)
        if is_on_its_way and unit['kind'] == 'location_import':
            _keep_location(conn, unit)
    if row is None or is_on_its_way or unit['kind'] in quotas.COPIES:
        _end(conn, work_id, states.TASK_FAILURE, message=reason)
    else:
        _end(conn, work_id, states.TASK_SUCCESS,
             result={'image_id': _image_id(unit)},
             message='The image has its data, but: ' + reason)


def _image_id(unit: work_types.Charged) -> str:
    """:returns: id of the image that the work brings data to, empty for none
    """
    return '' if unit['kind'] == 'export' else unit['image_id'] or ''


def _lock_image(conn: sa.Connection,
                unit: work_types.Charged) -> types.Row | None:
    image_id = _image_id(unit)
    return image_writes.lock_if_live(conn, image_id) if image_id else None


def _keep_location(conn: sa.Connection, unit: work_types.Charged) -> None:
    """A queued image still says in which store a web server is that it was
    told of in vain: clients look for it. Nobody reads or removes it.
    """
    given = unit['input']
    if given['url'].startswith(('http://', 'https://')):
        locations.create(conn, _image_id(unit), given['url'],
                         given['metadata'])


def _release(conn: sa.Connection, unit: work_types.Charged,
             failed: Sequence[str]) -> None:
    importing.end(conn, _image_id(unit), unit['id'],
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
