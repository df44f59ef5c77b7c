"""Images for which data has come and was lost."""

import sqlalchemy as sa

from glance.db.migrations import ensure

revision = 'own_08'
down_revision = 'own_07'

_metadata = sa.MetaData()

_broken_uploads = sa.Table(
    'broken_uploads', _metadata,
    sa.Column('image_id', sa.String(36), primary_key=True),
    sa.Column('since_ms', sa.BigInteger, nullable=False),
    mysql_engine='InnoDB', mysql_charset='utf8mb4')


def upgrade():
    ensure.tables(_metadata)


def downgrade():
    ensure.no_table('broken_uploads')
