"""Deactivate and reactivate images."""

from glance.api.checks import access
from glance.api import request
from glance.api import services


@request.no_body
def deactivate(req: request.Request, image_id: str) -> None:
    image = access.get_image(req.context, image_id, 'deactivate')
    services.registry().images.deactivate(req.context, image['id'])


@request.no_body
def reactivate(req: request.Request, image_id: str) -> None:
    image = access.get_image(req.context, image_id, 'reactivate')
    services.registry().images.reactivate(req.context, image['id'])
