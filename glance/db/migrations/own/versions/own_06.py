"""Duties done now and then, and what reading the stored data has found."""

import sqlalchemy as sa

from glance.db.migrations import ensure

revision = 'own_06'
down_revision = 'own_05'

_metadata = sa.MetaData()
_MYSQL = {'mysql_engine': 'InnoDB', 'mysql_charset': 'utf8mb4'}

sa.Table(
    'duties', _metadata,
    sa.Column('name', sa.String(255), primary_key=True),
    sa.Column('attempt', sa.Integer, nullable=False),
    sa.Column('lease_owner', sa.String(255)),
    sa.Column('lease_until_ms', sa.BigInteger, nullable=False),
    sa.Column('due_ms', sa.BigInteger, nullable=False),
    sa.Column('began_ms', sa.BigInteger),
    sa.Column('ended_ms', sa.BigInteger),
    sa.Column('outcome', sa.Text),
    **_MYSQL)

sa.Table(
    'audits', _metadata,
    sa.Column('location_id', sa.Integer, primary_key=True,
              autoincrement=False),
    sa.Column('audited_ms', sa.BigInteger, nullable=False),
    **_MYSQL)

sa.Table(
    'bad_locations', _metadata,
    sa.Column('location_id', sa.Integer, primary_key=True,
              autoincrement=False),
    sa.Column('image_id', sa.String(36), nullable=False),
    sa.Column('reason', sa.String(16), nullable=False),
    sa.Column('found_ms', sa.BigInteger, nullable=False),
    **_MYSQL)


def upgrade():
    ensure.tables(_metadata)


def downgrade():
    for table in _metadata.sorted_tables:
        ensure.no_table(table.name)
