"""No change: keeps the name of a release in the chain."""

revision = 'queens_contract01'
down_revision = 'pike_contract01'
depends_on = 'queens_expand01'


def upgrade():
    pass
