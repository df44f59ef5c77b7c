"""The tasks that users can create by hand."""

import uuid

from glance.api.schemas import task as schema


def build(ctxt, body):
    """A task and the plan of its work from a request.

    :returns: (task, plan) as the registry takes them
    :raises BadRequest: the body is not valid, or what it names cannot be used
    """
    schema.check_new(body, _KINDS)
    image_id, given = _KINDS[body['type']](ctxt, body['input'])
    return ({'id': str(uuid.uuid4()), 'type': body['type'],
             'owner': ctxt.project_id, 'image_id': image_id,
             'request_id': ctxt.request_id, 'user_id': ctxt.user_id,
             'input': body['input']},
            {'kind': body['type'], 'input': given})


def import_body(task):
    """The request that a task of an import came from."""
    return task['input']['import_req']


_KINDS = {}
