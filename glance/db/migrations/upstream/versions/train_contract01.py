"""No change: keeps the name of a release in the chain."""

revision = 'train_contract01'
down_revision = 'rocky_contract02'
depends_on = 'train_expand01'


def upgrade():
    pass
