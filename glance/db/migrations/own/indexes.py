"""Indexes we add to upstream tables, for lists of many images.

An image list is ordered by time and filtered by owner, visibility, tags,
properties or membership; with upstream's own indexes each list sorts all rows.
Property values can be longer than an index entry: MariaDB and PostgreSQL
index their first hundred characters.
"""

from alembic import op
import sqlalchemy as sa

from glance.db.migrations import ensure

_INDEXES = {
    'ix_own_images_created_at': ('images', ('created_at', 'id')),
    'ix_own_images_owner': ('images', ('owner', 'created_at', 'id')),
    'ix_own_images_visibility': ('images',
                                 ('visibility', 'created_at', 'id')),
    'ix_own_image_tags_value': ('image_tags', ('value', 'image_id')),
    'ix_own_image_members_member': ('image_members',
                                    ('member', 'image_id', 'status')),
}
_PROPERTIES = 'ix_own_image_properties_value'
# The usual client sorts by name, the newest first among equals.
_NAME = 'ix_own_images_name'


def create() -> None:
    for name, (table, columns) in _INDEXES.items():
        ensure.index(name, table, list(columns))
    value: str | sa.TextClause = 'value'
    first = sa.text('name')
    if op.get_bind().dialect.name == 'postgresql':
        value = sa.text('substr(value, 1, 100)')
        # Lists put images without a name first, as the other two do.
        first = sa.text('name NULLS FIRST')
    ensure.index(_NAME, 'images',
                 [first, sa.text('created_at DESC'), sa.text('id DESC')])
    ensure.index(_PROPERTIES, 'image_properties', ['name', value, 'image_id'],
                 mysql_length={'value': 100}, mariadb_length={'value': 100})


def drop() -> None:
    for name, (table, columns) in _INDEXES.items():
        ensure.no_index(name, table)
    ensure.no_index(_PROPERTIES, 'image_properties')
    ensure.no_index(_NAME, 'images')
