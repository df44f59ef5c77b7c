"""Images that an API host is to fetch into its cache."""

import sqlalchemy as sa

from glance.db.migrations import ensure
from glance.db import types

revision = 'own_04'
down_revision = 'own_03'

_metadata = sa.MetaData()

sa.Table(
    'cache_queue', _metadata,
    sa.Column('id', types.BigKey, primary_key=True, autoincrement=True),
    sa.Column('node_reference_id', sa.BigInteger, nullable=False),
    sa.Column('image_id', sa.String(36), nullable=False),
    sa.Column('created_ms', sa.BigInteger, nullable=False),
    sa.UniqueConstraint('node_reference_id', 'image_id',
                        name='uq_cache_queue_node_image'),
    mysql_engine='InnoDB', mysql_charset='utf8mb4')


def upgrade():
    ensure.tables(_metadata)


def downgrade():
    ensure.no_table('cache_queue')
