"""Tasks: rows of tasks and task_info, the work that users can look at."""

from collections.abc import Sequence
import datetime
import json
import typing

from oslo_utils import timeutils
import sqlalchemy as sa

from glance.common import exceptions
from glance.db import own_schema
from glance.db import page_bytes
from glance.db import schema
from glance.db import stored
from glance.db import types
from glance.objects import ids
from glance.objects import states
from glance.objects import task as task_types

tasks = schema.tasks
task_info = schema.task_info
work = own_schema.work

_IDS = ('id', 'image_id')
_BRIEF = ('id', 'type', 'status', 'owner', 'image_id', 'request_id',
          'user_id', 'created_at', 'updated_at', 'expires_at', 'deleted',
          'deleted_at')
_TEXTS = ('input', 'result', 'message', 'progress')
_TIMES = ('created_at', 'updated_at', 'expires_at', 'deleted_at')
_brief = [tasks.c[name] for name in _BRIEF]
_full = _brief + [task_info.c.input, task_info.c.result,
                  task_info.c.message, work.c.progress]
_joined = (tasks.outerjoin(task_info, task_info.c.task_id == tasks.c.id)
           .outerjoin(work, work.c.id == tasks.c.id))


def create(conn: sa.Connection, task: task_types.NewTask) -> None:
    """Insert a pending task."""
    now = timeutils.utcnow()
    conn.execute(tasks.insert(), {
        'id': task['id'], 'type': task['type'], 'image_id': task['image_id'],
        'request_id': task['request_id'], 'user_id': task['user_id'],
        'owner': task['owner'] or '', 'status': states.TASK_PENDING,
        'created_at': now, 'updated_at': now, 'deleted': False})
    conn.execute(task_info.insert(), {
        'task_id': task['id'], 'input': json.dumps(task['input'])})


def get(conn: sa.Connection, task_id: str) -> task_types.Task:
    """One task with all there is to know; deleted ones too.

    :raises NotFound:
    """
    row = conn.execute(sa.select(*_full).select_from(_joined)
                       .where(tasks.c.id.in_(ids.forms(task_id)))).first()
    if row is None:
        raise exceptions.NotFound('No task found with ID %s' % task_id)
    return _full_task(row)


def list_of_image(conn: sa.Connection, image_id: str,
                  project_id: str | None) -> Sequence[task_types.Task]:
    """The tasks of an image that have not expired, oldest first.

    There are no pages of them: of large ones the newest that fit into one.

    :param project_id: whose tasks, None for all
    """
    conditions = [tasks.c.image_id == image_id, *_is_kept()]
    if project_id is not None:
        conditions.append(tasks.c.owner == project_id)
    page = sa.select(*_full).select_from(_joined).where(
        *conditions).subquery('page')
    found = page_bytes.fitting(
        page, page_bytes.size(*(page.c[name] for name in _TEXTS)),
        lambda source: [source.c.created_at.desc(), source.c.id.desc()],
        page_bytes.MOST)
    rows = conn.execute(
        sa.select(*(found.c[column.name] for column in _full))
        .order_by(found.c.created_at, found.c.id))
    return [_full_task(row) for row in rows]


def list(conn: sa.Connection, query: task_types.Query,
         project_id: str | None) -> Sequence[task_types.Listed]:
    """A page of tasks, without input, result and message.

    :param project_id: whose tasks, None for all
    :raises InvalidMarker:
    """
    conditions = [_equal(name, value)
                  for name, value in query['filters'].items()]
    if project_id is not None:
        conditions.append(tasks.c.owner == project_id)
    column: sa.ColumnElement[typing.Any] = tasks.c[query['sort_key']]
    if isinstance(column.type, types.Exact):
        column = types.by_collation(column)
    if query['marker']:
        conditions.append(_after(conn, column, query, conditions))
    order = sa.asc if query['sort_dir'] == 'asc' else sa.desc
    rows = conn.execute(
        sa.select(*_brief).where(*_is_kept(), *conditions)
        # Empty values come first everywhere, as they do on MariaDB.
        .order_by(order(column.is_not(None)), order(column),
                  order(tasks.c.id))
        .limit(query['limit']))
    return [typing.cast(task_types.Listed, _task(row)) for row in rows]


def _equal(name: str, value: str) -> sa.ColumnElement[bool]:
    if name in _IDS:
        return sa.type_coerce(tasks.c[name], types.Exact).in_(
            ids.forms(value))
    return tasks.c[name] == value


def _after(conn: sa.Connection, column: sa.ColumnElement[typing.Any],
           query: task_types.Query,
           conditions: Sequence[sa.ColumnElement[bool]]
           ) -> sa.ColumnElement[bool]:
    """What follows the marker in the order of the page."""
    found = conn.execute(sa.select(tasks.c.id, column.label('value')).where(
        tasks.c.id.in_(ids.forms(query['marker'] or '')), *_is_kept(),
        *conditions)).first()
    if found is None:
        raise exceptions.InvalidMarker()
    is_up = query['sort_dir'] == 'asc'

    def beyond(key: sa.ColumnElement[typing.Any],
               value: object) -> sa.ColumnElement[bool]:
        return key > value if is_up else key < value
    next_id = beyond(tasks.c.id, found.id)
    if found.value is None:
        same = sa.and_(column.is_(None), next_id)
        return sa.or_(same, column.is_not(None)) if is_up else same
    same = sa.and_(column == found.value, next_id)
    after = sa.or_(beyond(column, found.value), same)
    return after if is_up else sa.or_(after, column.is_(None))


def _is_kept() -> tuple[sa.ColumnElement[bool], ...]:
    return (types.live(tasks),
            sa.or_(tasks.c.expires_at.is_(None),
                   tasks.c.expires_at > timeutils.utcnow()))


def _task(row: types.Row) -> dict[str, typing.Any]:
    task = dict(row._mapping)
    for name in _TIMES:
        task[name] = task[name] and task[name].isoformat()
    return task


def _full_task(row: types.Row) -> task_types.Task:
    task = _task(row)
    task['result'] = stored.any_loaded(task['result'], 'result of a task',
                                       task['id'])
    for name in ('input', 'progress'):
        task[name] = stored.loaded(task[name], dict, name + ' of a task',
                                   task['id'])
    task['progress'] = task['progress'] or None
    return typing.cast(task_types.Task, task)


def begin(conn: sa.Connection, task_id: str) -> bool:
    """pending -> processing.

    :returns: whether it was pending
    """
    return conn.execute(
        tasks.update().where(tasks.c.id == task_id,
                             tasks.c.status == states.TASK_PENDING),
        {'status': states.TASK_PROCESSING, 'updated_at': timeutils.utcnow()}
    ).rowcount == 1


def end(conn: sa.Connection, task_id: str, status: str, hours: int,
        result: object = None, message: str | None = None) -> bool:
    """Set the outcome of a task that has none yet.

    :param status: success or failure
    :param hours: for which it is kept
    :returns: whether it had none
    """
    now = timeutils.utcnow()
    changed = conn.execute(
        tasks.update().where(tasks.c.id == task_id,
                             tasks.c.status.not_in(states.TASKS_ENDED)),
        {'status': status, 'updated_at': now,
         'expires_at': now + datetime.timedelta(hours=hours)}).rowcount == 1
    if changed:
        conn.execute(task_info.update().where(task_info.c.task_id == task_id),
                     {'result': None if result is None else json.dumps(result),
                      'message': message})
    return changed


def set_image(conn: sa.Connection, task_id: str, image_id: str) -> None:
    """The task works on this image from now on."""
    conn.execute(tasks.update().where(tasks.c.id == task_id),
                 {'image_id': image_id})


def expire(conn: sa.Connection, limit: int) -> int:
    """Mark tasks deleted whose time is over.

    :returns: how many
    """
    now = timeutils.utcnow()
    over = conn.scalars(sa.select(tasks.c.id).where(
        tasks.c.deleted == sa.false(), tasks.c.expires_at <= now)
        .limit(limit)).all()
    if not over:
        return 0
    return conn.execute(
        tasks.update().where(tasks.c.id.in_(over),
                             types.live(tasks)),
        {'deleted': True, 'deleted_at': now, 'updated_at': now}).rowcount
