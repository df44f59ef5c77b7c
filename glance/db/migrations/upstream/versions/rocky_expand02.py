"""Images have a hash whose algorithm the operator chooses."""

import sqlalchemy as sa

from glance.db.migrations import ensure

revision = 'rocky_expand02'
down_revision = 'rocky_expand01'


def upgrade():
    ensure.columns('images', sa.Column('os_hash_algo', sa.String(64)),
                   sa.Column('os_hash_value', sa.String(128)))
    ensure.index('os_hash_value_image_idx', 'images', ['os_hash_value'])
