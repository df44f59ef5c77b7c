"""No change: keeps the name of a release in the chain."""

revision = 'ussuri_contract01'
down_revision = 'train_contract01'
depends_on = 'ussuri_expand01'


def upgrade():
    pass
