"""From operations on locations to the changes asked of the registry.

Operations see what the ones before them did. New locations are looked at in
their stores: they must have data, of the size that the image has.
"""

from glance.api.checks import location_urls
from glance.api.checks import location_use
from glance.api import services
from glance.common import concurrency
from glance.common import exceptions
from glance.common import limits
from glance.conf import CONF
from glance.objects import states
from glance import policy
from glance.store import locations as repair

_STATUSES = (states.QUEUED, states.ACTIVE)
_HASHES = ('checksum', 'os_hash_algo', 'os_hash_value')


def build(ctxt, image, operations):
    """See "locations" in `glance.registry.rpcapi.locations`.

    :param operations: [location_patch.LocationOperation, ...], not empty
    :raises BadRequest, Forbidden, Conflict, LimitExceeded, InUseByStore:
    """
    _authorize(ctxt, image, operations)
    if image['status'] not in _STATUSES:
        raise exceptions.Conflict(
            'Locations cannot be changed while the image is %s.'
            % image['status'])
    before = [location for location in image['locations']
              if location['status'] in states.LOCATIONS_SHOWN]
    working = [_repaired(location) for location in before]
    for operation in operations:
        working = _APPLY[operation.verb](image, before, working, operation)
    if not working and (before or operations[-1].verb == 'replace'):
        raise exceptions.Forbidden(
            'The last location of an image cannot be removed.')
    _check_count(before, working)
    changes = _changes(ctxt, image, before, working)
    kept = {location['url'] for location in changes['after']}
    location_use.check_unused(ctxt, [location for location in before
                                     if location['url'] not in kept])
    return changes


def _authorize(ctxt, image, operations):
    verbs = {operation.verb for operation in operations}
    if verbs - {'remove'}:
        policy.authorize_image(ctxt, 'set_image_location', image)
    if 'remove' in verbs:
        policy.authorize_image(ctxt, 'delete_image_location', image)


def _add(image, before, working, operation):
    position = operation.position
    if position == '-':
        position = len(working)
    if position > len(working):
        raise exceptions.BadRequest('There is no such position of a location.')
    return working[:position] + [operation.value] + working[position:]


def _remove(image, before, working, operation):
    if operation.position >= len(working):
        raise exceptions.BadRequest('There is no such position of a location.')
    del working[operation.position]
    return working


def _replace(image, before, working, operation):
    known = {location['url']: location
             for location in map(_repaired, before)}
    if not known or not operation.value:
        return operation.value
    if {one['url'] for one in operation.value} != set(known):
        raise exceptions.BadRequest(
            'Replacing locations can change their metadata only.')
    return operation.value


_APPLY = {'add': _add, 'remove': _remove, 'replace': _replace}


def _check_count(before, working):
    """As the registry will; but each new one is looked for in its store."""
    if 0 <= CONF.image_location_quota < len(working) > len(before):
        raise exceptions.LimitExceeded(
            'The limit has been exceeded on the number of allowed image '
            'locations. Attempted: %d, Maximum: %d'
            % (len(working), CONF.image_location_quota))


def _changes(ctxt, image, before, working):
    facts = {name: image[name] for name in ('size',) + _HASHES}
    known = {_repaired(location)['url']: location for location in before}
    after = []
    for location in working:
        _take_validation_data(image, facts, location)
        if location['url'] in known:
            after.append(_kept(location, known[location['url']]))
        else:
            after.append(_new(ctxt, image, facts, location))
            _check_is_other(after[-1], before)
    return {'before': [_plain(location) for location in before],
            'after': after, 'limit': CONF.image_location_quota,
            'size': facts['size'] or 0, 'attributes': facts,
            'project_limits': limits.of_project(image['owner'], limits.SIZE)}


def _check_is_other(location, before):
    """:raises BadRequest: the image has this data by another name"""
    if any(services.stores().may_be_same(location, one) for one in before):
        raise exceptions.BadRequest('A location is there twice.')


def _plain(location):
    return {name: location[name] for name in ('url', 'metadata')}


def _repaired(location):
    return repair.repaired(services.stores(), location)


def _kept(location, known):
    return {'url': known['url'], 'metadata': location['metadata'],
            'status': known['status']}


def _take_validation_data(image, facts, location):
    """The hashes a user claims; a queued image takes them over.

    :raises Conflict:
    """
    given = location.get('validation_data')
    if given is None:
        return
    _check_validation_data(given)
    for name, value in given.items():
        if facts[name] is None and image['status'] == states.QUEUED:
            facts[name] = value
        elif facts[name] != value:
            raise exceptions.Conflict(
                '%s is not that of the image.' % name)


def _check_validation_data(given):
    if not isinstance(given, dict) or set(given) - set(_HASHES) or not all(
            isinstance(value, str) for value in given.values()):
        raise exceptions.Conflict('validation_data may hold the texts %s.'
                                  % ', '.join(_HASHES))
    if given.get('os_hash_algo') != CONF.hashing_algorithm:
        raise exceptions.Conflict('os_hash_algo must be %s.'
                                  % CONF.hashing_algorithm)
    location_urls.check_hash(given['os_hash_algo'],
                             given.get('os_hash_value'), exceptions.Conflict)
    if 'checksum' in given:
        location_urls.check_hash('md5', given['checksum'],
                                 exceptions.Conflict)


def _new(ctxt, image, facts, location):
    for name in ('disk_format', 'container_format'):
        if image[name] is None:
            raise exceptions.BadRequest(
                'Image %s has no %s; set it before a location.'
                % (image['id'], name))
    store = location_urls.find_store(ctxt, image, location['url'])
    location_urls.judge(location['url'])
    size = concurrency.run_blocking(location_urls.size, store,
                                    location['url'], ctxt)
    if facts['size'] is None:
        facts['size'] = size
    elif facts['size'] != size:
        raise exceptions.BadRequest(
            'The data has %d bytes, the image has %d.'
            % (size, facts['size']))
    metadata = dict(location['metadata'], **store.metadata)
    return dict({'url': location['url'], 'metadata': metadata},
                **_trust(ctxt, image))


def _trust(ctxt, image):
    """What is given is believed, unless the data is to be read and compared;
    that of a service or an administrator always is.
    """
    if not CONF.check_patched_locations or policy.check(ctxt, 'service_api'):
        return {'status': states.LOCATION_ACTIVE}
    if image['status'] == states.ACTIVE:
        return {'status': states.LOCATION_VERIFYING, 'hash': True}
    return {'status': states.LOCATION_ACTIVE, 'hash': True}
