"""Data goes into a store; the last or the first one makes the image active."""

from collections.abc import Sequence
import threading
import typing

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions
from glance.conductor import flow_runner
from glance.conductor import job as jobs
from glance.conductor.steps import fetch
from glance.conductor.steps import server_side
from glance.conductor.steps import sources
from glance.conf import CONF
from glance.objects import image as image_types
from glance.objects import location as location_types
from glance.store.checks import hashing
from glance.store.checks import inspection
from glance.store.checks import signatures
from glance.store import driver
from glance.store import staging
from glance.store import traces
from glance.store.transfer import reader_file
from glance.store.transfer import upload

LOG = log.getLogger(__name__)

LABEL = 'store'

_HASHES = ('size', 'virtual_size', 'checksum', 'os_hash_algo',
           'os_hash_value')


class Store(flow_runner.Step):
    """:param store_id: where the staged data goes"""

    def __init__(self, store_id: str) -> None:
        self.name = 'store:' + store_id
        self.title = 'write to ' + store_id
        self._id = store_id

    def execute(self, job: jobs.Job) -> None:
        if self._id in _stored(job):
            self._settle(job)
            return
        try:
            self._store(job)
        except (exceptions.LeaseLost, exceptions.Gone,
                exceptions.ImageNotFound):
            raise
        except exceptions.GlanceError as error:
            may_pass = flow_runner.may_pass(error)
            # What is recorded is data of the image, and nobody's to discard.
            if (self._id in _stored(job) or job.stopped() is not None or (
                    may_pass and job.tries < CONF.work.max_tries)):
                raise
            self._note_failed(job, error)
            if _must_succeed(job):
                raise

    def _store(self, job: jobs.Job) -> None:
        store = job.stores.by_id(self._id)
        for attempt in job.earlier_attempts(LABEL):
            concurrency.run_blocking(store.discard, job.image_id, attempt)
        job.registry.imports.begin_store(
            job.ctxt, job.id, job.number, job.image_id,
            self._id if job.stores.multi else None)
        trace = job.writes(store, LABEL)
        received = self._write(job, store, trace)
        trace.note(received.url)
        try:
            self._record(job, received)
        except (exceptions.LeaseLost, exceptions.NotFound, exceptions.Gone):
            trace.is_noted = False
            trace.discard()
            raise
        self._settle(job)

    def _write(self, job: jobs.Job, store: driver.Driver,
               trace: traces.Trace) -> upload.Received:
        image = job.registry.images.get(job.ctxt, job.image_id)
        values = sources.to_be(job, image)
        source = self._open(job, values)
        try:
            received: upload.Received = upload.store_file(
                fetch.Counted(job, source), store, job.image_id,
                trace.attempt, size=source.length,
                cap=self._cap(values),
                algorithm=self._algorithm(job, values),
                inspector=self._inspector(values), cancelled=job.stopped,
                context=sources.acting_for(job, image), checks=_checks(job))
        finally:
            source.close()
        trace.url = received.url
        try:
            self._verify(job, values, received)
        except exceptions.GlanceError:
            trace.discard()
            raise
        return received

    def _open(self, job: jobs.Job,
              values: image_types.Image) -> reader_file.ReaderFile:
        area = staging.store(job.stores)
        return reader_file.ReaderFile(area.open(job.state['staged']['url']))

    def _cap(self, values: image_types.Image) -> int:
        cap: int = CONF.image_size_cap
        return cap

    def _algorithm(self, job: jobs.Job, values: image_types.Image) -> str:
        return hashing.algorithm_for(values['os_hash_algo'])

    def _inspector(self, values: image_types.Image,
                   ) -> inspection.Inspector | None:
        inspector: inspection.Inspector | None = inspection.for_image(
            values, CONF)
        return inspector

    def _verify(self, job: jobs.Job, values: image_types.Image,
                received: upload.Received) -> None:
        """Every store gets the same data, and that which was announced."""
        sources.verify(job.state.get('hashes', values), received)

    def _record(self, job: jobs.Job, received: upload.Received) -> None:
        """The location, and the image's new state, in one transaction."""
        with job.changing():
            before = dict(job.state, stored=dict(_stored(job)))
            values = self._change(job, received)
            written: location_types.Written = {
                'url': received.url, 'metadata': received.metadata,
                'readers': job.stores.have_readers}
            try:
                job.write(job.registry.imports.finish_store, job.image_id,
                          self._id, written, values)
            except exceptions.GlanceError:
                # Refused, so the data has to go; see Job.write for no answer.
                job.state = before
                raise

    def _change(self, job: jobs.Job, received: upload.Received,
                ) -> image_types.Values | None:
        """:returns: with what the image becomes active, None if it does not
        """
        _stored(job)[self._id] = received.url
        job.state['hashes'] = {name: getattr(received, name)
                               for name in _HASHES}
        if not self._activates(job):
            return None
        job.state['active'] = True
        return typing.cast(image_types.Values, dict(
            job.state.get('values', {}), **job.state['hashes']))

    def _activates(self, job: jobs.Job) -> bool:
        if job.state.get('active'):
            return False
        if not _must_succeed(job):
            return True
        return set(_stored(job)) >= set(job.input['stores'])

    def _settle(self, job: jobs.Job) -> None:
        store = self._known(job)
        if store is None:
            return
        for attempt in _attempts(job):
            concurrency.run_blocking(store.settle, job.image_id, attempt)

    def _note_failed(self, job: jobs.Job,
                     error: exceptions.GlanceError) -> None:
        LOG.warning('Image %s could not be written to store %s: %s',
                    job.image_id, self._id, error)
        self._clean(job)
        with job.changing():
            job.state.setdefault('failed', []).append(self._id)
            job.write(job.registry.imports.fail_store, job.image_id,
                      self._id, error.message)

    def _clean(self, job: jobs.Job) -> None:
        """No attempt of this work leaves anything in the store."""
        attempts = _attempts(job)
        store = self._known(job)
        try:
            if store is None:
                raise exceptions.StoreUnavailable()
            for attempt in attempts:
                concurrency.run_blocking(store.discard, job.image_id,
                                         attempt)
        except exceptions.ServiceUnavailable:
            # The image need not wait for a store that is away.
            job.registry.imports.discard_later(
                job.ctxt, job.id, job.number, job.image_id, self._id,
                attempts)

    def _known(self, job: jobs.Job) -> driver.Driver | None:
        """:returns: the store; None when it is not configured any more"""
        try:
            store: driver.Driver = job.stores.by_id(self._id)
        except exceptions.BadRequest:
            LOG.error('The store %s is not configured; what was written there '
                      'for image %s may be left', self._id, job.image_id)
            return None
        return store

    def revert(self, job: jobs.Job) -> None:
        url = _stored(job).get(self._id)
        if url is None:
            if self._id not in job.state.get('failed', ()):
                self._clean(job)
            return
        self._settle(job)
        if not job.state.get('active') or job.kind == 'copy_image':
            del _stored(job)[self._id]
            job.write(job.registry.imports.undo_store, job.image_id, url)


class Copy(Store):
    """Data that the image has in another store already."""

    def _write(self, job: jobs.Job, store: driver.Driver,
               trace: traces.Trace) -> upload.Received:
        return (_copied(job, store, trace)
                or super()._write(job, store, trace))

    def _open(self, job: jobs.Job,
              values: image_types.Image) -> reader_file.ReaderFile:
        return sources.open(job, values, but=self._id)

    def _cap(self, values: image_types.Image) -> int:
        """An image that is there may be larger than a new one."""
        return max(super()._cap(values), values['size'] or 0)

    def _inspector(self, values: image_types.Image) -> None:
        return None

    def _activates(self, job: jobs.Job) -> bool:
        return False


class Clone(Store):
    """The data of another image."""

    def _write(self, job: jobs.Job, store: driver.Driver,
               trace: traces.Trace) -> upload.Received:
        return (_copied(job, store, trace)
                or super()._write(job, store, trace))

    def _open(self, job: jobs.Job,
              values: image_types.Image) -> reader_file.ReaderFile:
        return sources.open(job, sources.image(job))

    def _algorithm(self, job: jobs.Job, values: image_types.Image) -> str:
        return super()._algorithm(job, sources.image(job))

    def _inspector(self, values: image_types.Image) -> None:
        return None

    def _verify(self, job: jobs.Job, values: image_types.Image,
                received: upload.Received) -> None:
        known = sources.image(job)
        sources.verify(known, received)
        # What a guest sees of it is not looked at again.
        received.virtual_size = known['virtual_size']


class Stores(flow_runner.Step):
    """Several stores at the same time.

    :param steps: one for each store
    :param most: how many at a time
    """

    name = 'stores'
    title = 'write to all stores'

    def __init__(self, steps: Sequence[Store], most: int) -> None:
        self._steps, self._most = steps, most

    def execute(self, job: jobs.Job) -> None:
        room = threading.Semaphore(self._most)

        def one(step: Store) -> None:
            with room:
                job.check()
                step.execute(job)
        tasks = [concurrency.spawn(one, step) for step in self._steps]
        errors = []
        for task in tasks:
            try:
                task.wait()
            except Exception as error:
                errors.append(error)
        if errors:
            raise errors[0]

    def revert(self, job: jobs.Job) -> None:
        for step in reversed(self._steps):
            step.revert(job)


class CheckStored(flow_runner.Step):
    """At least one store has the data."""

    name = 'check'
    title = 'check'

    def execute(self, job: jobs.Job) -> None:
        if not _stored(job):
            raise exceptions.Conflict('No store has taken the data.')
        job.state['result'] = {'image_id': job.image_id}


def _copied(job: jobs.Job, store: driver.Driver,
            trace: traces.Trace) -> upload.Received | None:
    return server_side.copy(job, store, sources.image(job), trace.attempt)


def _checks(job: jobs.Job) -> list[signatures.Verifier]:
    """A signature is over the data of the image, whatever came before."""
    signature = job.input.get('signature')
    return [signatures.Verifier(signature)] if signature else []


def _stored(job: jobs.Job) -> dict[str, str]:
    """{store id: URL} of what is recorded."""
    stored: dict[str, str] = job.state.setdefault('stored', {})
    return stored


def _attempts(job: jobs.Job) -> list[str]:
    """The names that claims of this work have written under."""
    return [*job.earlier_attempts(LABEL), job.attempt(LABEL)]


def _must_succeed(job: jobs.Job) -> bool:
    return bool(job.input.get('must_succeed', True))


def steps(job: jobs.Job, kind: type[Store] = Store,
          ) -> Sequence[flow_runner.Step]:
    """The steps that write to all stores of an import.

    :param kind: Store or Copy
    """
    each = [kind(store_id) for store_id in job.input['stores']]
    most = job.input.get('parallel', 1)
    if most > 1 and len(each) > 1:
        return Stores(each, most), CheckStored()
    return *each, CheckStored()
