"""Whether data should be there: who deletes an image is no damage to it."""

from glance.common import exceptions


def is_recorded(registry, ctxt, image_id, location):
    """Whether an image still has a location, as the database is now.

    :param registry: `glance.registry.rpcapi.RegistryAPI`
    :param location: with its `url`, and its `id` where that is known
    """
    try:
        image = registry.images.get(ctxt, image_id)
    except exceptions.NotFound:
        return False
    return any(one['url'] == location['url']
               and location.get('id') in (None, one['id'])
               and one['status'] != 'pending_delete'
               for one in image['locations'])
