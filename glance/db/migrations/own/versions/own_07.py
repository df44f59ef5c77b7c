"""The request that has caused a unit of work."""

import sqlalchemy as sa

from glance.db.migrations import ensure

revision = 'own_07'
down_revision = 'own_06'


def upgrade():
    ensure.columns('work', sa.Column('request_id', sa.String(255)))


def downgrade():
    if ensure.has_column('work', 'request_id'):
        with ensure.altered('work') as batch:
            batch.drop_column('request_id')
