"""Image data into the service. The bytes go past the registry."""

from collections.abc import Sequence
import dataclasses
import typing

from oslo_log import log as logging

from glance.api.checks import access
from glance.api.checks import digest_headers
from glance.api.checks import image_limits as image_limits
from glance.api.checks import target_stores
from glance.api import request
from glance.api import services
from glance.api import upload_leases
from glance.api.v2 import quotas
from glance.common import answering
from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.common import leases
from glance.common import limits
from glance.conf import CONF
from glance.objects import image as image_types
from glance.objects import states
from glance.objects import upload as upload_types
from glance.store.checks import inspection
from glance.store.checks import signatures
from glance.store import driver
from glance.store.request import request_body
from glance.store.transfer import contracts
from glance.store.transfer import upload as uploads

LOG = logging.getLogger(__name__)

MEDIA_TYPE = 'application/octet-stream'
_SIZE_HEADER = 'x-openstack-image-size'


def upload(req: request.Request, image_id: str) -> None:
    ctxt = req.context
    image = access.get_image(ctxt, image_id, 'upload_image')
    check_media_type(req)
    size = announced_size(req)
    checks = digest_headers.checks(
        req.headers, lambda: request_body.trailers(req.environ))
    store = target_stores.for_upload(req.headers)
    _check_takes_data(image)
    signature = signatures.of_image(ctxt, image)
    begun, growth = _begin(req, image, store, size)
    checks += [growth] if growth else []
    if signature:
        checks.append(signatures.Verifier(signature))
    with upload_leases.of_upload(ctxt, image['id'], begun, growth) as lease:
        received = _receive(req, image, store, begun, size, lease, checks)
        with answering.soon():
            _finish(ctxt, image['id'], store, begun, received, lease, growth)


def check_media_type(req: request.Request) -> None:
    """:raises UnsupportedMediaType: it is not that of image data"""
    if req.media_type != MEDIA_TYPE:
        raise exceptions.UnsupportedMediaType(
            'Image data has the media type %s.' % MEDIA_TYPE)


def announced_size(req: request.Request) -> int | None:
    """The size header as a number of bytes, None without it.

    :raises BadRequest:
    """
    text = req.headers.get(_SIZE_HEADER)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise exceptions.BadRequest('%s is not a number of bytes.'
                                    % _SIZE_HEADER)
    return int(text)


def _check_takes_data(image: image_types.Image) -> None:
    if image['status'] != states.QUEUED:
        raise exceptions.Conflict(
            'Image %s is %s; only a queued image takes data.'
            % (image['id'], image['status']))
    for name in ('disk_format', 'container_format'):
        if image[name] is None:
            raise exceptions.BadRequest(
                'Image %s has no %s; set it before the upload.'
                % (image['id'], name))


def _begin(req: request.Request, image: image_types.Image,
           store: driver.Driver, size: int | None
           ) -> tuple[upload_types.Begun, quotas.Growth | None]:
    """:returns: what the registry says, and a `quotas.Growth` when the size
        is limited but not announced
    """
    announced = image_limits.check_size(size, req.content_length)
    charged = limits.of_project(image['owner'], limits.SIZE, limits.UPLOADING)
    begun = quotas.patiently(lambda: services.registry().uploads.begin(
        req.context, image['id'], store.id, services.stores().multi,
        announced, charged))
    return begun, quotas.growth(announced, begun, charged, limits.SIZE)


def _receive(req: request.Request, image: image_types.Image,
             store: driver.Driver, begun: upload_types.Begun, size: int | None,
             lease: leases.Lease, checks: Sequence[contracts.Check]
             ) -> uploads.Received:
    try:
        return uploads.receive(
            req.environ, store, image['id'], begun['id'],
            announced_size=size, cap=CONF.image_size_cap, checks=checks,
            algorithm=CONF.hashing_algorithm,
            inspector=inspection.for_image(image, CONF),
            cancelled=lease.lost, context=req.context)
    except Exception as error:
        _undo(req.context, image['id'], store, begun, error, lease,
              getattr(error, 'left_behind', None),
              request_body.is_under_way(req.environ))
        raise


def _undo(ctxt: context.RequestContext, image_id: str, store: driver.Driver,
          begun: upload_types.Begun, error: Exception, lease: leases.Lease,
          url: str | None, received: bool) -> None:
    """The image goes back to queued when nothing is left of the data.

    What the upload holds of a quota goes then, too. A store that fails is
    left to a conductor; if telling the registry fails, the lease runs out.

    :param url: of the data, where it was written
    :param received: whether the client has given any data away
    """
    reason = getattr(error, 'message', None) or 'Unexpected error'
    held = (begun['id'], begun['attempt'])
    is_gone = _discard(image_id, store, begun, url)
    try:
        # A renewal that came later would keep the work from conductors.
        lease.end()
        if is_gone:
            services.registry().uploads.fail(ctxt, image_id, *held, reason,
                                             received)
        else:
            services.registry().work.hand_back(
                ctxt, *held, {'url': url, 'reason': reason,
                              'received': received}, reason, 0)
    except exceptions.GlanceError as failure:
        LOG.warning('The failed upload of image %s could not be told to the '
                    'registry: %s', image_id, failure)
        if not is_gone:
            upload_leases.abandon(ctxt, store, image_id, begun, url,
                                  is_noted=False)


def _finish(ctxt: context.RequestContext, image_id: str, store: driver.Driver,
            begun: upload_types.Begun, received: uploads.Received,
            lease: leases.Lease, growth: quotas.Growth | None) -> None:
    try:
        services.registry().uploads.finish(
            ctxt, image_id, begun['id'], begun['attempt'],
            typing.cast(upload_types.Received, dict(
                dataclasses.asdict(received), readers=store.has_readers)),
            growth.limits if growth else None)
    except (exceptions.LeaseLost, exceptions.NotFound):
        upload_leases.abandon(ctxt, store, image_id, begun, received.url,
                              is_noted=False)
        raise
    except (exceptions.Gone, exceptions.LimitExceeded,
            exceptions.UploadBroken) as error:
        _undo(ctxt, image_id, store, begun, error, lease, received.url,
              received.size > 0)
        raise
    except exceptions.GlanceError as error:
        # The registry may have done it all the same.
        upload_leases.abandon(ctxt, store, image_id, begun, received.url,
                              is_noted=True, is_last=True)
        raise unsettled(error)
    concurrency.run_blocking(store.settle, image_id, begun['id'])


def unsettled(error: exceptions.GlanceError) -> exceptions.GlanceError:
    """:returns: the answer when nobody knows whether the data is recorded; the
        error itself where the registry has refused
    """
    if not isinstance(error, exceptions.ServiceUnavailable):
        return error
    return exceptions.UploadFailed(
        'All data has come, but whether it is recorded is not known: %s Look '
        'at the image, and send the data again only when it is queued.'
        % error.message)


def _discard(image_id: str, store: driver.Driver, begun: upload_types.Begun,
             url: str | None) -> bool:
    """:returns: whether the data is gone"""
    try:
        concurrency.run_blocking(store.discard, image_id, begun['id'], url)
        return True
    except exceptions.GlanceError as error:
        LOG.error('Data of image %s that nobody wants is left in store %s: '
                  '%s', image_id, store.id, error)
        return False
