"""Visibility replaces is_public.

Nothing is dropped before every image has a visibility: afterwards nobody can
tell public from private any more.
"""

from alembic import op
import sqlalchemy as sa

from glance.db.migrations import ensure
from glance.db.migrations.upgrade import visibility

revision = 'ocata_contract01'
down_revision = 'mitaka02'
branch_labels = ('contract', 'ocata01')
depends_on = 'ocata_expand01'

_VISIBILITY = sa.Enum('private', 'public', 'shared', 'community',
                      name='image_visibility')


def upgrade():
    visibility.drop_triggers(op.get_bind())
    visibility.convert(op.get_bind())
    with ensure.altered('images') as batch:
        batch.alter_column('visibility', existing_type=_VISIBILITY,
                           nullable=False, server_default='shared')
    ensure.no_index('ix_images_is_public', 'images')
    if ensure.has_column('images', 'is_public'):
        _drop_checks()
        with ensure.altered('images') as batch:
            batch.drop_column('is_public')


def _drop_checks():
    """MySQL refuses to drop a column that a check constraint names."""
    if op.get_bind().dialect.name not in ('mysql', 'mariadb'):
        return
    for check in ensure.inspector().get_check_constraints('images'):
        if 'is_public' in check['sqltext']:
            op.execute('ALTER TABLE images DROP CONSTRAINT `%s`'
                       % check['name'])
