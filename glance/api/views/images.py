"""What clients see of an image and of a list of images."""

from collections.abc import Callable, Iterable, Mapping, Sequence
import urllib.parse

from glance.api import services
from glance.api import views
from glance.conf import CONF
from glance.objects import attributes
from glance.objects import image as image_types
from glance.objects import location as location_types
from glance.objects import states
from glance.store import locations as repair

# Where work on the image goes on is nobody's business.
_HIDDEN = frozenset(['os_glance_hash_op_host', 'os_glance_stage_host'])

# Whether the caller may see the URLs of an image.
SeesLocations = Callable[[image_types.Image], bool]


def show(image: image_types.Image, sees_locations: SeesLocations
         ) -> views.View:
    """One image.

    :param sees_locations: asked only if options say so
    """
    # Old releases stored null as the value of a property.
    view: views.View = {
        name: '' if value is None else value
        for name, value in image['properties'].items()
        if name not in _HIDDEN}
    record: Mapping[str, object] = image
    for name in attributes.SHOWN:
        view[name] = record[name]
    if CONF['usage'].enabled:
        # Registries of former releases do not tell.
        view.update((name, record[name]) for name in attributes.USAGE
                    if name in record)
    path = '/v2/images/' + image['id']
    view['self'] = path
    view['file'] = path + '/file'
    view['schema'] = '/v2/schemas/image'
    locations = image['locations']
    if CONF.enabled_backends and locations:
        locations = [{**one, **repair.repaired(services.stores(), one)}
                     for one in locations]
        _add_stores(view, locations)
    if CONF.show_image_direct_url or CONF.show_multiple_locations:
        _add_locations(view, locations if sees_locations(image) else [])
    return view


def list_(images: Iterable[image_types.Image],
          sees_locations: SeesLocations,
          pairs: Sequence[tuple[str, str]], next_marker: str | None
          ) -> views.View:
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


def shown_locations(image: image_types.Image) -> list[location_types.Where]:
    """The locations of an image, for those who may see them."""
    return [repair.repaired(services.stores(), location)
            for location in image['locations']
            if location['status'] in states.LOCATIONS_SHOWN]


def _add_stores(view: views.View, locations: Sequence[location_types.Location]
                ) -> None:
    active = [location for location in locations
              if location['status'] == states.LOCATION_ACTIVE]
    if active:
        view['stores'] = ','.join(filter(None, map(location_types.store_of,
                                                   active)))


def _add_locations(view: views.View,
                   locations: Sequence[location_types.Location]) -> None:
    shown = [{'url': location['url'], 'metadata': location['metadata']}
             for location in locations
             if location['status'] in states.LOCATIONS_SHOWN]
    if CONF.show_multiple_locations:
        view['locations'] = shown
    if CONF.show_image_direct_url and shown:
        view['direct_url'] = shown[0]['url']


def _link(pairs: Sequence[tuple[str, str]]) -> str:
    query = urllib.parse.urlencode(pairs)
    return '/v2/images' + ('?' + query if query else '')
