"""No change: keeps the name of a release in the chain."""

revision = '2023_1_expand01'
down_revision = 'zed_expand01'


def upgrade():
    pass
