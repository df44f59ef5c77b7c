"""Names of an image's attributes and of its custom properties."""

from glance.objects import attributes

# What requests may set, and what they may not.
SETTABLE = attributes.set_by(attributes.USERS)
READ_ONLY = attributes.set_by(attributes.SERVICE)
RESERVED = attributes.set_by(attributes.NOBODY)

# While it is `true` the image is not deleted as long as it is in use.
PROTECT_USED = 'os_protect_while_used'

# What begins so is noted by the service itself; nobody else sets it.
RESERVED_PREFIX = 'os_glance'
# What imports note on their image, for clients to see: the task, the stores to
# do and those that failed. The lists stay, empty, when the task is over: that
# they are there and empty tells clients that it is.
IMPORT_TASK = 'os_glance_import_task'
IMPORT_LISTS = ('os_glance_importing_to_stores', 'os_glance_failed_import')
IMPORT_NOTES = (IMPORT_TASK, *IMPORT_LISTS)


def is_custom(name: str) -> bool:
    """Whether it is a name for a property that operators or users think of."""
    return name not in attributes.NAMES and not name.startswith(
        RESERVED_PREFIX)
