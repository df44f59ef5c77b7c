"""Image data: upload and download. The bytes go past the registry."""

import dataclasses

from oslo_log import log as logging

from glance.api import services
from glance.api.v2 import access
from glance.api.v2 import leases
from glance.common import concurrency
from glance.common import exceptions
from glance.conf import CONF
from glance.store import inspection
from glance.store import upload as transfer

LOG = logging.getLogger(__name__)

MEDIA_TYPE = 'application/octet-stream'
_SIZE_HEADER = 'x-openstack-image-size'
_STORE_HEADER = 'X-Image-Meta-Store'


def upload(req, image_id):
    ctxt = req.context
    image = access.get_image(ctxt, image_id, 'upload_image')
    if req.content_type != MEDIA_TYPE:
        raise exceptions.UnsupportedMediaType(
            'Image data has the media type %s.' % MEDIA_TYPE)
    size = announced_size(req)
    store = _wanted_store(req)
    _check_takes_data(image)
    begun = services.registry().uploads.begin(
        ctxt, image_id, store.id if services.stores().multi else None,
        req.content_length if size is None else size)
    with leases.Keeper(ctxt, image_id, begun) as lease:
        received = _receive(req, image, store, begun, size, lease)
        _finish(ctxt, image_id, store, begun, received)


def announced_size(req):
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


def _wanted_store(req):
    stores = services.stores()
    store_id = req.headers.get(_STORE_HEADER)
    # The header means nothing where there is one store only.
    if store_id is None or not stores.multi:
        return stores.default
    return stores.get(store_id)


def _check_takes_data(image):
    if image['status'] != 'queued':
        raise exceptions.Conflict(
            'Image %s is %s; only a queued image takes data.'
            % (image['id'], image['status']))
    for name in ('disk_format', 'container_format'):
        if image[name] is None:
            raise exceptions.BadRequest(
                'Image %s has no %s; set it before the upload.'
                % (image['id'], name))


def _receive(req, image, store, begun, size, lease):
    try:
        return transfer.receive(
            req.environ, store, image['id'], begun['id'],
            announced_size=size, cap=CONF.image_size_cap,
            algorithm=CONF.hashing_algorithm,
            inspector=inspection.for_image(image, CONF),
            cancelled=lease.lost, context=req.context)
    except Exception as error:
        _fail(req.context, image['id'], begun, error)
        raise


def _fail(ctxt, image_id, begun, error):
    """The image goes back to queued; if that fails, its lease runs out."""
    reason = getattr(error, 'message', None) or 'Unexpected error'
    try:
        services.registry().uploads.fail(
            ctxt, image_id, begun['id'], begun['attempt'], reason)
    except exceptions.GlanceError as failure:
        LOG.warning('The failed upload of image %s could not be told to the '
                    'registry: %s', image_id, failure)


def _finish(ctxt, image_id, store, begun, received):
    try:
        services.registry().uploads.finish(
            ctxt, image_id, begun['id'], begun['attempt'],
            dataclasses.asdict(received))
    except (exceptions.LeaseLost, exceptions.NotFound, exceptions.Gone):
        concurrency.run_blocking(store.discard, image_id, begun['id'],
                                 received.url)
        raise
    # After any other error the registry may have done it all the same:
    # nothing is removed here, the lease decides.
    concurrency.run_blocking(store.settle, image_id, begun['id'])
