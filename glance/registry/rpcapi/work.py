"""Units of durable work."""

from collections.abc import Sequence

from glance.common import context
from glance.objects import quota
from glance.objects import upload
from glance.objects import work
from glance.registry.rpcapi import base


class Work(base.Resource):
    """Units of durable work, for conductors."""

    namespace = 'work'

    @base.since('1.2', 'host', is_needed=False)
    @base.since('1.4', 'left_out', is_needed=False)
    def claim(self, ctxt: context.Caller, worker: str, limit: int,
              host: str | None = None,
              left_out: Sequence[str] = ()) -> Sequence[work.Unit]:
        """Take work that nobody holds; since 1.0.

        When the answer is lost, the work waits until its lease runs out.

        :param worker: who asks, for people who read the table
        :param host: where it runs, to get what only that host can do; since
            1.2
        :param left_out: kinds of work that it does not want now; since 1.4
        """
        return self._call(ctxt, 'claim', worker=worker, limit=limit,
                          host=host, left_out=left_out)

    def advance(self, ctxt: context.Caller, work_id: str, attempt: int,
                progress: work.Progress, host: str | None = None,
                held: quota.Held | None = None,
                limits: quota.Limits | None = None) -> work.Advanced:
        """Note how far a flow is; a sign of life as well; since 1.2.

        The first one makes a waiting task a running one.

        :param host: the work can be done there only from now on
        :param held: to charge until the end
        :param limits: of the project, with `held`
        :raises LeaseLost: somebody else has it
        :raises LimitExceeded: the project has no room for what is held
        """
        return self._call(ctxt, 'advance', version='1.2', work_id=work_id,
                          attempt=attempt, progress=progress, host=host,
                          held=held, limits=limits)

    def finish(self, ctxt: context.Caller, work_id: str,
               attempt: int) -> None:
        """It is done, and nobody else need know; since 1.2.

        :raises LeaseLost: somebody else has it
        """
        self._write(ctxt, 'finish', version='1.2', work_id=work_id,
                    attempt=attempt)

    def hand_back(self, ctxt: context.Caller, work_id: str, attempt: int,
                  progress: work.Progress | upload.Left, reason: str,
                  seconds: float) -> None:
        """Let somebody go on from here after a while; since 1.2.

        :raises LeaseLost: somebody else has it
        """
        self._call(ctxt, 'hand_back', version='1.2', work_id=work_id,
                   attempt=attempt, progress=progress, reason=reason,
                   seconds=seconds)

    def renew(self, ctxt: context.Caller, work_id: str,
              attempt: int) -> None:
        """A sign of life; since 1.0.

        :raises LeaseLost: somebody else has it
        """
        self._call(ctxt, 'renew', work_id=work_id, attempt=attempt)

    def kept(self, ctxt: context.Caller, work_id: str, attempt: int,
             image_id: str | None) -> work.Kept:
        """What counts of the data that a claim may have written; since 1.8.

        Once a claim is not held any more, nothing that it has written becomes
        part of an image: what is not kept then never will be.
        """
        return self._call(ctxt, 'kept', version='1.8', work_id=work_id,
                          attempt=attempt, image_id=image_id)

    def put_back(self, ctxt: context.Caller, work_id: str, attempt: int,
                 reason: str) -> None:
        """Let somebody try again later, after growing pauses; since 1.0.

        :raises LeaseLost: somebody else has it
        """
        self._call(ctxt, 'put_back', work_id=work_id, attempt=attempt,
                   reason=reason)

    def data_deleted(self, ctxt: context.Caller, work_id: str, attempt: int,
                     image_id: str) -> None:
        """The bytes of one location are gone; since 1.0.

        :raises LeaseLost: somebody else has it
        """
        self._call(ctxt, 'data_deleted', work_id=work_id, attempt=attempt,
                   image_id=image_id)
