"""No change: keeps the name of a release in the chain."""

revision = 'xena_expand01'
down_revision = 'wallaby_expand01'


def upgrade():
    pass
