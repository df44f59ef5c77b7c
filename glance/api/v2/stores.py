"""Delete the data of an image from one of its stores."""

from oslo_log import log as logging

from glance.api.checks import access
from glance.api import request
from glance.api import services
from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.common import leases
from glance.conf import CONF
from glance.objects import image as image_types
from glance.objects import location as location_types
from glance.objects import states
from glance.store import driver

LOG = logging.getLogger(__name__)

_REMOVABLE = (states.LOCATION_ACTIVE, states.LOCATION_BAD)


@request.no_body
def delete(req: request.Request, store_id: str, image_id: str) -> None:
    ctxt = req.context
    if not services.stores().multi:
        raise exceptions.NotFound('Several stores are not configured here.')
    image = access.get_image(ctxt, image_id, 'get_image_location',
                             'delete_image_location')
    store = _find_store(store_id)
    location = _find_location(image, store)
    # What nobody may remove stays as it is.
    store.place(location['url'])
    is_shared = any(one['id'] != location['id']
                    and services.stores().may_be_same(one, location)
                    for one in image['locations'])
    lease = leases.Lease('the removal of data of image %s' % image_id,
                         CONF.work.lease, None)
    begun = services.registry().locations.begin_delete(
        ctxt, image['id'], location['id'], location['url'])
    if begun['attempt']:
        begun['shared'] |= is_shared
        _remove(ctxt, image['id'], store, location, begun, lease)


def _find_store(store_id: str) -> driver.Driver:
    try:
        return services.stores().get(store_id)
    except exceptions.BadRequest as error:
        raise exceptions.Conflict(error.message)


def _find_location(image: image_types.Image, store: driver.Driver
                   ) -> location_types.Location:
    if image['status'] != states.ACTIVE:
        raise exceptions.Conflict(
            'Image %s is %s; only the data of an active image can be deleted '
            'from one store.' % (image['id'], image['status']))
    found = [location for location in image['locations']
             if location['status'] in _REMOVABLE]
    for location in found:
        if _is_in(location, store):
            return location
    if len(found) == 1:
        # As clients know it: whatever store they name, it stays.
        raise exceptions.Forbidden(
            'The data of image %s is in one store only.' % image['id'])
    raise exceptions.NotFound('The data of image %s is not in store %s.'
                              % (image['id'], store.id))


def _is_in(location: location_types.Location, store: driver.Driver) -> bool:
    try:
        return services.stores().by_location(location) is store
    except exceptions.BadRequest:
        return False


def _remove(ctxt: context.RequestContext, image_id: str, store: driver.Driver,
            location: location_types.Location, begun: location_types.Removal,
            lease: leases.Lease) -> None:
    """From here on a conductor goes on if this process does not."""
    held = (image_id, location['id'], begun['id'], begun['attempt'])
    try:
        if not begun['shared']:
            concurrency.run_blocking(lease.do, store.delete, location['url'],
                                     context=ctxt)
    except (exceptions.InUseByStore, exceptions.BadLocation):
        services.registry().locations.fail_delete(ctxt, *held)
        raise
    except exceptions.Forbidden:
        # Nobody deletes there; that it is no location any more is enough.
        LOG.debug('The data of image %s stays where it is.', image_id)
    services.registry().locations.finish_delete(ctxt, *held)
