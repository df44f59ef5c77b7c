"""Ids of images whose rows are gone, so that nobody takes them again."""

import sqlalchemy as sa

from glance.db.migrations import ensure

revision = 'own_05'
down_revision = 'own_04'

_metadata = sa.MetaData()

sa.Table(
    'purged_images', _metadata,
    sa.Column('id', sa.String(36), primary_key=True),
    mysql_engine='InnoDB', mysql_charset='utf8mb4')


def upgrade():
    ensure.tables(_metadata)


def downgrade():
    ensure.no_table('purged_images')
