"""Our own lineage: versions are kept in `glance_own_version`."""
