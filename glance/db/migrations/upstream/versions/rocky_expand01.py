"""Images can be hidden."""

import sqlalchemy as sa

from glance.db.migrations import ensure

revision = 'rocky_expand01'
down_revision = 'queens_expand01'


def upgrade():
    ensure.columns('images', sa.Column(
        'os_hidden', sa.Boolean, nullable=False, server_default=sa.false()))
    ensure.index('os_hidden_image_idx', 'images', ['os_hidden'])
