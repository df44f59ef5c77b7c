"""Tables for events, leases, work and repeated calls; indexes for lists."""

import sqlalchemy as sa

from glance.db.migrations import ensure
from glance.db.migrations.own import indexes
from glance.db import types

revision = 'own_01'
down_revision = None

_metadata = sa.MetaData()
_MYSQL = {'mysql_engine': 'InnoDB', 'mysql_charset': 'utf8mb4'}

sa.Table(
    'outbox', _metadata,
    sa.Column('seq', types.BigKey, primary_key=True, autoincrement=True),
    sa.Column('message_id', sa.String(36), nullable=False),
    sa.Column('event_type', sa.String(64), nullable=False),
    sa.Column('priority', sa.String(8), nullable=False),
    sa.Column('payload', types.LongText, nullable=False),
    sa.Column('created_ms', sa.BigInteger, nullable=False),
    **_MYSQL)

sa.Table(
    'leases', _metadata,
    sa.Column('name', sa.String(64), primary_key=True),
    sa.Column('holder', sa.String(255), nullable=False),
    sa.Column('until_ms', sa.BigInteger, nullable=False),
    **_MYSQL)

sa.Table(
    'work', _metadata,
    sa.Column('id', sa.String(36), primary_key=True),
    sa.Column('kind', sa.String(64), nullable=False),
    sa.Column('image_id', sa.String(36)),
    sa.Column('state', sa.String(16), nullable=False),
    sa.Column('input', types.LongText, nullable=False),
    sa.Column('progress', types.LongText),
    sa.Column('attempt', sa.Integer, nullable=False),
    sa.Column('lease_owner', sa.String(255)),
    sa.Column('lease_until_ms', sa.BigInteger, nullable=False),
    sa.Column('last_error', sa.Text),
    sa.Column('created_ms', sa.BigInteger, nullable=False),
    sa.Index('ix_work_image_id', 'image_id'),
    sa.Index('ix_work_lease_until_ms', 'lease_until_ms'),
    **_MYSQL)

sa.Table(
    'calls', _metadata,
    sa.Column('call_id', sa.String(36), primary_key=True),
    sa.Column('answer', types.LongText),
    sa.Column('created_ms', sa.BigInteger, nullable=False),
    sa.Index('ix_calls_created_ms', 'created_ms'),
    **_MYSQL)


def upgrade():
    ensure.tables(_metadata)
    indexes.create()


def downgrade():
    indexes.drop()
    for table in reversed(_metadata.sorted_tables):
        ensure.no_table(table.name)
