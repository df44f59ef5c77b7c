"""Whether data should be there: who deletes an image is no damage to it."""

from collections.abc import Mapping

from glance.common import exceptions
from glance.conductor import claims
from glance.objects import states


def is_recorded(claim: claims.Claim, image_id: str,
                location: Mapping[str, object]) -> bool:
    """Whether an image still has a location, as the database is now.

    :param location: with its `url`, and its `id` where that is known
    """
    try:
        image = claim.registry.images.get(claim.ctxt, image_id)
    except exceptions.NotFound:
        return False
    return any(one['url'] == location['url']
               and location.get('id') in (None, one['id'])
               and one['status'] != states.LOCATION_PENDING_DELETE
               for one in image['locations'])
