"""No change: keeps the name of a release in the chain."""

revision = 'pike_expand01'
down_revision = 'ocata_expand01'


def upgrade():
    pass
