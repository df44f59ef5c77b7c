"""More indexes for lists: by name, of all images, of an owner or of a
visibility, and of an owner's images of one visibility.

Clients give one direction, which is that of all keys; so an index without
directions serves both.
"""

from alembic import op
import sqlalchemy as sa

from glance.db.migrations import ensure

# That of before had the newest first among equals, which no client asks for.
_BEFORE = 'ix_own_images_name'
_INDEXES = {'ix_own_images_by_name': (),
            'ix_own_images_owner_name': ('owner',),
            'ix_own_images_visibility_name': ('visibility',)}
# Of what an owner has, little may be of one visibility.
_VISIBILITY = 'ix_own_images_owner_visibility'


def create() -> None:
    is_postgresql = op.get_bind().dialect.name == 'postgresql'
    # Lists put images without a name first, as the other two do.
    name = sa.text('name NULLS FIRST' if is_postgresql else 'name')
    for index, first in _INDEXES.items():
        ensure.index(index, 'images', [*first, name, 'created_at', 'id'])
    ensure.no_index(_BEFORE, 'images')
    ensure.index(_VISIBILITY, 'images',
                 ['owner', 'visibility', 'created_at', 'id'])


def drop() -> None:
    for index in (*_INDEXES, _VISIBILITY):
        ensure.no_index(index, 'images')
