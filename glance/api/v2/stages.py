"""Stage: data is uploaded, and waits for its import."""

from collections.abc import Sequence

from oslo_log import log as logging

from glance.api.checks import access
from glance.api.checks import digest_headers
from glance.api.checks import image_limits as image_limits
from glance.api import request
from glance.api import services
from glance.api import upload_leases
from glance.api.v2 import data
from glance.api.v2 import quotas
from glance.common import answering
from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.common import leases
from glance.common import limits
from glance.conf import CONF
from glance.objects import quota
from glance.objects import upload as upload_types
from glance.store import driver
from glance.store.request import request_body
from glance.store import staging
from glance.store.transfer import contracts
from glance.store.transfer import upload as uploads

LOG = logging.getLogger(__name__)


def stage(req: request.Request, image_id: str) -> None:
    if 'glance-direct' not in CONF.enabled_import_methods:
        raise exceptions.NotFound(
            'The import method glance-direct is not enabled here.')
    ctxt = req.context
    image = access.get_image(ctxt, image_id, 'modify_image')
    data.check_media_type(req)
    size = data.announced_size(req)
    checks = digest_headers.checks(
        req.headers, lambda: request_body.trailers(req.environ))
    store = staging.store(services.stores())
    charged = limits.of_project(image['owner'], limits.STAGE,
                                limits.UPLOADING)
    announced = image_limits.check_size(size, req.content_length)
    begun = services.registry().stages.begin(
        ctxt, image['id'], staging.host(), announced, charged)
    growth = quotas.growth(announced, begun, charged, limits.STAGE)
    checks += [growth] if growth else []
    with upload_leases.of_upload(ctxt, image['id'], begun, growth) as lease:
        received = _receive(req, image['id'], store, begun, size, lease,
                            checks)
        with answering.soon():
            _finish(ctxt, image['id'], store, begun, received, charged)


def _receive(req: request.Request, image_id: str, store: driver.Driver,
             begun: upload_types.Begun, size: int | None, lease: leases.Lease,
             checks: Sequence[contracts.Check]) -> uploads.Received:
    try:
        return uploads.receive(
            req.environ, store, image_id, begun['id'], announced_size=size,
            cap=CONF.image_size_cap, algorithm=CONF.hashing_algorithm,
            cancelled=lease.lost, context=req.context,
            checks=checks)
    except Exception:
        _undo(req.context, image_id, store, begun,
              request_body.is_under_way(req.environ))
        raise


def _undo(ctxt: context.RequestContext, image_id: str, store: driver.Driver,
          begun: upload_types.Begun, received: bool) -> None:
    """The image goes back to queued when nothing is left of the data; what
    fails here a conductor does when the lease has run out.
    """
    try:
        concurrency.run_blocking(store.discard, image_id, begun['id'])
        services.registry().stages.fail(ctxt, image_id, begun['id'],
                                        begun['attempt'], received)
    except exceptions.GlanceError as failure:
        LOG.warning('The failed staging of image %s could not be undone: '
                    '%s', image_id, failure)
        upload_leases.abandon(ctxt, store, image_id, begun, None,
                              is_noted=False)


def _finish(ctxt: context.RequestContext, image_id: str, store: driver.Driver,
            begun: upload_types.Begun, received: uploads.Received,
            charged: quota.Limits) -> None:
    try:
        services.registry().stages.finish(
            ctxt, image_id, begun['id'], begun['attempt'],
            {'url': received.url, 'attempt': begun['id'],
             'size': received.size}, charged)
    except (exceptions.LeaseLost, exceptions.NotFound, exceptions.Gone):
        upload_leases.abandon(ctxt, store, image_id, begun, received.url,
                              is_noted=False)
        raise
    except (exceptions.LimitExceeded, exceptions.UploadBroken):
        _undo(ctxt, image_id, store, begun, received.size > 0)
        raise
    except exceptions.GlanceError as error:
        # The registry may have done it all the same.
        upload_leases.abandon(ctxt, store, image_id, begun, received.url,
                              is_noted=True)
        raise data.unsettled(error)
