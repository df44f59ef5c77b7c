"""Units of durable work."""

from glance.registry.rpcapi import base


class Work(base.Resource):
    """Units of durable work, for conductors."""

    namespace = 'work'

    def claim(self, ctxt, worker, limit):
        """Take work that nobody holds; since 1.0.

        When the answer is lost, the work waits until its lease runs out.

        :param worker: who asks, for people who read the table
        :returns: [{"id", "kind", "image_id", "attempt", "input"}]
        """
        return self._call(ctxt, 'claim', worker=worker, limit=limit)

    def renew(self, ctxt, work_id, attempt):
        """A sign of life; since 1.0.

        :raises LeaseLost: somebody else has it
        """
        self._call(ctxt, 'renew', work_id=work_id, attempt=attempt)

    def put_back(self, ctxt, work_id, attempt, reason):
        """Let somebody try again later; since 1.0.

        :raises LeaseLost: somebody else has it
        """
        self._call(ctxt, 'put_back', work_id=work_id, attempt=attempt,
                   reason=reason)

    def data_deleted(self, ctxt, work_id, attempt, image_id):
        """The bytes of one location are gone; since 1.0.

        :raises LeaseLost: somebody else has it
        """
        self._call(ctxt, 'data_deleted', work_id=work_id, attempt=attempt,
                   image_id=image_id)
