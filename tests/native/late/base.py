"""A writer that stands still for longer than its lease, at every point.

It stands still at one point after the other; another one takes over and
finishes, the image may be deleted as well; then the first one goes on. What
is there in the end is what somebody owns, and all of that.
"""

import json
import os

import fixtures
import sqlalchemy as sa
from testtools import content
from testtools import content_type

from glance.common import context
from glance.common import exceptions
from glance.conductor import job_pool
from glance.conf import CONF
from glance.db.connect import engine
from glance.db import own_schema
from glance.db import schema
from glance.registry import rpcapi
from glance.store import backends as store_registry
from glance.store import staging
from tests.functional.imports import base
from tests.native.late import standing

DATA = os.urandom(100000)
# How the first one goes on: (whether it hears at once that its lease is lost,
# whether its next call is lost, whether the image is gone by then).
WORST = (False, True, True)
OTHERS = ((False, False, True), (True, False, False), (False, True, False))


class TestCase(base.TestCase):

    conductor = False

    def setUp(self):
        super().setUp()
        self.service.conf.config(group='work', retry_interval=1,
                                 poll_interval=300, progress_interval=300)
        self.web.add('cat', DATA)
        self.registry = rpcapi.connect()
        self.stores = self.load_stores()
        self.ctxt = context.internal()
        self.useFixture(fixtures.MonkeyPatch(
            'glance.store.drivers.file.part_file.PartFile', standing.PartFile))
        self.points = []
        # Where a test fails, the last one of these is why.
        self.addDetail('stood still', content.Content(
            content_type.UTF8_TEXT,
            lambda: ['\n'.join(self.points).encode()]))

    @staticmethod
    def load_stores():
        return store_registry.load(CONF)

    def new_image(self, data=None, **values):
        image_id = self.service.create(**values)['id']
        if data is not None:
            self.assertEqual(204, self.service.upload(
                image_id, data).status_int)
        return image_id

    def stand_everywhere(self, begin, check, first=None):
        """:param begin: makes work, or an image to write to; gives its id
        :param check: called with that when the image is there at the end
        :param first: called as first(way, image id): starts the writer
        """
        first = first or self.conduct_late
        given = begin()
        way = standing.Way()
        first(way, given).wait(standing.PATIENCE)
        passed = list(way.passed)
        self.conduct()
        self.check_owned()
        check(given)
        for number in range(1, len(passed) + 1):
            for how in (WORST, OTHERS[number % len(OTHERS)]):
                self._stand(passed, number, how, begin, check, first)

    def _stand(self, passed, number, how, begin, check, first):
        is_noted, is_mute, is_gone = how
        given = begin()
        way = standing.Way(number, is_mute)
        self.points.append('%d %s, %s%s%s' % (
            number, passed[number - 1], given, ', unanswered' * is_mute,
            ', deleted' * is_gone))
        task = first(way, given)
        self.assertTrue(way.reached.wait(standing.PATIENCE))
        self.conduct()
        if is_gone:
            self.delete(given)
        if is_noted:
            way.hear()
        way.wake()
        task.wait(standing.PATIENCE)
        self.conduct()
        self.check_owned()
        if not is_gone:
            check(given)

    def delete(self, image_id):
        self.assertIn(self.service.admin(
            'DELETE', '/v2/images/' + image_id).status_int, (204, 404))
        self.conduct()

    def conduct(self):
        """Whatever is left, as another conductor that comes later."""
        pool = job_pool.JobPool(self.registry, self.stores)
        while self.is_busy():
            self.run_out_leases()
            units = self.registry.work.claim(self.ctxt, 'second', 10,
                                             staging.host())
            for task in [pool.begin(unit) for unit in units]:
                task.wait(standing.PATIENCE)

    def conduct_late(self, way, given):
        """A conductor on its way with the only work that there is."""
        stores = standing.watch(self.load_stores(), way)
        self.watch_files(way, '-1')
        unit, = self.registry.work.claim(self.ctxt, 'first', 2,
                                         staging.host())
        pool = job_pool.JobPool(standing.Registry(rpcapi.connect(), way),
                                stores)
        jobs = pool._held
        task = pool.begin(unit)
        lease = next(iter(jobs)).lease
        way.hear = lambda: setattr(lease, '_lost', exceptions.LeaseLost())
        return task

    def watch_files(self, way, attempt):
        standing.PartFile.way, standing.PartFile.attempt = way, attempt

    def is_busy(self):
        with engine.reader() as conn:
            return conn.execute(own_schema.work.select().where(
                own_schema.work.c.kind != 'staged')).first() is not None

    def run_out_leases(self):
        with engine.writer() as conn:
            conn.execute(own_schema.work.update().where(
                own_schema.work.c.kind != 'staged'), {'lease_until_ms': 0})

    def check_owned(self):
        """Each file belongs to a location or a task, and the reverse."""
        try:
            self.wait_until(lambda: self.paths() == self.owned()
                            and not self.staged_files(), 5)
        except fixtures.TimeoutException:
            self.assertEqual(self.owned(), self.paths())
        self.assertEqual([], self.staged_files())
        self.assertEqual([], self.work())

    def check_active(self, image_id, stores):
        image = self.image(image_id)
        self.assertEqual(('active', stores),
                         (image['status'], image.get('stores')),
                         self.tasks(image_id))
        for store in stores.split(','):
            self.assertEqual(DATA, self.data(image_id, store))

    def paths(self):
        return {os.path.join(self.service.state, store, name)
                for store in ('fast', 'cold') for name in self.files(store)}

    def owned(self):
        locations, info = schema.image_locations, schema.task_info
        with engine.reader() as conn:
            urls = conn.scalars(sa.select(locations.c.value).where(
                locations.c.deleted == sa.false())).all()
            results = conn.scalars(sa.select(info.c.result)).all()
        return {url.removeprefix('file://') for url in urls} | {
            os.path.join(self.service.state, result['store'],
                         result['object'])
            for result in map(json.loads, filter(None, results))
            if 'object' in result}
