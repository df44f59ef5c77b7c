"""The image state machine: one table of allowed changes.

A status is changed in one place only, `glance.registry.transitions`, by
compare-and-set, and each change writes its events.
"""

from glance.common import exceptions

QUEUED = 'queued'
SAVING = 'saving'
UPLOADING = 'uploading'
IMPORTING = 'importing'
ACTIVE = 'active'
DEACTIVATED = 'deactivated'
KILLED = 'killed'
PENDING_DELETE = 'pending_delete'
DELETED = 'deleted'

TRANSITIONS = {
    QUEUED: (SAVING, UPLOADING, IMPORTING, ACTIVE, DELETED),
    SAVING: (ACTIVE, QUEUED, KILLED, DELETED),
    UPLOADING: (IMPORTING, QUEUED, DELETED),
    IMPORTING: (ACTIVE, QUEUED, DELETED),
    ACTIVE: (DEACTIVATED, PENDING_DELETE, DELETED),
    DEACTIVATED: (ACTIVE, PENDING_DELETE, DELETED),
    KILLED: (DELETED,),
    PENDING_DELETE: (ACTIVE, DELETED),
    DELETED: (),
}


def check(old: str, new: str) -> None:
    """:raises InvalidStatusTransition: the table has no such change"""
    if new not in TRANSITIONS.get(old, ()):
        raise exceptions.InvalidStatusTransition(
            'Image status transition from %s to %s is not allowed'
            % (old, new))
