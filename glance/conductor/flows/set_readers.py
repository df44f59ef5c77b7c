"""Tell stores that judge by themselves who may read the data of an image."""

from glance.common import concurrency
from glance.common import exceptions
from glance.conductor import job as jobs
from glance.objects import location as location_types
from glance.store import backends
from glance.store import driver

_FOR_ALL = ('public', 'community')


def run(job: jobs.Job) -> None:
    told = None
    # What changes meanwhile has work of its own, whose conductor may have
    # been quicker: the last one to tell a store knows the last state.
    while (wanted := _wanted(job)) != told:
        _set_all(job.stores, *wanted)
        told = wanted
    job.registry.work.finish(job.ctxt, job.id, job.number)


def _wanted(job: jobs.Job) -> tuple[list[location_types.Location],
                                    list[str] | None]:
    """:returns: the locations, and ids of projects, None for all"""
    try:
        image = job.registry.images.get(job.ctxt, job.image_id)
    except exceptions.NotFound:
        return [], []
    if image['visibility'] in _FOR_ALL:
        return image['locations'], None
    # The data may be in the account of the service, or of whoever sent it.
    projects = {image['owner']} if image['owner'] else set()
    if image['visibility'] == 'shared':
        projects |= {member['member_id'] for member
                     in job.registry.members.list(job.ctxt, job.image_id)}
    return image['locations'], sorted(projects)


def _set_all(stores: backends.Stores,
             locations: list[location_types.Location],
             projects: list[str] | None) -> None:
    for location in locations:
        try:
            store = stores.by_location(location)
        except exceptions.BadRequest:
            continue
        if store.has_readers:
            _set(store, location['url'], projects)


def _set(store: driver.Driver, url: str,
         projects: list[str] | None) -> None:
    try:
        concurrency.run_blocking(store.set_readers, url, projects)
    except (exceptions.NotFound, exceptions.BadLocation):
        # Nobody can read it.
        pass
