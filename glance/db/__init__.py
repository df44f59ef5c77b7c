"""The metadata database. Imported by the registry and glance-manage only."""
