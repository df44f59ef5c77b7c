"""Expand, migrate, contract: each can be run again at any time.

Expand adds what new services need, migrate converts rows, contract removes
what only old services needed; sync is all three. Our own tables and indexes
belong to expand.
"""

import sqlalchemy as sa

from glance.db.migrations.upgrade import errors
from glance.db.migrations.upgrade import legacy
from glance.db.migrations.upgrade import lineages
from glance.db.migrations.upgrade import resource_types
from glance.db.migrations.upgrade import store_key
from glance.db.migrations.upgrade import visibility

# What converts rows: `pending` and `convert` of each say how many.
_CONVERTED = (visibility, store_key, resource_types)


def sync(connection: sa.Connection) -> None:
    """Bring a database of any age, or an empty one, to the present."""
    expand(connection)
    # Nobody is served meanwhile, so the triggers have no work left, and
    # where is_public is gone already no image can be changed under them.
    visibility.drop_triggers(connection)
    migrate(connection)
    contract(connection)


def expand(connection: sa.Connection) -> None:
    legacy.adopt(connection)
    lineages.upgrade(connection, lineages.UPSTREAM, 'expand@head')
    lineages.upgrade(connection, lineages.OWN, 'head')


def migrate(connection: sa.Connection) -> int:
    """How many rows were converted."""
    if not is_expanded(connection):
        raise errors.UpgradeError(
            'Run "glance-manage db expand" before migrating.')
    return sum(kind.convert(connection) for kind in _CONVERTED)


def contract(connection: sa.Connection) -> None:
    if not is_expanded(connection):
        raise errors.UpgradeError(
            'Run "glance-manage db expand" before contracting.')
    if pending_rows(connection):
        raise errors.UpgradeError(
            'Run "glance-manage db migrate" before contracting: %d rows are '
            'not converted.' % pending_rows(connection))
    visibility.drop_triggers(connection)
    lineages.upgrade(connection, lineages.UPSTREAM, 'contract@head')


def upgrade(connection: sa.Connection, version: str) -> None:
    """To one revision of the upstream chain; 'heads' is a full sync."""
    if version in ('head', 'heads'):
        sync(connection)
    else:
        legacy.adopt(connection)
        lineages.upgrade(connection, lineages.UPSTREAM,
                         lineages.ALIASES.get(version, version))


def version_control(connection: sa.Connection, version: str) -> None:
    """Note the revision of a database that has no version."""
    known = lineages.current(connection, lineages.UPSTREAM)
    if known:
        raise errors.UpgradeError('The database is under version control, '
                                  'at %s.' % ', '.join(known))
    lineages.stamp(connection, lineages.UPSTREAM,
                   lineages.ALIASES.get(version, version))


def needed(connection: sa.Connection) -> str | None:
    """'expand', 'migrate', 'contract', or None when nothing is to be done."""
    if not is_expanded(connection):
        return 'expand'
    if pending_rows(connection):
        return 'migrate'
    if (lineages.head(lineages.UPSTREAM, 'contract')
            not in lineages.applied(connection, lineages.UPSTREAM)
            or visibility.triggers(connection)):
        return 'contract'
    return None


def is_expanded(connection: sa.Connection) -> bool:
    return (lineages.head(lineages.UPSTREAM, 'expand')
            in lineages.applied(connection, lineages.UPSTREAM)
            and lineages.head(lineages.OWN)
            in lineages.applied(connection, lineages.OWN))


def pending_rows(connection: sa.Connection) -> int:
    return sum(kind.pending(connection) for kind in _CONVERTED)
