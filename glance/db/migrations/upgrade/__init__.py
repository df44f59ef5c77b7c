"""Making and upgrading the database: what `glance-manage db` does."""
