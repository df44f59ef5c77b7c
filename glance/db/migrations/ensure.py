"""Steps of a migration that do nothing where they have been done already."""

from collections.abc import Iterator, Sequence
import contextlib
import typing
import warnings

from alembic import op
from alembic.operations import base
import sqlalchemy as sa


def inspector() -> sa.Inspector:
    """A fresh look at the database being migrated."""
    return sa.inspect(op.get_bind())


def has_column(table: str, column: str) -> bool:
    return column in {c['name'] for c in inspector().get_columns(table)}


def has_index(table: str, index: str) -> bool:
    return index in {i['name'] for i in inspector().get_indexes(table)}


def tables(metadata: sa.MetaData) -> None:
    """Every table of the metadata exists, with its indexes."""
    for table in metadata.sorted_tables:
        op.execute(sa.schema.CreateTable(table, if_not_exists=True))
        indexes = {str(index.name): index for index in table.indexes}
        for name in sorted(indexes):
            if not has_index(table.name, name):
                op.execute(sa.schema.CreateIndex(indexes[name]))


def columns(table: str, *wanted: sa.Column[typing.Any]) -> None:
    for column in wanted:
        if not has_column(table, column.name):
            op.add_column(table, column)


def index(name: str, table: str, names: Sequence[str | sa.TextClause],
          **kwargs: typing.Any) -> None:
    if not has_index(table, name):
        op.create_index(name, table, names, **kwargs)


def no_index(name: str, table: str) -> None:
    if has_index(table, name):
        op.drop_index(name, table_name=table)


def no_table(name: str) -> None:
    if inspector().has_table(name):
        op.drop_table(name)


@contextlib.contextmanager
def altered(table: str) -> Iterator[base.BatchOperations]:
    """Like alembic's batch, which rebuilds the table on SQLite.

    That loses check constraints without a name, as upstream's own upgrade
    did; alembic's warning would frighten operators for nothing.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings('ignore', 'Unnamed CHECK constraint')
        with op.batch_alter_table(table) as batch:
            yield batch
