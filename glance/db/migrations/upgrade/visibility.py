"""Before Ocata an image had is_public only: what becomes of it.

Public images are public, others are shared when a member is left and private
when not, deleted images too. A visibility that an image has already stays.
"""

from collections.abc import Sequence

import sqlalchemy as sa

_TRIGGERS = ('insert_visibility', 'update_visibility')

_images = sa.table('images', sa.column('id'), sa.column('visibility'),
                   sa.column('is_public', sa.Boolean))
_members = sa.table('image_members', sa.column('image_id'),
                    sa.column('deleted', sa.Boolean))


def pending(connection: sa.Connection) -> int:
    """How many images have no visibility yet."""
    if not _has_column(connection, 'visibility'):
        return 0
    return connection.execute(
        sa.select(sa.func.count()).select_from(_images)
        .where(_images.c.visibility.is_(None))).scalar_one()


def convert(connection: sa.Connection) -> int:
    """Give every image a visibility; how many got one."""
    missing = _images.c.visibility.is_(None)
    has_member = sa.exists().where(_members.c.image_id == _images.c.id,
                                   _members.c.deleted == sa.false())
    rules = [('shared', has_member), ('private', ~has_member)]
    if _has_column(connection, 'is_public'):
        public = sa.func.coalesce(_images.c.is_public,
                                  sa.false()) == sa.true()
        rules = [('public', public), *((name, sa.and_(~public, rule))
                                       for name, rule in rules)]
    return sum(connection.execute(
        _images.update().where(missing, rule)
        .values(visibility=sa.literal_column("'%s'" % name))).rowcount
        for name, rule in rules)


def triggers(connection: sa.Connection) -> Sequence[str]:
    """Those left by the Ocata release's own upgrade.

    They fill is_public and fail once it is gone, on every new image.
    """
    if connection.dialect.name not in ('mysql', 'mariadb'):
        return []
    known = sa.table('triggers', sa.column('trigger_name'),
                     sa.column('trigger_schema'),
                     schema='information_schema')
    return list(connection.scalars(sa.select(known.c.trigger_name).where(
        known.c.trigger_schema == sa.func.database(),
        known.c.trigger_name.in_(_TRIGGERS))))


def drop_triggers(connection: sa.Connection) -> None:
    for name in triggers(connection):
        connection.execute(sa.DDL('DROP TRIGGER %s' % name))


def _has_column(connection: sa.Connection, name: str) -> bool:
    inspector = sa.inspect(connection)
    return inspector.has_table('images') and name in {
        column['name'] for column in inspector.get_columns('images')}
