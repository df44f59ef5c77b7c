"""What the user of glance-replicator is told."""


class ReplicatorError(Exception):
    """Ends the program, or the work on one image; exit status 1."""
