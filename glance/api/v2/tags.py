"""Tags of an image: update (add one), delete."""

from glance.api.checks import access
from glance.api import request
from glance.api.schemas import texts
from glance.api import services
from glance.common import exceptions
from glance.conf import CONF

_MAX_TAG = 255


@request.no_body
def update(req: request.Request, image_id: str, tag: str) -> None:
    _check(tag)
    image = access.get_image(req.context, image_id, 'modify_image')
    services.registry().images.add_tag(req.context, image['id'], tag,
                                       CONF.image_tag_quota)


@request.no_body
def delete(req: request.Request, image_id: str, tag: str) -> None:
    _check(tag)
    image = access.get_image(req.context, image_id, 'modify_image')
    services.registry().images.remove_tag(req.context, image['id'], tag)


def _check(tag: str) -> None:
    texts.check(tag, 'The tag')
    if len(tag) > _MAX_TAG:
        raise exceptions.BadRequest(
            'A tag has at most %d characters.' % _MAX_TAG)
