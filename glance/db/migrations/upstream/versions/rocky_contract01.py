"""No change: keeps the name of a release in the chain."""

revision = 'rocky_contract01'
down_revision = 'queens_contract01'
depends_on = 'rocky_expand01'


def upgrade():
    pass
