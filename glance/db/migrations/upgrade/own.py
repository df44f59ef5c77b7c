"""Taking away what we added, for going back to upstream's services."""

import sqlalchemy as sa

from glance.db.migrations.upgrade import errors
from glance.db.migrations.upgrade import lineages
from glance.db import own_schema


def abandon(connection: sa.Connection, kind: str) -> int:
    """Give up work that nobody can do any more.

    :param kind: of the work, such as heal_location
    :returns: how many pieces were given up
    :raises UpgradeError: there is no work of this kind
    """
    if not lineages.current(connection, lineages.OWN):
        return 0
    kinds = own_schema.work.c.kind
    given_up = connection.execute(
        own_schema.work.delete().where(kinds == kind)).rowcount
    if not given_up:
        waiting = connection.execute(sa.select(kinds, sa.func.count())
                                     .group_by(kinds).order_by(kinds))
        raise errors.UpgradeError('No work of the kind %s waits, but: %s' % (
            kind, ', '.join('%s (%d)' % tuple(row) for row in waiting)
            or 'none'))
    return given_up


def remove(connection: sa.Connection, force: bool = False) -> None:
    """Drop our tables, our indexes and their version table.

    :param force: also when events have not been sent or work is not done
    :raises UpgradeError: something is left to do, and not `force`
    """
    if not lineages.current(connection, lineages.OWN):
        return
    left = {table.name: connection.scalar(
        sa.select(sa.func.count()).select_from(table))
        for table in (own_schema.outbox, own_schema.work)}
    if any(left.values()) and not force:
        raise errors.UpgradeError(
            '%(outbox)d events are not sent and %(work)d pieces of work not '
            'done. Let the services finish, or give --force.' % left)
    lineages.downgrade(connection, lineages.OWN, 'base')
    connection.execute(sa.DDL('DROP TABLE %s' % lineages.OWN.version_table))
