"""No change: keeps the name of a release in the chain."""

revision = 'train_expand01'
down_revision = 'rocky_expand02'


def upgrade():
    pass
