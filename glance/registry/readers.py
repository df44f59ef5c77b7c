"""Stores that judge by themselves who may read have to be told.

Only callers know whether there are such stores: they say `readers` with what
they change, and the work is written in the same transaction.
"""

from glance.db.durable import work


def schedule(conn, image_id, given):
    """:param given: a dict of the caller, with `readers` where it says so"""
    if given.get('readers'):
        work.create(conn, 'set_readers', image_id, {})
