"""Which node has which image in its cache."""

import sqlalchemy as sa

from glance.db.migrations import ensure
from glance.db import types

revision = '2024_1_expand01'
down_revision = '2023_1_expand01'

_metadata = sa.MetaData()
_MYSQL = {'mysql_engine': 'InnoDB', 'mysql_charset': 'utf8'}

sa.Table(
    'node_reference', _metadata,
    sa.Column('node_reference_id', types.BigKey, primary_key=True),
    sa.Column('node_reference_url', sa.String(255), nullable=False),
    sa.UniqueConstraint('node_reference_url',
                        name='uq_node_reference_node_reference_url'),
    **_MYSQL)

sa.Table(
    'cached_images', _metadata,
    sa.Column('id', types.BigKey, primary_key=True),
    sa.Column('image_id', sa.String(36), nullable=False),
    sa.Column('last_accessed', sa.DateTime, nullable=False),
    sa.Column('last_modified', sa.DateTime, nullable=False),
    sa.Column('size', sa.BigInteger, nullable=False),
    sa.Column('hits', sa.Integer, nullable=False),
    sa.Column('checksum', sa.String(32)),
    sa.Column('node_reference_id', types.BigKey,
              sa.ForeignKey('node_reference.node_reference_id'),
              nullable=False),
    sa.UniqueConstraint('image_id', 'node_reference_id',
                        name='ix_cached_images_image_id_node_reference_id'),
    **_MYSQL)


def upgrade():
    ensure.tables(_metadata)
