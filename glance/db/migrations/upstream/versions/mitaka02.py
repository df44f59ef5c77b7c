"""The resource type OS::Nova::Instance is called OS::Nova::Server."""

from alembic import op

from glance.db.migrations.upgrade import resource_types

revision = 'mitaka02'
down_revision = 'mitaka01'


def upgrade():
    resource_types.convert(op.get_bind())
