"""Ask stores whether they need data before somebody gives it up."""

from collections.abc import Iterable

from oslo_log import log as logging

from glance.api import services
from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance.objects import location as location_types
from glance.objects import states

LOG = logging.getLogger(__name__)


def check_unused(ctxt: context.RequestContext,
                 locations: Iterable[location_types.Location]) -> None:
    """Conductors remove the data later, when nobody hears of a refusal.

    With delayed deletion there is time for the use to end.

    :param locations: those that the image is about to lose
    :raises InUseByStore: a store would not remove the data now
    """
    if CONF.delayed_delete:
        return
    for location in locations:
        if location['status'] != states.LOCATION_PENDING_DELETE:
            _check(ctxt, location)


def _check(ctxt: context.RequestContext, location: location_types.Location
           ) -> None:
    """A store that does not answer lets the removal wait, not the caller."""
    try:
        store = services.stores().by_location(location)
        concurrency.run_blocking(store.check_unused, location['url'],
                                 context=ctxt)
    except exceptions.InUseByStore:
        raise
    except exceptions.GlanceError as error:
        LOG.debug('It is not known whether data is in use: %s', error)
