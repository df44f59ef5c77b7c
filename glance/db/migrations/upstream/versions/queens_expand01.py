"""No change: keeps the name of a release in the chain."""

revision = 'queens_expand01'
down_revision = 'pike_expand01'


def upgrade():
    pass
