"""Image data out of the service: from the cache of this host, or a store."""

from oslo_log import log as logging
import webob

from glance.api.checks import access
from glance.api.checks import ranges
from glance.api import request
from glance.api import services
from glance.api.v2 import data
from glance.common import concurrency
from glance.common import exceptions
from glance.metrics import counters
from glance.objects import states
from glance import policy
from glance.store.transfer import download as downloads
from glance.store.transfer import image_data

LOG = logging.getLogger(__name__)

# Set by the filter `cache` of the pipeline.
USE_CACHE = 'glance.cache'


@request.no_body
def download(req, image_id):
    ctxt = req.context
    image = access.get_image(ctxt, image_id, 'download_image')
    preferred = _preferred_stores(req, image)
    if image['status'] == states.DEACTIVATED and not ctxt.is_admin:
        raise exceptions.Forbidden('Image %s is deactivated.' % image_id)
    stores = services.stores()
    locations = image_data.in_order(stores, image, preferred)
    if not locations and not image_data.is_damaged(image):
        return None
    part = ranges.parse(req.headers, image['size'])

    def open_data(offset=0, length=None):
        return image_data.open_(stores, image, locations, offset, length,
                                ctxt)

    more, reader = _from_cache(req, image, part, open_data)
    if reader is None:
        reader = concurrency.run_blocking(open_data, *(part or ()))
    return _response(req, image, part, reader, more)


def _preferred_stores(req, image):
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


def _from_cache(req, image, part, open_data):
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


def _response(req, image, part, reader, more):
    response = webob.Response(
        status=200 if part is None else 206, content_type=data.MEDIA_TYPE,
        app_iter=downloads.body(req.environ, reader,
                                _reporter(req.context, image, reader, more)))
    if part is None:
        response.content_length = image['size']
    else:
        offset, response.content_length = part
        response.headers['Content-Range'] = 'bytes %d-%d/%d' % (
            offset, offset + part[1] - 1, image['size'])
    # Of the whole, also beside a part: clients compare in the end.
    if image['checksum']:
        response.headers['Content-MD5'] = image['checksum']
    return response


def _reporter(ctxt, image, reader, more):
    """What to do when the last byte is on its way, or none comes any more.

    :param more: further keys of the event
    """
    def report(sent, complete):
        counters.IMAGE_BYTES.labels('out', reader.store_id or 'cache').inc(
            sent)
        events = services.registry().events
        tell_it = events.image_sent if complete else events.image_cut_off
        try:
            tell_it(ctxt, {
                'image_id': image['id'], 'bytes_sent': sent,
                'owner_id': image['owner'],
                'receiver_tenant_id': ctxt.project_id,
                'receiver_user_id': ctxt.user_id, **more})
        except exceptions.GlanceError as error:
            LOG.warning('Nobody is told that %d bytes of image %s were '
                        'read: %s', sent, image['id'], error)
    return report
