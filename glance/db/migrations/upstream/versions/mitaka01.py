"""Indexes for sorting images by time."""

from glance.db.migrations import ensure

revision = 'mitaka01'
down_revision = 'liberty'


def upgrade():
    ensure.index('created_at_image_idx', 'images', ['created_at'])
    ensure.index('updated_at_image_idx', 'images', ['updated_at'])
