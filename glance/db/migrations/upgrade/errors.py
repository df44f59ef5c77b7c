"""What can be wrong with a database to upgrade; messages are for operators."""


class UpgradeError(Exception):
    """The database cannot be brought where it was asked to go."""
