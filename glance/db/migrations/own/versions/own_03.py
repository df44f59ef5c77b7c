"""Work that only one host can do, because the data is there."""

import sqlalchemy as sa

from glance.db.migrations import ensure

revision = 'own_03'
down_revision = 'own_02'


def upgrade():
    ensure.columns('work', sa.Column('host', sa.String(255)))


def downgrade():
    if ensure.has_column('work', 'host'):
        with ensure.altered('work') as batch:
            batch.drop_column('host')
