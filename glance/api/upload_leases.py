"""The lease of an upload: kept while its data arrives; what if it is lost."""

import time

from glance.api import services
from glance.common import concurrency
from glance.common import leases
from glance.store import traces

_GROWTH_INTERVAL = 2    # seconds


def of_upload(ctxt, image_id, upload, growth=None):
    """:param upload: what `uploads.begin` returned
    :param growth: `glance.api.v2.quotas.Growth` for the data that nobody has
        announced: the registry is told of it more often
    :returns: `glance.common.leases.Lease`, not kept yet
    """
    def renew():
        asked = time.monotonic()
        charge = (growth.held(), growth.limits) if growth else ()
        services.registry().uploads.renew(ctxt, image_id, upload['id'],
                                          upload['attempt'], *charge)
        lease.renewed(asked)
    interval = upload['lease'] / 3
    lease = leases.Lease(
        'the upload of image %s' % image_id, upload['lease'], renew,
        interval if growth is None else min(interval, _GROWTH_INTERVAL))
    return lease


def abandon(ctxt, store, image_id, upload, url, is_noted, is_last=False):
    """Remove data of an upload whose lease may be lost, unless it counts.

    :param is_noted: whether the registry may have been told that it does;
        nobody waits for its answer, then
    :param is_last: whether nobody goes on with the data when it counts
    """
    left = traces.Traces(lambda: services.registry().work.kept(
        ctxt, upload['id'], upload['attempt'], image_id))
    trace = left.begin(store, image_id, upload['id'])
    trace.url, trace.is_noted, trace.is_last = url, is_noted, is_last
    if is_noted:
        concurrency.spawn(left.remove_patiently)
    else:
        left.remove_patiently()
