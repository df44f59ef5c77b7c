"""Names of custom properties."""

# What begins so is noted by the service itself; nobody else sets it.
RESERVED_PREFIX = 'os_glance'
# What imports note on their image, for clients to see: the task, the stores to
# do and those that failed. The lists stay, empty, when the task is over: that
# they are there and empty tells clients that it is.
IMPORT_TASK = 'os_glance_import_task'
IMPORT_LISTS = ('os_glance_importing_to_stores', 'os_glance_failed_import')
IMPORT_NOTES = (IMPORT_TASK, *IMPORT_LISTS)
