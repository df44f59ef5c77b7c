"""What the calls of the cache, new and old, have in common; and what happens
to the caches when an image goes.
"""

import json
import time

from oslo_log import log as logging
import webob

from glance.api.checks import access
from glance.api import services
from glance.common import exceptions
from glance.objects import states

LOG = logging.getLogger(__name__)


def queue(ctxt, cache, image_id):
    """Have this host fetch an image soon.

    :raises ImageNotFound: absent, or not for the eyes of the caller
    :raises BadRequest: it has no data that can be cached
    """
    image = access.get_image(ctxt, image_id)
    if image['status'] != states.ACTIVE:
        raise exceptions.BadRequest(
            'Image %s is %s: only active images can be cached.'
            % (image_id, image['status']))
    cache.queue(image['id'])
    _broadcast(lambda: services.announcer().look(ctxt, cache.node))


def document(cache, keys, **more):
    """What a cache holds, made of pieces: it may be a hundred thousand images,
    and other requests go on meanwhile.

    :param keys: what is shown of an image
    :param more: further members of the document
    """
    pieces = [b'{']
    for name, value in more.items():
        pieces.append(_json(name) + b': ' + _json(value) + b', ')
    pieces.append(b'"cached_images": [')
    for page in cache.pages():
        shown = [{key: entry[key] for key in keys} for entry in page]
        if shown:
            pieces += [_json(shown)[1:-1], b', ']
        time.sleep(0)
    if pieces[-1] == b', ':
        pieces.pop()
    pieces.append(b']}')
    return webob.Response(app_iter=pieces, content_type='application/json',
                          charset='UTF-8',
                          content_length=sum(map(len, pieces)))


def _json(value):
    return json.dumps(value).encode('ascii')


def drop(ctxt, image_id):
    """A deleted image leaves the caches of all hosts; those that do not hear
    of it find out when they are looked after.
    """
    cache = services.cache()
    if cache is not None:
        cache.drop(image_id)
        _broadcast(lambda: services.announcer().drop(ctxt, image_id))


def _broadcast(announce):
    try:
        announce()
    except exceptions.ServiceUnavailable as error:
        LOG.debug('The hosts with caches were not told: %s', error)
