"""No change: keeps the name of a release in the chain."""

revision = 'wallaby_contract01'
down_revision = 'ussuri_contract01'
depends_on = 'wallaby_expand01'


def upgrade():
    pass
