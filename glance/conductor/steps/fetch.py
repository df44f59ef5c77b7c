"""Data comes into the staging area of this host, or is found there."""

import typing

from glance.common import concurrency
from glance.common import exceptions
from glance.common import fetching
from glance.common import limits
from glance.conductor import flow_runner
from glance.conductor import job as jobs
from glance.conductor.steps import sources
from glance.conf import CONF
from glance.store.checks import inspection
from glance.store import driver
from glance.store import staging
from glance.store.transfer import upload

NAME = 'fetch'


class Taken(typing.TypedDict):
    """What was staged before its import."""

    url: str
    attempt: str | None


class Counted:
    """A source that tells its job how much was read, and stops with it."""

    def __init__(self, job: jobs.Job, source: sources.Source) -> None:
        self._job, self._source = job, source
        # Several stores may be written at the same time.
        job.done = job.done or 0
        if source.length is not None:
            job.total = (job.total or 0) + source.length

    def read(self, size: int) -> bytes | memoryview:
        data = self._source.read(size)
        self._job.done = (self._job.done or 0) + len(data)
        return data


class TakeStaged(flow_runner.Step):
    """glance-direct: the data was uploaded before."""

    name = NAME
    title = 'take staged data'

    def execute(self, job: jobs.Job) -> None:
        url = _taken(job)['url']
        try:
            size = staging.store(job.stores).size(url)
        except exceptions.NotFound:
            raise exceptions.Gone(
                'The staged data is not there any more.') from None
        job.state['staged'] = {'url': url, 'size': size}

    def revert(self, job: jobs.Job) -> None:
        concurrency.run_blocking(remove, job)


def _taken(job: jobs.Job) -> Taken:
    """What was staged before; old releases made no record of it."""
    staged: Taken | None = job.input.get('staged')
    return staged or {'url': staging.url(job.image_id), 'attempt': None}


class Fetch(flow_runner.Step):
    """Data of a URL, or of another region."""

    name = NAME
    title = 'fetch'
    can_start_again = True

    def execute(self, job: jobs.Job) -> None:
        concurrency.run_blocking(remove, job)
        received = _receive(job, staging.store(job.stores))
        job.state['staged'] = {'url': received.url, 'size': received.size}
        job.host = staging.host()
        charge(job, received.size)

    def revert(self, job: jobs.Job) -> None:
        concurrency.run_blocking(remove, job)


def charge(job: jobs.Job, size: int) -> None:
    """The data counts until the end of the work, or is too much.

    What is exported is nobody's: it does not become the data of an image.

    :param size: bytes that will be stored
    """
    stores = job.input.get('stores')
    if stores is None:
        return
    image = job.registry.images.get(job.ctxt, job.image_id)
    # What a user has staged counts as the size of the image.
    growth = max(0, size - (image['size'] or 0))
    job.save(held={'stage_bytes': growth, 'store_bytes': size * len(stores)},
             limits=limits.of_project(image['owner'], limits.SIZE,
                                      limits.STAGE))


def _receive(job: jobs.Job, area: driver.Driver) -> upload.Received:
    trace, source = job.writes(area, NAME), Lazy(job)
    try:
        received: upload.Received = upload.store_file(
            source, area, job.image_id, trace.attempt,
            cap=CONF.image_size_cap, algorithm=CONF.hashing_algorithm,
            inspector=_inspector(job), cancelled=job.stopped)
    finally:
        concurrency.run_blocking(source.close)
    trace.note(received.url)
    return received


def _inspector(job: jobs.Job) -> inspection.Inspector | None:
    """Without plugins the data has to be right as it comes; with them it may
    have to be unpacked first, see `glance.conductor.steps.plugins`.
    """
    if job.input.get('plugins'):
        return None
    image = job.registry.images.get(job.ctxt, job.image_id)
    inspector: inspection.Inspector | None = inspection.for_image(
        sources.to_be(job, image), CONF)
    return inspector


class Lazy:
    """Opens its source at the first read, in the thread of the transfer."""

    def __init__(self, job: jobs.Job) -> None:
        self._job = job
        self._http: fetching.Source | None = None
        self._source: Counted | None = None
        self._left: int | None = None

    def read(self, size: int) -> bytes | memoryview:
        if self._source is None:
            self._source = self._opened()
        data = self._source.read(size)
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0 or (self._left and not data):
                raise fetching.Unreachable(
                    'The source did not give as much data as it announced.')
        return data

    def _opened(self) -> Counted:
        given = self._job.input
        self._http = fetching.open(given['uri'], given.get('headers'),
                                   given.get('private', False))
        self._left = self._expected(self._http.length)
        return Counted(self._job, self._http)

    def _expected(self, announced: int | None) -> int | None:
        wanted: int | None = self._job.state.get('source_size')
        if None not in (wanted, announced) and wanted != announced:
            raise fetching.Unreachable(
                'The source has another size than its image.')
        return announced if wanted is None else wanted

    def close(self) -> None:
        if self._http is not None:
            self._http.close()


def remove(job: jobs.Job) -> None:
    """Remove what the steps of this work have put into the staging area."""
    if not job.is_at_home():
        return
    area = staging.store(job.stores)
    for name in (NAME, *_plugin_names(job)):
        for attempt in (*job.earlier_attempts(name), job.attempt(name)):
            area.discard(job.image_id, attempt)
    if job.input.get('method') == 'glance-direct':
        taken = _taken(job)
        if taken['attempt']:
            area.discard(job.image_id, taken['attempt'])
        else:
            job.lease.do(area.delete, taken['url'])


def _plugin_names(job: jobs.Job) -> list[str]:
    count = len(job.input.get('plugins') or ()) or 1
    return ['plugin-%d' % number for number in range(count)]


class RemoveStaged(flow_runner.Step):
    """Nobody needs the staged data any more."""

    name = 'remove-staged'
    title = 'clean up'

    def execute(self, job: jobs.Job) -> None:
        concurrency.run_blocking(remove, job)
