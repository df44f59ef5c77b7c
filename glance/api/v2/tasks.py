"""Tasks: long work as its owners see it."""

import typing

import webob

from glance.api.checks import access
from glance.api import conductors
from glance.api.queries import filters
from glance.api.queries import task_filters
from glance.api import request
from glance.api.schemas import texts
from glance.api import services
from glance.api import task_types
from glance.api.v2 import imports
from glance.api import views
from glance.api.views import tasks as view
from glance.common import context
from glance.common import exceptions
from glance.objects import states
from glance.objects import task as task_objects
from glance import policy

_ACCESS = 'tasks_api_access'


def list_(req: request.Request) -> views.View:
    ctxt = req.context
    policy.authorize(ctxt, _ACCESS)
    policy.authorize(ctxt, 'get_tasks')
    pairs = filters.pairs(req.query_string)
    query = task_filters.parse(pairs)
    tasks = (services.registry().tasks.list(ctxt, query)
             if query['limit'] else [])
    is_full = bool(tasks) and len(tasks) >= query['limit']
    return view.list_(tasks, pairs, tasks[-1]['id'] if is_full else None)


def create(req: request.Request) -> webob.Response:
    ctxt = req.context
    policy.authorize(ctxt, _ACCESS)
    policy.authorize(ctxt, 'add_task')
    task = services.registry().tasks.create(
        ctxt, *task_types.build(ctxt, req.read_json()))
    conductors.wake(ctxt)
    return view.created(task, req.base_url)


def get(req: request.Request, task_id: str) -> views.View:
    policy.authorize(req.context, _ACCESS)
    policy.authorize(req.context, 'get_task')
    return view.show(_get(req.context, task_id))


def delete(req: request.Request, task_id: str) -> typing.NoReturn:
    policy.authorize(req.context, _ACCESS)
    raise exceptions.MethodNotAllowed(
        'Tasks are not deleted; they expire.', allowed=('GET',))


@request.no_body
def list_of_image(req: request.Request, image_id: str) -> views.View:
    image = access.get_image(req.context, image_id, 'get_image')
    return view.list_of_image(services.registry().tasks.list_of_image(
        req.context, image['id']))


@request.no_body
def cancel(req: request.Request, task_id: str) -> webob.Response:
    ctxt = req.context
    _authorize_change(ctxt, _get(ctxt, task_id))
    services.registry().tasks.cancel(ctxt, task_id)
    conductors.wake(ctxt)
    return view.accepted(services.registry().tasks.get(ctxt, task_id))


@request.no_body
def retry(req: request.Request, task_id: str) -> webob.Response:
    ctxt = req.context
    task = _get(ctxt, task_id)
    _authorize_change(ctxt, task)
    if task['status'] != states.TASK_FAILURE:
        raise exceptions.Conflict('Only a failed task can be tried again; '
                                  'this one is %s.' % task['status'])
    if task['type'] == 'api_image_import':
        again = imports.begin(ctxt, task['image_id'] or '',
                              *task_types.import_request(task))
    else:
        again = services.registry().tasks.create(ctxt, *task_types.build(
            ctxt, {'type': task['type'], 'input': task['input']}))
        conductors.wake(ctxt)
    return view.accepted(again or task)


def _get(ctxt: context.RequestContext, task_id: str) -> task_objects.Task:
    if not (texts.is_storable(task_id) and access.is_image_id(task_id)):
        raise exceptions.NotFound('No task found with ID %s' % task_id[:64])
    return services.registry().tasks.get(ctxt, task_id)


def _authorize_change(ctxt: context.RequestContext, task: task_objects.Task
                      ) -> None:
    """Who may change the image may also stop what is done to it."""
    if task['type'] == 'api_image_import':
        body, _store = task_types.import_request(task)
        method = body['method']['name']
        access.get_image(ctxt, task['image_id'] or '',
                         'copy_image' if method == 'copy-image'
                         else 'modify_image')
    else:
        policy.authorize(ctxt, _ACCESS)
        policy.authorize(ctxt, 'add_task')
