"""Image data leaves: to a store as a plain object, or to a web server."""

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions
from glance.common import fetching
from glance.conductor import flow_runner
from glance.conductor import job as jobs
from glance.conductor.steps import fetch
from glance.conductor.steps import sources
from glance.conf import CONF
from glance.objects import image as image_types
from glance.store import driver
from glance.store import staging
from glance.store.transfer import reader_file
from glance.store.transfer import threads
from glance.store.transfer import upload

LOG = log.getLogger(__name__)

LABEL = 'export'


class Fetch(flow_runner.Step):
    """The data comes into the staging area, to be converted."""

    name = fetch.NAME
    title = 'read the image'
    can_start_again = True

    def execute(self, job: jobs.Job) -> None:
        concurrency.run_blocking(fetch.remove, job)
        image = sources.image(job)
        source = sources.open(job, image)
        area = staging.store(job.stores)
        trace = job.writes(area, fetch.NAME)
        try:
            received = upload.store_file(
                fetch.Counted(job, source), area, job.image_id,
                trace.attempt, size=image['size'],
                algorithm=image['os_hash_algo'] or CONF.hashing_algorithm,
                cancelled=job.stopped)
        finally:
            source.close()
        sources.verify(image, received)
        trace.note(received.url)
        job.state['staged'] = {'url': received.url, 'size': received.size}
        job.host = staging.host()

    def revert(self, job: jobs.Job) -> None:
        concurrency.run_blocking(fetch.remove, job)


class _Send(flow_runner.Step):

    name = 'send'

    def _source(self, job: jobs.Job,
                image: image_types.Image) -> reader_file.ReaderFile:
        staged = job.state.get('staged')
        if staged is None:
            return sources.open(job, image)
        return reader_file.ReaderFile(
            staging.store(job.stores).open(staged['url']))


class ToStore(_Send):
    """An object of its own in a store, under the id of the task."""

    title = 'write to the store'

    def execute(self, job: jobs.Job) -> None:
        store = job.stores.by_id(job.input['store'])
        concurrency.run_blocking(self._discard, job, store,
                                 job.earlier_attempts(LABEL))
        image = sources.image(job)
        source = self._source(job, image)
        trace = job.writes(store, LABEL, job.id)
        try:
            received = upload.store_file(
                fetch.Counted(job, source), store, job.id,
                trace.attempt, size=source.length,
                algorithm=image['os_hash_algo'] or CONF.hashing_algorithm,
                cancelled=job.stopped)
        finally:
            source.close()
        trace.url = received.url
        try:
            if 'staged' not in job.state:
                sources.verify(image, received)
        except exceptions.GlanceError:
            trace.discard()
            raise
        trace.note(received.url)
        job.state['written'] = trace.attempt
        job.state['result'] = {
            'image_id': job.image_id, 'store': store.id,
            'object': store.place(received.url).name,
            'size': received.size, 'checksum': received.checksum,
            'os_hash_algo': received.os_hash_algo,
            'os_hash_value': received.os_hash_value}

    def revert(self, job: jobs.Job) -> None:
        store_id = job.input['store']
        attempts = [*job.earlier_attempts(LABEL), job.attempt(LABEL)]
        try:
            store = job.stores.by_id(store_id)
        except exceptions.BadRequest:
            LOG.error('The store %s is not configured; what task %s wrote '
                      'there may be left', store_id, job.id)
            job.registry.imports.discard_later(
                job.ctxt, job.id, job.number, job.id, store_id, attempts)
        else:
            concurrency.run_blocking(self._discard, job, store, attempts)

    @staticmethod
    def _discard(job: jobs.Job, store: driver.Driver,
                 attempts: list[str]) -> None:
        for attempt in attempts:
            store.discard(job.id, attempt)


class Settle(flow_runner.Step):
    """The object is there to stay."""

    name = 'settle'

    def execute(self, job: jobs.Job) -> None:
        store = job.stores.by_id(job.input['store'])
        concurrency.run_blocking(store.settle, job.id, job.state['written'])


class ToWeb(_Send):
    """A PUT; when it is cut off, the next one replaces what came through."""

    title = 'send'

    def execute(self, job: jobs.Job) -> None:
        image = sources.image(job)
        source = self._source(job, image)
        meter = sources.Hashing(image, fetch.Counted(job, source), job)
        length = image['size'] if source.length is None else source.length
        try:
            threads.call(fetching.send, job.input['url'], meter, length,
                         on_interrupt=meter.interrupt)
        finally:
            source.close()
        if 'staged' not in job.state:
            meter.verify()
        job.state['result'] = dict(
            meter.result(), image_id=job.image_id, url=job.input['url'])
