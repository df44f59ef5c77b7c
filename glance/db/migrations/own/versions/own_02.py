"""What work holds of a project's quota, and the locks of projects."""

import sqlalchemy as sa

from glance.db.migrations import ensure

revision = 'own_02'
down_revision = 'own_01'

_INDEX = 'ix_work_project_id'
_metadata = sa.MetaData()

sa.Table(
    'project_locks', _metadata,
    sa.Column('project_id', sa.String(255), primary_key=True),
    sa.Column('taken', sa.BigInteger, nullable=False),
    mysql_engine='InnoDB', mysql_charset='utf8mb4',
    mysql_collate='utf8mb4_bin', mariadb_collate='utf8mb4_bin')


def upgrade():
    ensure.tables(_metadata)
    ensure.columns(
        'work',
        sa.Column('project_id', sa.String(255)),
        sa.Column('store_bytes', sa.BigInteger, nullable=False,
                  server_default='0'),
        sa.Column('stage_bytes', sa.BigInteger, nullable=False,
                  server_default='0'))
    ensure.index(_INDEX, 'work', ['project_id'])


def downgrade():
    ensure.no_index(_INDEX, 'work')
    with ensure.altered('work') as batch:
        for name in ('stage_bytes', 'store_bytes', 'project_id'):
            if ensure.has_column('work', name):
                batch.drop_column(name)
    ensure.no_table('project_locks')
