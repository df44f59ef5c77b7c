"""No change: keeps the name of a release in the chain."""

revision = 'yoga_expand01'
down_revision = 'xena_expand01'


def upgrade():
    pass
