"""With whom an image is shared: rows of image_members."""

from collections.abc import Sequence
import typing

from oslo_utils import timeutils
import sqlalchemy as sa

from glance.common import exceptions
from glance.db.images import image_rows
from glance.db import schema
from glance.db import types
from glance.objects import member
from glance.objects import states

members = schema.image_members


def _to_member(row: types.Row) -> member.Member:
    return {'image_id': row.image_id, 'member_id': row.member,
            'status': row.status,
            'created_at': image_rows.moment(row.created_at),
            'updated_at': image_rows.moment(row.updated_at)}


def _live(image_id: str) -> sa.Select[typing.Any]:
    return sa.select(members).where(members.c.image_id == image_id,
                                    types.live(members))


def list(conn: sa.Connection, image_id: str) -> Sequence[member.Member]:
    """:returns: oldest first"""
    rows = conn.execute(_live(image_id).order_by(members.c.id))
    return [_to_member(row) for row in rows]


def get(conn: sa.Connection, image_id: str, member_id: str) -> member.Member:
    """:raises NotFound: the project is no member of the image"""
    row = conn.execute(_live(image_id).where(
        members.c.member == member_id).order_by(members.c.id)).first()
    if row is None:
        raise exceptions.NotFound('%s is not a member of image %s'
                                  % (member_id, image_id))
    return _to_member(row)


def create(conn: sa.Connection, image_id: str, member_id: str) -> None:
    """Add a pending member, waking the row of a removed one.

    The caller holds the row lock of the image and knows that the project is
    no member yet.

    :raises Duplicate: a member of the same name in another writing is there,
        and the database could not delete both at the same time
    """
    now = timeutils.utcnow()
    values = {'status': states.MEMBER_PENDING, 'created_at': now,
              'updated_at': now, 'deleted': False, 'deleted_at': None,
              'member': member_id}
    known = conn.execute(
        sa.select(members.c.id, members.c.member, members.c.deleted).where(
            members.c.image_id == image_id,
            types.by_collation(members.c.member) == member_id)
        .order_by(members.c.deleted, members.c.id.desc())).first()
    if known is None:
        conn.execute(members.insert(), dict(
            values, image_id=image_id, can_share=False))
    elif known.deleted:
        conn.execute(members.update().where(members.c.id == known.id), values)
    else:
        raise exceptions.Duplicate(
            '%s is a member of image %s, and the database takes %s for the '
            'same.' % (known.member, image_id, member_id))


def update(conn: sa.Connection, image_id: str, member_id: str,
           status: str) -> None:
    """:raises NotFound: the project is no member of the image"""
    found = conn.execute(
        members.update().where(members.c.image_id == image_id,
                               members.c.member == member_id,
                               types.live(members)),
        {'status': status, 'updated_at': timeutils.utcnow()}).rowcount
    if not found:
        raise exceptions.NotFound('%s is not a member of image %s'
                                  % (member_id, image_id))


def delete(conn: sa.Connection, image_id: str, member_id: str) -> str:
    """Mark a membership deleted.

    :returns: the time of deletion as the API writes it
    :raises NotFound: the project is no member of the image
    """
    now = timeutils.utcnow()
    found = conn.execute(
        members.update().where(members.c.image_id == image_id,
                               members.c.member == member_id,
                               types.live(members)),
        {'deleted': True, 'deleted_at': now, 'updated_at': now}).rowcount
    if not found:
        raise exceptions.NotFound('%s is not a member of image %s'
                                  % (member_id, image_id))
    return image_rows.moment(now)
