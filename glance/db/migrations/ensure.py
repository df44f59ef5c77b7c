"""Steps of a migration that do nothing where they have been done already."""

import contextlib
import warnings

from alembic import op
import sqlalchemy as sa


def inspector():
    """A fresh look at the database being migrated."""
    return sa.inspect(op.get_bind())


def has_column(table, column):
    return column in {c['name'] for c in inspector().get_columns(table)}


def has_index(table, index):
    return index in {i['name'] for i in inspector().get_indexes(table)}


def tables(metadata):
    """Every table of the metadata exists, with its indexes."""
    for table in metadata.sorted_tables:
        op.execute(sa.schema.CreateTable(table, if_not_exists=True))
        for index in sorted(table.indexes, key=lambda index: index.name):
            if not has_index(table.name, index.name):
                op.execute(sa.schema.CreateIndex(index))


def columns(table, *wanted):
    for column in wanted:
        if not has_column(table, column.name):
            op.add_column(table, column)


def index(name, table, names, **kwargs):
    if not has_index(table, name):
        op.create_index(name, table, names, **kwargs)


def no_index(name, table):
    if has_index(table, name):
        op.drop_index(name, table_name=table)


def no_table(name):
    if inspector().has_table(name):
        op.drop_table(name)


@contextlib.contextmanager
def altered(table):
    """Like alembic's batch, which rebuilds the table on SQLite.

    That loses check constraints without a name, as upstream's own upgrade
    did; alembic's warning would frighten operators for nothing.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings('ignore', 'Unnamed CHECK constraint')
        with op.batch_alter_table(table) as batch:
            yield batch
