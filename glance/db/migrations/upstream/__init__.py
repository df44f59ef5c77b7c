"""The upstream lineage: versions are kept in `alembic_version`."""
