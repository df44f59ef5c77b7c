"""Duties: what conductors do now and then, once in the cluster."""

import typing

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.conf import CONF
from glance.db.durable import duties
from glance.db.durable import hosts
from glance.objects import work
from glance.registry import transactions


# That of a host; none but its own conductors ask for it.
_OF_HOST = 'staged@'


class DutiesEndpoint:
    """See `glance.registry.rpcapi.duties` for arguments and answers."""

    target = oslo_messaging.Target(namespace='duties', version='1.5')

    @transactions.write
    def claim(self, conn: sa.Connection, ctxt: context.BusContext, worker: str,
              wanted: dict[str, float]) -> work.Duties:
        for name in wanted:
            if name.startswith(_OF_HOST):
                hosts.see(conn, name.removeprefix(_OF_HOST))
        return duties.claim(conn, worker, wanted, CONF.work.lease)

    @transactions.write
    def renew(self, conn: sa.Connection, ctxt: context.BusContext, name: str,
              attempt: int) -> None:
        duties.renew(conn, name, attempt, CONF.work.lease)

    @transactions.write
    def finish(self, conn: sa.Connection, ctxt: context.BusContext, name: str,
               attempt: int, outcome: typing.Any, seconds: float) -> None:
        duties.finish(conn, name, attempt, outcome, seconds)
