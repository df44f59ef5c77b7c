"""What state images, locations, members, tasks and work are in.

Nobody else writes these words out. The image state machine is one table of
allowed changes. A status is changed in one place only,
`glance.registry.transitions`, by compare-and-set, and each change writes its
events.
"""

from glance.common import exceptions

# Of images.
QUEUED = 'queued'
SAVING = 'saving'
ACTIVE = 'active'
KILLED = 'killed'
DELETED = 'deleted'
UPLOADING = 'uploading'
IMPORTING = 'importing'
PENDING_DELETE = 'pending_delete'
DEACTIVATED = 'deactivated'

# In the order in which schemas name them.
TRANSITIONS = {
    QUEUED: (SAVING, UPLOADING, IMPORTING, ACTIVE, DELETED),
    SAVING: (ACTIVE, QUEUED, KILLED, DELETED),
    ACTIVE: (DEACTIVATED, PENDING_DELETE, DELETED),
    KILLED: (DELETED,),
    DELETED: (),
    UPLOADING: (IMPORTING, QUEUED, DELETED),
    IMPORTING: (ACTIVE, QUEUED, DELETED),
    PENDING_DELETE: (ACTIVE, DELETED),
    DEACTIVATED: (ACTIVE, PENDING_DELETE, DELETED),
}
# Those of images whose data is there for who may read it.
WITH_DATA = (ACTIVE, DEACTIVATED)

# Of locations: bad is one whose data was found to be damaged, verifying one
# whose data nobody has compared with the hash of the image yet.
LOCATION_ACTIVE = 'active'
LOCATION_VERIFYING = 'verifying'
LOCATION_BAD = 'bad'
LOCATION_PENDING_DELETE = 'pending_delete'
LOCATION_DELETED = 'deleted'
# What users see as the locations of an image.
LOCATIONS_SHOWN = (LOCATION_ACTIVE, LOCATION_VERIFYING)

# Of members, by their own word.
MEMBER_PENDING = 'pending'
MEMBER_ACCEPTED = 'accepted'
MEMBER_REJECTED = 'rejected'
MEMBERS = (MEMBER_PENDING, MEMBER_ACCEPTED, MEMBER_REJECTED)

# Of tasks.
TASK_PENDING = 'pending'
TASK_PROCESSING = 'processing'
TASK_SUCCESS = 'success'
TASK_FAILURE = 'failure'
TASKS = (TASK_PENDING, TASK_PROCESSING, TASK_SUCCESS, TASK_FAILURE)
TASKS_ENDED = (TASK_SUCCESS, TASK_FAILURE)

# Of work.
WORK_WAITING = 'waiting'
WORK_RUNNING = 'running'
# Somebody wants it to end; its worker undoes what it has done.
WORK_CANCELLED = 'cancelled'
# What it is for is done; what is left to do is not worth an undoing.
WORK_FINAL = 'final'
WORK_SETTLED = (WORK_CANCELLED, WORK_FINAL)


def check(old: str, new: str) -> None:
    """:raises InvalidStatusTransition: the table has no such change"""
    if new not in TRANSITIONS.get(old, ()):
        raise exceptions.InvalidStatusTransition(
            'Image status transition from %s to %s is not allowed'
            % (old, new))
