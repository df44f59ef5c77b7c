"""Read by alembic."""

from glance.db.migrations import environment

environment.run()
