"""Duties: what conductors do now and then, once in the cluster."""

import typing

from glance.common import context
from glance.objects import work
from glance.registry.rpcapi import base


class Duties(base.Resource):
    """A duty is known by its name; whoever claims it has a lease on it."""

    namespace = 'duties'
    version = '1.5'

    def claim(self, ctxt: context.Caller, worker: str,
              wanted: dict[str, float]) -> work.Duties:
        """Take what is due; since 1.5.

        When the answer is lost, the duty waits until its lease runs out. To
        ask for `staged@HOST` is a sign of life of that host.

        :param worker: who asks, for people who read the table
        :param wanted: {name: seconds between two runs}
        """
        return self._call(ctxt, 'claim', worker=worker, wanted=wanted)

    def renew(self, ctxt: context.Caller, name: str, attempt: int) -> None:
        """A sign of life; since 1.5.

        :raises LeaseLost: somebody else has it
        """
        self._call(ctxt, 'renew', name=name, attempt=attempt)

    def finish(self, ctxt: context.Caller, name: str, attempt: int,
               outcome: typing.Any, seconds: float) -> None:
        """It is done, or has failed; since 1.5.

        :param outcome: JSON-able, for people
        :param seconds: until it is due again
        :raises LeaseLost: somebody else has it
        """
        self._call(ctxt, 'finish', name=name, attempt=attempt,
                   outcome=outcome, seconds=seconds)
