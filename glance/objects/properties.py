"""Names of custom properties."""

# What begins so is noted by the service itself; nobody else sets it.
RESERVED_PREFIX = 'os_glance'
