"""No change: keeps the name of a release in the chain."""

revision = 'yoga_contract01'
down_revision = 'xena_contract01'
depends_on = 'yoga_expand01'


def upgrade():
    pass
