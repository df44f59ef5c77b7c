"""The resource type OS::Nova::Instance is called OS::Nova::Server."""

from alembic import op
import sqlalchemy as sa

revision = 'mitaka02'
down_revision = 'mitaka01'

_OLD, _NEW = 'OS::Nova::Instance', 'OS::Nova::Server'


def upgrade():
    types = sa.table('metadef_resource_types', sa.column('name', sa.String))
    # Names are unique; where someone has added the new one, both stay.
    known = set(op.get_bind().scalars(
        sa.select(types.c.name).where(types.c.name.in_([_OLD, _NEW]))))
    if known == {_OLD}:
        op.execute(types.update().where(types.c.name == _OLD)
                   .values(name=_NEW))
