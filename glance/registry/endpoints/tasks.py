"""Tasks: what users see of long work, and how it ends."""

from collections.abc import Sequence
import typing

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.common import exceptions
from glance.db.durable import tasks as task_rows
from glance.db.durable import work
from glance.db.images import quotas
from glance.objects import quota
from glance.objects import task as task_types
from glance.registry import tasks
from glance.registry import transactions


class TasksEndpoint:
    """See `glance.registry.rpcapi.tasks.Tasks`."""

    target = oslo_messaging.Target(namespace='tasks', version='1.2')

    @transactions.read
    def list(self, conn: sa.Connection, ctxt: context.BusContext,
             query: task_types.Query) -> Sequence[task_types.Listed]:
        return task_rows.list(conn, query, tasks.project(ctxt))

    @transactions.read
    def list_of_image(self, conn: sa.Connection, ctxt: context.BusContext,
                      image_id: str) -> Sequence[task_types.Task]:
        return task_rows.list_of_image(conn, image_id, tasks.project(ctxt))

    @transactions.read
    def get(self, conn: sa.Connection, ctxt: context.BusContext,
            task_id: str) -> task_types.Task:
        return tasks.visible(conn, ctxt, task_id)

    @transactions.write
    def create(self, conn: sa.Connection, ctxt: context.BusContext,
               task: task_types.NewTask, plan: task_types.Plan,
               limits: quota.Limits | None = None) -> task_types.Task:
        quotas.check(conn, plan.get('project_id'), limits,
                     image_size_total=plan.get('store_bytes', 0),
                     image_count_total=1, image_count_uploading=1)
        return tasks.begin(conn, task, {**plan})

    @transactions.write
    def cancel(self, conn: sa.Connection, ctxt: context.BusContext,
               task_id: str) -> None:
        task_id = tasks.visible(conn, ctxt, task_id)['id']
        if not work.cancel(conn, task_id):
            raise exceptions.Conflict(
                'Task %s has ended, or has all but ended: the data is where '
                'it was to go.' % task_id)

    @transactions.write
    def finish(self, conn: sa.Connection, ctxt: context.BusContext,
               work_id: str, attempt: int, result: typing.Any) -> None:
        tasks.succeed(conn, work_id, attempt, result)

    @transactions.write
    def fail(self, conn: sa.Connection, ctxt: context.BusContext, work_id: str,
             attempt: int, reason: str, failed: Sequence[str]) -> None:
        tasks.fail(conn, work_id, attempt, reason, failed)

    @transactions.write
    def expire(self, conn: sa.Connection, ctxt: context.BusContext,
               limit: int) -> int:
        return task_rows.expire(conn, limit)
