"""The JSON schema documents."""

from collections.abc import Callable

from glance.api import request
from glance.api.schemas import image
from glance.api.schemas import member
from glance.api.schemas import metadef
from glance.api.schemas import task
from glance.api import views
from glance.common import exceptions

_DOCUMENTS: dict[str, Callable[[], views.View]] = {
    'image': image.image, 'images': image.images,
    'member': member.member, 'members': member.members,
    'task': task.task, 'tasks': task.tasks}
_METADEFS = metadef.documents()


@request.no_body
def get(req: request.Request, name: str) -> views.View:
    if name not in _DOCUMENTS:
        raise exceptions.NotFound()
    return _DOCUMENTS[name]()


@request.no_body
def get_metadef(req: request.Request, name: str) -> views.View:
    if name not in _METADEFS:
        raise exceptions.NotFound()
    return _METADEFS[name]
