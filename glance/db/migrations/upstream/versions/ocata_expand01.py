"""Images have a visibility, beside is_public, which may now be empty.

The releases of that time kept the two equal by triggers. We do not: rows
that get no visibility from an older service are converted before is_public
goes away.
"""

from alembic import op
import sqlalchemy as sa

from glance.db.migrations import ensure

revision = 'ocata_expand01'
down_revision = 'mitaka02'
branch_labels = ('expand',)

_VISIBILITY = sa.Enum('private', 'public', 'shared', 'community',
                      name='image_visibility')


def upgrade():
    _VISIBILITY.create(op.get_bind(), checkfirst=True)
    ensure.columns('images', sa.Column('visibility', _VISIBILITY))
    ensure.index('visibility_image_idx', 'images', ['visibility'])
    if _is_public_required():
        with ensure.altered('images') as batch:
            batch.alter_column('is_public', existing_type=sa.Boolean(),
                               nullable=True)


def _is_public_required():
    return any(column['name'] == 'is_public' and not column['nullable']
               for column in ensure.inspector().get_columns('images'))
