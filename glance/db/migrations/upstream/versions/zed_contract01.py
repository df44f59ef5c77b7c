"""No change: keeps the name of a release in the chain."""

revision = 'zed_contract01'
down_revision = 'yoga_contract01'
depends_on = 'zed_expand01'


def upgrade():
    pass
