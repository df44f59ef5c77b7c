"""Tell stores that judge by themselves who may read the data of an image."""

from glance.common import concurrency
from glance.common import exceptions

_FOR_ALL = ('public', 'community')


def run(ctxt, registry, stores, unit):
    told = None
    # What changes meanwhile has work of its own, whose conductor may have
    # been quicker: the last one to tell a store knows the last state.
    while (wanted := _wanted(ctxt, registry, unit['image_id'])) != told:
        _set_all(stores, *wanted)
        told = wanted
    registry.work.finish(ctxt, unit['id'], unit['attempt'])


def _wanted(ctxt, registry, image_id):
    """:returns: the locations, and ids of projects, None for all"""
    try:
        image = registry.images.get(ctxt, image_id)
    except exceptions.NotFound:
        return [], []
    if image['visibility'] in _FOR_ALL:
        return image['locations'], None
    # The data may be in the account of the service, or of whoever sent it.
    projects = {image['owner']} - {None}
    if image['visibility'] == 'shared':
        projects |= {member['member_id'] for member
                     in registry.members.list(ctxt, image_id)}
    return image['locations'], sorted(projects)


def _set_all(stores, locations, projects):
    for location in locations:
        try:
            store = stores.by_location(location)
        except exceptions.BadRequest:
            continue
        if store.has_readers:
            _set(store, location['url'], projects)


def _set(store, url, projects):
    try:
        concurrency.run_blocking(store.set_readers, url, projects)
    except (exceptions.NotFound, exceptions.BadLocation):
        # Nobody can read it.
        pass
