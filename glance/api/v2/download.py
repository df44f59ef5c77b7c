"""Image data out of the service: from the cache of this host, or a store."""

import typing

from oslo_log import log as logging
import webob

from glance.api.checks import access
from glance.api.checks import ranges
from glance.api import request
from glance.api import services
from glance.api.v2 import data
from glance.cache import growing_file
from glance.common import context
from glance.common import exceptions
from glance.metrics import counters
from glance.objects import image as image_types
from glance.objects import states
from glance.objects import upload
from glance import policy
from glance.store import driver
from glance.store.transfer import download as downloads
from glance.store.transfer import image_data
from glance.store.transfer import outcome
from glance.store.transfer import threads

LOG = logging.getLogger(__name__)

# Set by the filter `cache` of the pipeline.
USE_CACHE = 'glance.cache'


class _More(typing.TypedDict, total=False):
    """Further keys of the event."""

    destination_ip: str | None


@request.no_body
def download(req: request.Request, image_id: str) -> webob.Response | None:
    ctxt = req.context
    image = access.get_image(ctxt, image_id, 'download_image')
    preferred = _preferred_stores(req, image)
    if image['status'] == states.DEACTIVATED and not ctxt.is_admin:
        raise exceptions.Forbidden('Image %s is deactivated.' % image_id)
    stores = services.stores()
    locations = image_data.in_order(stores, image, preferred)
    if not locations and not image_data.is_damaged(image):
        return None
    part = ranges.parse(req.headers, image['size'] or 0)

    def open_data(offset: int = 0, length: int | None = None) -> driver.Reader:
        return image_data.open_(stores, image, locations, offset, length,
                                ctxt)

    more, reader = _from_cache(req, image, part, open_data)
    if reader is None:
        reader = threads.call(lambda: open_data(*(part or ())))
    return _response(req, image, part, reader, more)


def _preferred_stores(req: request.Request, image: image_types.Image
                      ) -> list[str]:
    """Store ids of the query, in their order."""
    wanted = req.GET.get('prefer')
    if not wanted:
        return []
    if not services.stores().multi:
        raise exceptions.BadRequest(
            'There is one store only, none to prefer.')
    policy.authorize_image(req.context, 'download_from_store', image)
    return [services.stores().get(store_id.strip()).id
            for store_id in wanted.split(',')]


def _from_cache(req: request.Request, image: image_types.Image,
                part: ranges.Part | None, open_data: growing_file.OpenData
                ) -> tuple[_More, driver.Reader | None]:
    """A part of an image is served from a whole file only.

    :returns: (what the event says of it in addition, reader or None)
    """
    cache = services.cache() if req.environ.get(USE_CACHE) else None
    if cache is None:
        return {}, None
    reader = cache.open_whole(image, part)
    if reader is not None:
        cache.note_hit(image['id'])
        counters.CACHE_READS.labels('hit').inc()
        return {'destination_ip': req.remote_addr}, reader
    counters.CACHE_READS.labels('miss').inc()
    if part is None and cache.can_keep(image):
        return {}, cache.fetch(image, open_data)
    return {}, None


def _response(req: request.Request, image: image_types.Image,
              part: ranges.Part | None, reader: driver.Reader, more: _More
              ) -> webob.Response:
    response = webob.Response(
        status=200 if part is None else 206, content_type=data.MEDIA_TYPE,
        app_iter=downloads.body(req.environ, reader,
                                _reporter(req.context, image, reader, more)))
    if part is None:
        response.content_length = image['size']
    else:
        offset, response.content_length = part
        response.headers['Content-Range'] = 'bytes %d-%d/%d' % (
            offset, offset + part[1] - 1, image['size'] or 0)
    # Of the whole, also beside a part: clients compare in the end.
    if image['checksum']:
        response.headers['Content-MD5'] = image['checksum']
    return response


def _reporter(ctxt: context.RequestContext, image: image_types.Image,
              reader: driver.Reader, more: _More) -> outcome.OnDone:
    """What to do when the last byte is on its way, or none comes any more.

    :param more: further keys of the event
    """
    def report(sent: int, complete: bool) -> None:
        counters.IMAGE_BYTES.labels('out', reader.store_id or 'cache').inc(
            sent)
        payload: upload.Sent = {
            'image_id': image['id'], 'bytes_sent': sent,
            'owner_id': image['owner'],
            'receiver_tenant_id': ctxt.project_id,
            'receiver_user_id': ctxt.user_id, **more}
        if complete:
            services.sent_events().add(payload)
            return
        try:
            services.registry().events.image_cut_off(ctxt, payload)
        except exceptions.GlanceError as error:
            LOG.warning('Nobody is told that %d bytes of image %s were '
                        'read: %s', sent, image['id'], error)
    return report
