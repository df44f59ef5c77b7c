"""Tasks: long work as users see it."""

from collections.abc import Sequence
import typing

from glance.common import context
from glance.objects import quota
from glance.objects import task as task_types
from glance.registry.rpcapi import base


class Tasks(base.Resource):
    """Tasks; the work behind one has its id."""

    namespace = 'tasks'
    version = '1.2'

    def list(self, ctxt: context.Caller,
             query: task_types.Query) -> Sequence[task_types.Listed]:
        """A page of the caller's tasks, of all for administrators; since 1.2.

        :raises InvalidMarker:
        """
        return self._call(ctxt, 'list', query=query)

    def list_of_image(self, ctxt: context.Caller,
                      image_id: str) -> Sequence[task_types.Task]:
        """Whole tasks of an image that the caller may see; since 1.2.

        :returns: oldest first; of large ones the newest ones only
        """
        return self._call(ctxt, 'list_of_image', image_id=image_id)

    def get(self, ctxt: context.Caller, task_id: str) -> task_types.Task:
        """One whole task; since 1.2.

        :raises NotFound: absent, or not of the caller's project
        """
        return self._call(ctxt, 'get', task_id=task_id)

    @base.since('1.4', 'limits', is_needed=False)
    def create(self, ctxt: context.Caller, task: task_types.NewTask,
               plan: task_types.Plan,
               limits: quota.Limits | None = None) -> task_types.Task:
        """A new task with its work; since 1.2.

        :param limits: of the project that is charged; since 1.4
        :raises LimitExceeded:
        """
        return self._write(ctxt, 'create', task=task, plan=plan,
                           limits=limits)

    def cancel(self, ctxt: context.Caller, task_id: str) -> None:
        """Ask for the end of a task; it fails when all is undone; since 1.2.

        :raises NotFound: as `get`
        :raises Conflict: it has ended
        """
        self._write(ctxt, 'cancel', task_id=task_id)

    def finish(self, ctxt: context.Caller, work_id: str, attempt: int,
               result: typing.Any) -> None:
        """The work is done, its task a success; since 1.2.

        :raises LeaseLost: somebody else has it
        """
        self._write(ctxt, 'finish', work_id=work_id, attempt=attempt,
                    result=result)

    def fail(self, ctxt: context.Caller, work_id: str, attempt: int,
             reason: str, failed: Sequence[str]) -> None:
        """The work is undone, its task a failure; since 1.2.

        Where the image has its data, the task is a success with a message.

        :param reason: for the user
        :param failed: ids of the stores that did not get the data
        :raises LeaseLost: somebody else has it
        """
        self._write(ctxt, 'fail', work_id=work_id, attempt=attempt,
                    reason=reason, failed=failed)

    def expire(self, ctxt: context.Caller, limit: int) -> int:
        """Forget ended tasks whose time is over; since 1.2.

        :returns: how many there were
        """
        return self._call(ctxt, 'expire', limit=limit)
