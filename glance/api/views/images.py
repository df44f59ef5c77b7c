"""What clients see of an image and of a list of images."""

import urllib.parse

from glance.api import services
from glance.conf import CONF
from glance.objects import attributes
from glance.objects import states
from glance.store import locations as repair

# Where work on the image goes on is nobody's business.
_HIDDEN = frozenset(['os_glance_hash_op_host', 'os_glance_stage_host'])


def show(image, sees_locations):
    """One image.

    :param image: image dict of the registry
    :param sees_locations: callable taking the image and saying whether the
                           caller may see URLs; asked only if options say so
    """
    # Old releases stored null as the value of a property.
    view = {name: '' if value is None else value
            for name, value in image['properties'].items()
            if name not in _HIDDEN}
    for name in attributes.SHOWN:
        view[name] = image[name]
    path = '/v2/images/' + image['id']
    view['self'] = path
    view['file'] = path + '/file'
    view['schema'] = '/v2/schemas/image'
    locations = image['locations']
    if CONF.enabled_backends and locations:
        locations = [dict(one, **repair.repaired(services.stores(), one))
                     for one in locations]
        _add_stores(view, locations)
    if CONF.show_image_direct_url or CONF.show_multiple_locations:
        _add_locations(view, locations if sees_locations(image) else [])
    return view


def list_(images, sees_locations, pairs, next_marker):
    """A page of images.

    :param sees_locations: see `show`
    :param pairs: (key, value) pairs of the query string, for the links
    :param next_marker: id of the last image when another page may follow
    """
    query = [pair for pair in pairs if pair[0] != 'marker']
    view = {'images': [show(image, sees_locations) for image in images],
            'first': _link(query),
            'schema': '/v2/schemas/images'}
    if next_marker:
        view['next'] = _link(query + [('marker', next_marker)])
    return view


def shown_locations(image):
    """The locations of an image, for those who may see them."""
    return [repair.repaired(services.stores(), location)
            for location in image['locations']
            if location['status'] in states.LOCATIONS_SHOWN]


def _add_stores(view, locations):
    active = [location for location in locations
              if location['status'] == states.LOCATION_ACTIVE]
    if active:
        view['stores'] = ','.join(
            location['metadata']['store'] for location in active
            if location['metadata'].get('store'))


def _add_locations(view, locations):
    shown = [{'url': location['url'], 'metadata': location['metadata']}
             for location in locations
             if location['status'] in states.LOCATIONS_SHOWN]
    if CONF.show_multiple_locations:
        view['locations'] = shown
    if CONF.show_image_direct_url and shown:
        view['direct_url'] = shown[0]['url']


def _link(pairs):
    query = urllib.parse.urlencode(pairs)
    return '/v2/images' + ('?' + query if query else '')
