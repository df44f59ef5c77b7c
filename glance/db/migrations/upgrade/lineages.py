"""The two alembic lineages of the database, and how far it has come."""

from collections.abc import Collection
import os
import typing

from alembic import command
from alembic import config as alembic_config
from alembic import script as alembic_script
import sqlalchemy as sa

import glance.db.migrations

# What the full upgrade of two old releases called its last step.
ALIASES = {'ocata01': 'ocata_contract01', 'pike01': 'pike_contract01'}


class Lineage(typing.NamedTuple):
    name: str
    version_table: str


UPSTREAM = Lineage('upstream', 'alembic_version')
OWN = Lineage('own', 'glance_own_version')


def upgrade(connection: sa.Connection, lineage: Lineage, target: str) -> None:
    """Run the steps up to a revision, a branch's head or 'heads'."""
    command.upgrade(_config(lineage, connection), target)


def downgrade(connection: sa.Connection, lineage: Lineage,
              target: str) -> None:
    command.downgrade(_config(lineage, connection), target)


def stamp(connection: sa.Connection, lineage: Lineage, revision: str) -> None:
    """Note a revision as reached without running anything."""
    command.stamp(_config(lineage, connection), revision)


def current(connection: sa.Connection, lineage: Lineage) -> tuple[str, ...]:
    """The revisions in the version table, as alembic would write them now."""
    if not sa.inspect(connection).has_table(lineage.version_table):
        return ()
    number: sa.ColumnClause[str] = sa.column('version_num')
    table = sa.table(lineage.version_table, number)
    return tuple(ALIASES.get(name, name) for name in
                 connection.scalars(sa.select(number).select_from(table)
                                    .order_by(number)))


def applied(connection: sa.Connection, lineage: Lineage) -> set[str]:
    """All revisions the database has been through."""
    script = alembic_script.ScriptDirectory.from_config(_config(lineage))
    found: set[str] = set()
    todo = list(current(connection, lineage))
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            revision = script.get_revision(name)
            todo += _names(revision.down_revision)
            todo += _names(revision.dependencies)
    return found


def head(lineage: Lineage, branch: str | None = None) -> str:
    """The last revision of a lineage or of one of its branches."""
    script = alembic_script.ScriptDirectory.from_config(_config(lineage))
    target = '%s@head' % branch if branch else 'head'
    return script.get_revision(target).revision


def _names(value: str | Collection[str] | None) -> Collection[str]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


def _config(lineage: Lineage,
            connection: sa.Connection | None = None) -> alembic_config.Config:
    folder = os.path.join(os.path.dirname(glance.db.migrations.__file__),
                          lineage.name)
    config = alembic_config.Config()
    config.set_main_option('script_location', folder.replace('%', '%%'))
    config.set_main_option('path_separator', 'os')
    config.attributes['connection'] = connection
    config.attributes['version_table'] = lineage.version_table
    return config
