"""Names of an image's attributes and of its custom properties."""

# What requests may set, and what they may not.
SETTABLE = frozenset([
    'id', 'name', 'disk_format', 'container_format', 'visibility', 'owner',
    'min_disk', 'min_ram', 'protected', 'os_hidden', 'tags'])
READ_ONLY = frozenset([
    'checksum', 'created_at', 'direct_url', 'file', 'os_hash_algo',
    'os_hash_value', 'schema', 'self', 'size', 'status', 'stores',
    'updated_at', 'virtual_size'])
RESERVED = frozenset(['deleted', 'deleted_at', 'location'])
ATTRIBUTES = SETTABLE | READ_ONLY | RESERVED | {'locations'}

# What begins so is noted by the service itself; nobody else sets it.
RESERVED_PREFIX = 'os_glance'
# What imports note on their image, for clients to see: the task, the stores to
# do and those that failed. The lists stay, empty, when the task is over: that
# they are there and empty tells clients that it is.
IMPORT_TASK = 'os_glance_import_task'
IMPORT_LISTS = ('os_glance_importing_to_stores', 'os_glance_failed_import')
IMPORT_NOTES = (IMPORT_TASK, *IMPORT_LISTS)


def is_custom(name):
    """Whether it is a name for a property that operators or users think of."""
    return name not in ATTRIBUTES and not name.startswith(RESERVED_PREFIX)
