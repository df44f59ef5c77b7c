"""No change: keeps the name of a release in the chain."""

revision = '2023_1_contract01'
down_revision = 'zed_contract01'
depends_on = '2023_1_expand01'


def upgrade():
    pass
