"""Two alembic lineages: `upstream`, whose names and effects are those of the
releases before us, and `own`, for what we add beside its tables.

Databases of real releases are met half-way through a step, and MariaDB cannot
roll DDL back: each step looks before it changes (`ensure`), so that it can be
run again after it was cut off.
"""
