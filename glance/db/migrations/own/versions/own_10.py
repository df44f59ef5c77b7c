"""Images that nobody uses have a sum as well, and ids are compared with those
of images by index. Lists by name have an index for the order of all keys.
"""

import sqlalchemy as sa

from glance.db.migrations import ensure
from glance.db.migrations.own import image_ids
from glance.db.migrations.own import more_indexes

revision = 'own_10'
down_revision = 'own_09'

_metadata = sa.MetaData()

sa.Table(
    'usage_filled', _metadata,
    sa.Column('id', sa.Integer, primary_key=True, autoincrement=False),
    sa.Column('until', sa.DateTime, nullable=False),
    mysql_engine='InnoDB', mysql_charset='utf8mb4')


def upgrade():
    ensure.tables(_metadata)
    image_ids.align()
    image_ids.rename_sums()
    more_indexes.create()


def downgrade():
    more_indexes.drop()
    ensure.no_table('usage_filled')
