"""Tasks: long work as users see it."""

from glance.registry.rpcapi import base


class Tasks(base.Resource):
    """A task: {"id", "type", "status", "owner", "image_id", "request_id",
    "user_id", "created_at", "updated_at", "expires_at", "deleted",
    "deleted_at"}, times as ISO text in UTC with fractions of a second; and,
    where it is whole, "input", "result", "message" and "progress" (see
    `Work.advance`) while it runs.

    The work behind a task has its id.
    """

    namespace = 'tasks'
    version = '1.2'

    def list(self, ctxt, query):
        """A page of the caller's tasks, of all for administrators; since 1.2.

        :param query: {"filters": {column: value}, "sort_key", "sort_dir",
            "marker": id or null, "limit": number}
        :raises InvalidMarker:
        """
        return self._call(ctxt, 'list', query=query)

    def list_of_image(self, ctxt, image_id):
        """Whole tasks of an image that the caller may see; since 1.2.

        :returns: oldest first; of large ones the newest ones only
        """
        return self._call(ctxt, 'list_of_image', image_id=image_id)

    def get(self, ctxt, task_id):
        """One whole task; since 1.2.

        :raises NotFound: absent, or not of the caller's project
        """
        return self._call(ctxt, 'get', task_id=task_id)

    @base.since('1.4', 'limits', is_needed=False)
    def create(self, ctxt, task, plan, limits=None):
        """A new task with its work; since 1.2.

        :param task: {"id", "type", "owner", "image_id", "request_id",
            "user_id", "input"}
        :param plan: {"kind", "input"} of the work, and, when it makes an
            image, the "project_id" that is charged with it and with
            "store_bytes"
        :param limits: of that project; since 1.4
        :returns: the whole task
        :raises LimitExceeded:
        """
        return self._write(ctxt, 'create', task=task, plan=plan,
                           limits=limits)

    def cancel(self, ctxt, task_id):
        """Ask for the end of a task; it fails when all is undone; since 1.2.

        :raises NotFound: as `get`
        :raises Conflict: it has ended
        """
        self._write(ctxt, 'cancel', task_id=task_id)

    def finish(self, ctxt, work_id, attempt, result):
        """The work is done, its task a success; since 1.2.

        :raises LeaseLost: somebody else has it
        """
        self._write(ctxt, 'finish', work_id=work_id, attempt=attempt,
                    result=result)

    def fail(self, ctxt, work_id, attempt, reason, failed):
        """The work is undone, its task a failure; since 1.2.

        Where the image has its data, the task is a success with a message.

        :param reason: for the user
        :param failed: ids of the stores that did not get the data
        :raises LeaseLost: somebody else has it
        """
        self._write(ctxt, 'fail', work_id=work_id, attempt=attempt,
                    reason=reason, failed=failed)

    def expire(self, ctxt, limit):
        """Forget ended tasks whose time is over; since 1.2.

        :returns: how many there were
        """
        return self._call(ctxt, 'expire', limit=limit)
