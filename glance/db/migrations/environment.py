"""What both `env.py` do: run the steps on the connection that is handed in.

The connection is in a transaction already, which alembic leaves alone, so
that all steps take effect together where the database can do that.
"""

from alembic import context


def run() -> None:
    attributes = context.config.attributes
    context.configure(connection=attributes['connection'],
                      version_table=attributes['version_table'])
    context.run_migrations()
