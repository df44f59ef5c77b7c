"""Imports: tasks that bring data into an image."""

from glance.registry.rpcapi import base


class Imports(base.Resource):
    """What the work of a task does to its image, fenced by its attempt."""

    namespace = 'imports'
    version = '1.2'

    def begin(self, ctxt, image_id, task, plan, limits=None):
        """The image's status and lock, the task and its work; since 1.2.

        :param task: as for `Tasks.create`
        :param plan: {"kind", "input": with "method", "status": that the image
            must have, "stores": [ids], "is_multi": whether users know stores
            by id, "skips_held": whether stores that hold the image are left
            out, "repairs": [(location as it was read, {"url", "metadata"} as
            it should be), ...]}
        :param limits: of the image's project
        :returns: the whole task; None when every store holds the image
        :raises ImageNotFound:
        :raises Conflict: another status, or another task holds the lock
        :raises BadRequest: a store holds the image already
        :raises LimitExceeded:
        """
        return self._write(ctxt, 'begin', image_id=image_id, task=task,
                           plan=plan, limits=limits)

    def create_image(self, ctxt, work_id, attempt, image, limits=None):
        """The image of a task that makes one, importing; since 1.2.

        :param image: as for `Images.create`
        :returns: the image, also when it was made before
        :raises LeaseLost, LimitExceeded:
        """
        return self._write(ctxt, 'create_image', work_id=work_id,
                           attempt=attempt, image=image, limits=limits)

    def begin_store(self, ctxt, work_id, attempt, image_id, store_id):
        """Data is about to be written to a store; since 1.2.

        :param store_id: for readers of events, None for a single store
        :raises LeaseLost, Gone:
        """
        self._write(ctxt, 'begin_store', work_id=work_id, attempt=attempt,
                    image_id=image_id, store_id=store_id)

    def finish_store(self, ctxt, work_id, attempt, image_id, store_id,
                     location, values, progress):
        """Data is in a store; since 1.2.

        :param location: {"url", "metadata"}, and "readers" as for
            `Images.update`
        :param values: columns and `properties` with which the image becomes
            active; None when it is, or does not become so yet
        :param progress: see `Work.advance`
        :raises LeaseLost, Gone: the data must be removed
        """
        self._write(ctxt, 'finish_store', work_id=work_id, attempt=attempt,
                    image_id=image_id, store_id=store_id, location=location,
                    values=values, progress=progress)

    def fail_store(self, ctxt, work_id, attempt, image_id, store_id, reason,
                   progress):
        """One store did not take the data, the task goes on; since 1.2.

        :raises LeaseLost, Gone:
        """
        self._write(ctxt, 'fail_store', work_id=work_id, attempt=attempt,
                    image_id=image_id, store_id=store_id, reason=reason,
                    progress=progress)

    def undo_store(self, ctxt, work_id, attempt, image_id, url, progress):
        """Take a location back; its data is deleted later; since 1.2.

        :raises LeaseLost:
        """
        self._write(ctxt, 'undo_store', work_id=work_id, attempt=attempt,
                    image_id=image_id, url=url, progress=progress)

    def discard_later(self, ctxt, work_id, attempt, image_id, store_id,
                      attempts):
        """Remove what is left in a store once it can be used; since 1.2.

        :param attempts: names that data was written under
        :raises LeaseLost:
        """
        self._write(ctxt, 'discard_later', work_id=work_id, attempt=attempt,
                    image_id=image_id, store_id=store_id, attempts=attempts)
