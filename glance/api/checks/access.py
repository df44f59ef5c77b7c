"""Fetch an image for a caller who may use it as wanted.

What a caller may not see does not exist for it (404); what it sees but may
not do is forbidden (403).
"""

import re

from glance.api import services
from glance.common import context
from glance.common import exceptions
from glance.objects import image as image_types
from glance import policy

# Identifiers of old releases need not be UUIDs, but fit the column.
_IMAGE_ID = re.compile(r'[0-9A-Za-z_.-]{1,36}\Z')


def is_image_id(text: str) -> bool:
    return bool(_IMAGE_ID.match(text))


def get_image(ctxt: context.RequestContext, image_id: str, *rules: str
              ) -> image_types.Image:
    """Fetch an image and ask the policy.

    :param rules: policy rules that have to hold, asked in this order
    :returns: image as the registry gives it
    :raises ImageNotFound: absent, or not for the eyes of the caller
    :raises Forbidden: visible, but a rule denies
    """
    if not is_image_id(image_id):
        raise exceptions.ImageNotFound(image_id=image_id[:64])
    image = services.registry().images.get(ctxt, image_id)
    for rule in rules:
        policy.authorize_image(ctxt, rule, image)
    return image
