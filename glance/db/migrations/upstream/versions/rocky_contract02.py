"""No change: keeps the name of a release in the chain."""

revision = 'rocky_contract02'
down_revision = 'rocky_contract01'
depends_on = 'rocky_expand02'


def upgrade():
    pass
