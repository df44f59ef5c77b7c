"""Tasks know their image, and the request and user they come from."""

import sqlalchemy as sa

from glance.db.migrations import ensure

revision = 'wallaby_expand01'
down_revision = 'ussuri_expand01'


def upgrade():
    ensure.columns('tasks', sa.Column('image_id', sa.String(36)),
                   sa.Column('request_id', sa.String(64)),
                   sa.Column('user_id', sa.String(64)))
    ensure.index('ix_tasks_image_id', 'tasks', ['image_id'])
