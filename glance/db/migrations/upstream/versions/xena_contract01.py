"""No change: keeps the name of a release in the chain."""

revision = 'xena_contract01'
down_revision = 'wallaby_contract01'
depends_on = 'xena_expand01'


def upgrade():
    pass
