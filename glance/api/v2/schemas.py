"""The JSON schema documents."""

from glance.api import request
from glance.api.schemas import image
from glance.api.schemas import member
from glance.api.schemas import metadef
from glance.api.schemas import task
from glance.common import exceptions

_DOCUMENTS = {
    'image': image.image, 'images': image.images,
    'member': member.member, 'members': member.members,
    'task': task.task, 'tasks': task.tasks}
_METADEFS = metadef.documents()


@request.no_body
def get(req, name):
    if name not in _DOCUMENTS:
        raise exceptions.NotFound()
    return _DOCUMENTS[name]()


@request.no_body
def get_metadef(req, name):
    if name not in _METADEFS:
        raise exceptions.NotFound()
    return _METADEFS[name]
