"""What a project uses, and whether it may have more.

Usage is counted, not kept: what is there (images and their locations) and what
unfinished work holds (the rows of work: data on its way in, data that is still
to be removed). A check takes the lock of its project first, which lasts until
the end of the transaction: two registries that let two users in at once judge
one after the other, and the second one sees what the first one has granted.

Amounts of `image_size_total` and `image_stage_total` are bytes.
"""

from collections.abc import Mapping
import typing

import sqlalchemy as sa

from glance.common import exceptions
from glance.db import own_schema
from glance.db import row_locks
from glance.db import schema
from glance.db import types
from glance.objects import quota
from glance.objects import states

images = schema.images
work = own_schema.work
locks = own_schema.project_locks

_UPLOADING = (states.SAVING, states.UPLOADING, states.IMPORTING)
_STAGED = (states.UPLOADING, states.IMPORTING)
_REMOVAL = 'delete_data'
# Work on an image that is active all the while.
COPIES = ('copy_image',)


def _owned(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.and_(images.c.owner == sa.bindparam('project_id'),
                   types.live(images), images.c.status != states.KILLED,
                   *conditions)


def _held(column: sa.ColumnElement[int],
          *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return (sa.select(sa.func.coalesce(sa.func.sum(column), 0))
            .where(work.c.project_id == sa.bindparam('project_id'),
                   *conditions).scalar_subquery())


def _sum(column: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(column), 0)


def _count(*conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return (sa.select(sa.func.count()).select_from(images)
            .where(_owned(*conditions)).scalar_subquery())


_stored = (sa.select(_sum(images.c.size))
           .select_from(images.join(
               schema.image_locations,
               schema.image_locations.c.image_id == images.c.id))
           .where(_owned(), types.live(schema.image_locations))
           .scalar_subquery())
_staged = (sa.select(_sum(images.c.size))
           .where(_owned(images.c.status.in_(_STAGED))).scalar_subquery())
_copying = (sa.select(sa.func.count()).select_from(work)
            .where(work.c.project_id == sa.bindparam('project_id'),
                   work.c.kind.in_(COPIES)).scalar_subquery())

_USAGE = {
    'image_size_total': _stored + _held(work.c.store_bytes),
    'image_stage_total': _staged + _held(work.c.stage_bytes),
    'image_count_total': _count(),
    'image_count_uploading': _count(images.c.status.in_(_UPLOADING))
    + _copying,
}
RESOURCES = tuple(_USAGE)
_ALL = sa.select(*(expression.label(name)
                   for name, expression in _USAGE.items()))
_ONE = {name: sa.select(expression) for name, expression in _USAGE.items()}
_BEING_REMOVED = sa.select(_held(work.c.store_bytes,
                                 work.c.kind == _REMOVAL))


def usage(conn: sa.Connection, project_id: str) -> quota.Usage:
    """What a project uses of every resource."""
    row = conn.execute(_ALL, {'project_id': project_id}).one()
    return typing.cast(quota.Usage, {
        name: int(used) for name, used in row._mapping.items()})


def check(conn: sa.Connection, project_id: str | None,
          limits: quota.Limits | None, **wanted: int) -> dict[str, int]:
    """Let a project have more, unless that exceeds a limit.

    What is granted must be written in the same transaction.

    :param project_id: whom it is charged to; None charges nobody
    :param wanted: how much more of each than is counted now
    :returns: {resource: how much would be left} for those with a limit
    :raises LimitExceeded:
    :raises SpaceBeingFreed: it would not, were it not for deleted data whose
        removal is under way
    """
    known: Mapping[str, typing.Any] = limits or {}
    wanted = {name: more for name, more in wanted.items() if name in known}
    if not wanted or not project_id:
        return {}
    row_locks.take(conn, locks, {'project_id': project_id}, 'taken')
    return {name: _left(conn, project_id, name, more, known[name])
            for name, more in sorted(wanted.items())}


def _left(conn: sa.Connection, project_id: str, name: str, more: int,
          limit: int) -> int:
    used = int(conn.execute(_ONE[name],
                            {'project_id': project_id}).scalar_one())
    if used + more <= limit:
        return limit - used - more
    error = exceptions.LimitExceeded
    if name == 'image_size_total' and used + more - int(conn.execute(
            _BEING_REMOVED, {'project_id': project_id}).scalar_one()) <= limit:
        error = exceptions.SpaceBeingFreed
    raise error('The limit %s of the project is %d; %d is in use and %d more '
                'is wanted.' % (name, limit, used, more))
