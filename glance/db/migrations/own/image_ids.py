"""Columns of ours that name an image, written as the ids of images are.

MariaDB looks nothing up by index in a column of three bytes a character for a
value of four, and databases of former releases have any character set and
collation.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from glance.db.migrations import ensure

# Those that are joined with images, and whether they may be null.
_JOINED = {'image_usage': False, 'work': True, 'cache_queue': False}

_columns = sa.table('columns', *map(sa.column, (
    'table_schema', 'table_name', 'column_name', 'character_set_name',
    'collation_name')), schema='information_schema')
_images = sa.table('images', sa.column('id', sa.String))
_sums = sa.table('image_usage', sa.column('image_id', sa.String))


def align() -> None:
    """Character set and collation of all are those of `images.id`."""
    if op.get_bind().dialect.name not in ('mysql', 'mariadb'):
        return
    charset, collation = _written('images', 'id')
    wanted = mysql.VARCHAR(36, charset=charset, collation=collation)
    for table, nullable in _JOINED.items():
        if (ensure.has_column(table, 'image_id')
                and _written(table, 'image_id') != (charset, collation)):
            op.alter_column(table, 'image_id', type_=wanted,
                            existing_nullable=nullable)


def _written(table: str, column: str) -> tuple[str, str]:
    """:returns: character set and collation"""
    row = op.get_bind().execute(sa.select(
        _columns.c.character_set_name, _columns.c.collation_name).where(
            _columns.c.table_schema == sa.func.database(),
            _columns.c.table_name == table,
            _columns.c.column_name == column)).one()
    return row[0], row[1]


def rename_sums() -> None:
    """Sums are found by the id as the image has it; former releases kept
    capital letters.
    """
    bind = op.get_bind()
    for image_id in bind.scalars(sa.select(_images.c.id).where(
            sa.func.lower(_images.c.id) != _images.c.id)).all():
        bind.execute(_sums.update().where(
            _sums.c.image_id == image_id.lower()).values(image_id=image_id))
