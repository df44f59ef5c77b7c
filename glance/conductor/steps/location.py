"""Data that is in a store, or on a web server, becomes that of an image."""

from oslo_log import log as logging

from glance.common import concurrency
from glance.common import exceptions
from glance.common import limits
from glance.conductor import flow_runner
from glance.conductor import job as jobs
from glance.conductor.steps import sources
from glance.conf import CONF
from glance.objects import image as image_types
from glance.objects import location as location_types
from glance.store import driver

LOG = logging.getLogger(__name__)

_WEB = ('http://', 'https://')


def _store(job: jobs.Job) -> driver.Driver:
    store: driver.Driver = job.stores.by_location(_location(job)).strict
    return store


def _location(job: jobs.Job) -> location_types.Where:
    return {'url': job.input['url'], 'metadata': job.input['metadata']}


def _digest(job: jobs.Job, algorithm: str) -> location_types.Facts:
    return sources.digest(job, _store(job), job.input['url'], algorithm)


class Look(flow_runner.Step):
    """There is data, and room for it in the quota of the project."""

    name = 'look'
    title = 'look for the data'

    def execute(self, job: jobs.Job) -> None:
        size = self._size(job)
        if not size:
            raise exceptions.BadRequest('There is no data at the location.')
        job.state['size'] = size
        owner = job.registry.images.get(job.ctxt, job.image_id)['owner']
        job.save(held={'store_bytes': size},
                 limits=limits.of_project(owner, limits.SIZE))

    @staticmethod
    def _size(job: jobs.Job) -> int:
        try:
            size: int = concurrency.run_blocking(_store(job).size,
                                                 job.input['url'])
            return size
        except exceptions.StoreUnavailable:
            if job.input['url'].startswith(_WEB):
                # Nobody waits for the server of a user.
                raise exceptions.BadRequest(
                    'The data at the location cannot be read.') from None
            raise

    def revert(self, job: jobs.Job) -> None:
        """What a service has put into a store for this image goes."""
        url = job.input['url']
        if job.state.get('saved') or url.startswith(_WEB):
            return
        if job.registry.locations.is_used(job.ctxt, url):
            LOG.warning('The data given for image %s stays: another image '
                        'has it', job.image_id)
            return
        try:
            concurrency.run_blocking(job.lease.do, _store(job).delete, url)
        except (exceptions.Forbidden, exceptions.InUseByStore,
                exceptions.BadRequest, exceptions.BadLocation) as error:
            LOG.warning('The data given for image %s stays in its store: %s',
                        job.image_id, error)


class Compare(flow_runner.Step):
    """The data has the hash that the caller has named."""

    name = 'compare'
    title = 'hash'

    def execute(self, job: jobs.Job) -> None:
        job.total = job.state['size']
        wanted = job.input['hashes']
        found = _digest(job, wanted['os_hash_algo'])
        if found['os_hash_value'] != wanted['os_hash_value'].lower():
            raise exceptions.Conflict(
                'The data has another hash than was given for it.')
        job.state['hashes'] = found


class Save(flow_runner.Step):
    """The image becomes active."""

    name = 'save'

    def execute(self, job: jobs.Job) -> None:
        if job.state.get('saved'):
            return
        values: image_types.Values = {'size': job.state['size'], **(
            job.state.get('hashes') or job.input['hashes'] or {})}
        written: location_types.Written = {
            **_location(job), 'readers': job.stores.have_readers}
        # Noted in the same transaction: what is saved is not undone.
        job.state['saved'] = True
        try:
            job.write(job.registry.imports.finish_store, job.image_id,
                      job.input['stores'][0], written, values)
        except exceptions.GlanceError:
            del job.state['saved']
            raise


class FillIn(flow_runner.Step):
    """The hashes follow; without them the image is good all the same."""

    name = 'fill-in'
    title = 'hash'

    def execute(self, job: jobs.Job) -> None:
        job.total = job.state['size']
        try:
            data = _digest(job, CONF.hashing_algorithm)
        except (exceptions.StoreUnavailable, exceptions.NotFound):
            return
        job.registry.locations.hashed(job.ctxt, job.image_id, job.id,
                                      job.number, job.input['url'], data,
                                      True)
