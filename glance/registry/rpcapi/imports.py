"""Imports: tasks that bring data into an image."""

from collections.abc import Sequence

from glance.common import context
from glance.objects import image as image_types
from glance.objects import location as location_types
from glance.objects import quota
from glance.objects import task as task_types
from glance.objects import work
from glance.registry.rpcapi import base


class Imports(base.Resource):
    """What the work of a task does to its image, fenced by its attempt."""

    namespace = 'imports'
    version = '1.2'

    def begin(self, ctxt: context.Caller, image_id: str,
              task: task_types.NewTask, plan: task_types.ImportPlan,
              limits: quota.Limits | None = None) -> task_types.Task | None:
        """The image's status and lock, the task and its work; since 1.2.

        :param limits: of the image's project
        :returns: None when every store holds the image
        :raises ImageNotFound:
        :raises Conflict: another status, or another task holds the lock
        :raises BadRequest: a store holds the image already
        :raises LimitExceeded:
        """
        return self._write(ctxt, 'begin', image_id=image_id, task=task,
                           plan=plan, limits=limits)

    def create_image(self, ctxt: context.Caller, work_id: str, attempt: int,
                     image: image_types.NewImage,
                     limits: quota.Limits | None = None
                     ) -> image_types.Record:
        """The image of a task that makes one, importing; since 1.2.

        :returns: the image, also when it was made before
        :raises LeaseLost, LimitExceeded:
        """
        return self._write(ctxt, 'create_image', work_id=work_id,
                           attempt=attempt, image=image, limits=limits)

    def begin_store(self, ctxt: context.Caller, work_id: str, attempt: int,
                    image_id: str, store_id: str | None) -> None:
        """Data is about to be written to a store; since 1.2.

        :param store_id: for readers of events, None for a single store
        :raises LeaseLost, Gone:
        """
        self._write(ctxt, 'begin_store', work_id=work_id, attempt=attempt,
                    image_id=image_id, store_id=store_id)

    def finish_store(self, ctxt: context.Caller, work_id: str, attempt: int,
                     image_id: str, store_id: str,
                     location: location_types.Written,
                     values: image_types.Values | None,
                     progress: work.Progress) -> None:
        """Data is in a store; since 1.2.

        :param values: None when the image is active, or does not become so
            yet
        :raises LeaseLost, Gone: the data must be removed
        """
        self._write(ctxt, 'finish_store', work_id=work_id, attempt=attempt,
                    image_id=image_id, store_id=store_id, location=location,
                    values=values, progress=progress)

    def fail_store(self, ctxt: context.Caller, work_id: str, attempt: int,
                   image_id: str, store_id: str, reason: str,
                   progress: work.Progress) -> None:
        """One store did not take the data, the task goes on; since 1.2.

        :raises LeaseLost, Gone:
        """
        self._write(ctxt, 'fail_store', work_id=work_id, attempt=attempt,
                    image_id=image_id, store_id=store_id, reason=reason,
                    progress=progress)

    def undo_store(self, ctxt: context.Caller, work_id: str, attempt: int,
                   image_id: str, url: str, progress: work.Progress) -> None:
        """Take a location back; its data is deleted later; since 1.2.

        :raises LeaseLost:
        """
        self._write(ctxt, 'undo_store', work_id=work_id, attempt=attempt,
                    image_id=image_id, url=url, progress=progress)

    def discard_later(self, ctxt: context.Caller, work_id: str, attempt: int,
                      image_id: str, store_id: str,
                      attempts: Sequence[str]) -> None:
        """Remove what is left in a store once it can be used; since 1.2.

        :param attempts: names that data was written under
        :raises LeaseLost:
        """
        self._write(ctxt, 'discard_later', work_id=work_id, attempt=attempt,
                    image_id=image_id, store_id=store_id, attempts=attempts)
