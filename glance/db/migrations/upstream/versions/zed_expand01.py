"""No change: keeps the name of a release in the chain."""

revision = 'zed_expand01'
down_revision = 'yoga_expand01'


def upgrade():
    pass
