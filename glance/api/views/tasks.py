"""What clients see of tasks."""

from collections.abc import Iterable, Sequence
import typing
import urllib.parse

import webob

from glance.api import views
from glance.objects import task as task_objects

_BRIEF: typing.Final = ('id', 'type', 'status', 'owner')
_OPTIONAL: typing.Final = ('image_id', 'request_id', 'user_id')
_OF_IMAGE: typing.Final = (
    'id', 'type', 'status', 'owner', 'image_id', 'request_id', 'user_id',
    'created_at', 'updated_at', 'expires_at', 'deleted', 'deleted_at',
    'input', 'result')


def brief(task: task_objects.Listed) -> views.View:
    """An entry of a list."""
    view: views.View = {name: task[name] for name in _BRIEF}
    view.update({name: task[name] for name in _OPTIONAL if task[name]})
    for name in ('created_at', 'updated_at', 'expires_at'):
        if moment := task[name]:
            view[name] = moment[:19] + 'Z'
    view['self'] = '/v2/tasks/' + task['id']
    view['schema'] = '/v2/schemas/task'
    return view


def show(task: task_objects.Task) -> views.View:
    """One task, with its progress while it runs."""
    view = dict(brief(task), input=task['input'], result=task['result'],
                message=_message(task))
    progress = _progress(task)
    if progress:
        view['progress'] = progress
    return view


def list_(tasks: Iterable[task_objects.Listed],
          pairs: Sequence[tuple[str, str]], next_marker: str | None
          ) -> views.View:
    """:param pairs: of the query string, for the links"""
    query = [pair for pair in pairs if pair[0] != 'marker']
    view = {'tasks': [brief(task) for task in tasks],
            'first': _link(query), 'schema': '/v2/schemas/tasks'}
    if next_marker:
        view['next'] = _link(query + [('marker', next_marker)])
    return view


def list_of_image(tasks: Iterable[task_objects.Task]) -> views.View:
    """Here times have fractions of seconds and no zone, as clients know."""
    return {'tasks': [dict({name: task[name] for name in _OF_IMAGE},
                           message=_message(task), **_with_progress(task))
                      for task in tasks]}


def created(task: task_objects.Task, base_url: str) -> webob.Response:
    response = webob.Response(json_body=show(task), status=201,
                              content_type='application/json',
                              charset='UTF-8')
    response.location = '%s/v2/tasks/%s' % (base_url, task['id'])
    return response


def accepted(task: task_objects.Task) -> webob.Response:
    return webob.Response(json_body=show(task), status=202,
                          content_type='application/json', charset='UTF-8')


def _with_progress(task: task_objects.Task) -> views.View:
    progress = _progress(task)
    return {'progress': progress} if progress else {}


def _progress(task: task_objects.Task) -> views.View | None:
    noted = task['progress']
    if not noted or not noted.get('step'):
        return None
    done, total = noted.get('done'), noted.get('total')
    return {'step': noted['step'], 'bytes_done': done, 'bytes_total': total,
            'percent': min(100, done * 100 // total) if done is not None
            and total else None}


def _message(task: task_objects.Task) -> str:
    if task['message'] is None and task['progress']:
        done = task['progress'].get('done')
        if done is not None:
            return 'Copied %d MiB' % (done >> 20)
    return task['message'] or ''


def _link(pairs: Sequence[tuple[str, str]]) -> str:
    query = urllib.parse.urlencode(pairs)
    return '/v2/tasks' + ('?' + query if query else '')
