"""Stores that judge by themselves who may read have to be told.

Only callers know whether there are such stores: they say `readers` with what
they change, and the work is written in the same transaction.
"""

from collections.abc import Mapping
import typing

import sqlalchemy as sa

from glance.db.durable import work


def schedule(conn: sa.Connection, image_id: str,
             given: Mapping[str, typing.Any]) -> None:
    """:param given: what the caller has sent, with `readers` where it says so
    """
    if given.get('readers'):
        work.create(conn, 'set_readers', image_id, {})
