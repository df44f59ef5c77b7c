"""Databases whose version only older releases understand."""

from collections.abc import Collection

import sqlalchemy as sa

from glance.db.migrations.upgrade import errors
from glance.db.migrations.upgrade import lineages

# Numbers of the version table before alembic, and the revisions they mean.
_LEGACY = {42: 'liberty', 43: 'mitaka01', 44: 'mitaka02'}

_versions = sa.table('alembic_version', sa.column('version_num'))
_migrate_version = sa.table('migrate_version', sa.column('version'))


def adopt(connection: sa.Connection) -> None:
    """Let the version table say what alembic understands.

    :raises UpgradeError: nobody can tell what is in the database
    """
    names = set(sa.inspect(connection).get_table_names())
    if 'alembic_version' in names:
        _translate(connection)
    if lineages.current(connection, lineages.UPSTREAM):
        return
    number = _legacy_number(connection, names)
    if number:
        _stamp(connection, number)
    elif 'images' in names and 'alembic_version' not in names:
        raise errors.UpgradeError(
            'There are tables but no version of them. Name the revision they '
            'are at with "glance-manage db version_control --version".')


def _translate(connection: sa.Connection) -> None:
    for old, new in lineages.ALIASES.items():
        connection.execute(_versions.update()
                           .where(_versions.c.version_num == old)
                           .values(version_num=new))


def _legacy_number(connection: sa.Connection, names: Collection[str]) -> int:
    """Later releases leave a row with 0 beside alembic's table."""
    if 'migrate_version' not in names:
        return 0
    return connection.scalar(sa.select(
        sa.func.max(_migrate_version.c.version))) or 0


def _stamp(connection: sa.Connection, number: int) -> None:
    if number not in _LEGACY:
        raise errors.UpgradeError(
            'The database is at version %d of a release before Liberty. '
            'Upgrade it to Liberty, Mitaka or Newton first.' % number)
    lineages.stamp(connection, lineages.UPSTREAM, _LEGACY[number])
