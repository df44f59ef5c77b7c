"""Who uses which image."""

import sqlalchemy as sa

from glance.db.migrations import ensure
from glance.db import types

revision = 'own_09'
down_revision = 'own_08'

_metadata = sa.MetaData()
_MYSQL = {'mysql_engine': 'InnoDB', 'mysql_charset': 'utf8mb4'}

sa.Table(
    'image_uses', _metadata,
    sa.Column('kind', sa.String(16), primary_key=True),
    sa.Column('consumer_id', sa.String(36), primary_key=True),
    sa.Column('image_id', sa.String(36), primary_key=True),
    sa.Column('project_id', types.Exact(255)),
    sa.Column('since_ms', sa.BigInteger, nullable=False),
    sa.Column('seen_ms', sa.BigInteger, nullable=False),
    sa.Column('gone_ms', sa.BigInteger),
    sa.Column('until_ms', sa.BigInteger),
    sa.Index('ix_image_uses_image', 'image_id', 'until_ms', 'since_ms',
             'kind', 'consumer_id'),
    sa.Index('ix_image_uses_project', 'image_id', 'project_id', 'until_ms',
             'since_ms', 'kind', 'consumer_id'),
    sa.Index('ix_image_uses_until', 'until_ms'),
    **_MYSQL)

sa.Table(
    'image_usage', _metadata,
    sa.Column('image_id', sa.String(36), primary_key=True),
    sa.Column('use_count', sa.Integer, nullable=False),
    sa.Column('last_used_ms', sa.BigInteger, nullable=False),
    sa.Index('ix_image_usage_count', 'use_count', 'image_id'),
    sa.Index('ix_image_usage_last', 'last_used_ms', 'image_id'),
    **_MYSQL)


def upgrade():
    ensure.tables(_metadata)


def downgrade():
    for table in _metadata.sorted_tables:
        ensure.no_table(table.name)
