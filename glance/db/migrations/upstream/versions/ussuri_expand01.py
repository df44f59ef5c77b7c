"""No change: keeps the name of a release in the chain."""

revision = 'ussuri_expand01'
down_revision = 'train_expand01'


def upgrade():
    pass
