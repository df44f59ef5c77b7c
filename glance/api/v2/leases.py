"""Keep the lease of an upload alive while its data arrives."""

import time

from glance.api import services
from glance.common import leases

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
