"""Restoring an image while its data is being removed: one of them wins.

Two processes, each with a registry, start at the same image hundreds of times,
a few milliseconds apart at most.
"""

import collections
import os
import random
import subprocess
import sys
import uuid

import fixtures
from oslo_utils import timeutils
from oslotest import base
import sqlalchemy as sa

from glance.db import engine
from glance.db import own_schema
from glance.db import schema
from tests.fixtures import database
from tests.fixtures.servers import mariadb
from tests.native.periodic import racer

_ROUNDS = 500
_LATER = 1 << 60


class Racer(fixtures.Fixture):
    """:param side: see `tests.native.periodic.racer`"""

    def __init__(self, side, folder, url):
        super().__init__()
        self._arguments = side, folder, url

    def _setUp(self):
        self._process = subprocess.Popen(
            [sys.executable, '-m', racer.__name__, *self._arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self._stop)

    def _stop(self):
        self._process.stdin.close()
        try:
            self._process.wait(30)
        finally:
            self._process.kill()
            self._process.stdout.close()

    def start(self, image_id, pause):
        self._process.stdin.write('%s %d\n' % (image_id, pause))
        self._process.stdin.flush()

    def answer(self):
        return self._process.stdout.readline().strip()


class TestSQLite(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.database = self.useFixture(self.make_database())
        self.folder = self.useFixture(fixtures.TempDir()).path
        self.ids = [str(uuid.uuid4()) for _number in range(_ROUNDS)]
        self.create()
        self.sides = [self.useFixture(Racer(side, self.folder,
                                            self.database.url))
                      for side in ('remove', 'restore')]

    def make_database(self):
        return database.Database()

    def url(self, image_id):
        return 'file://' + os.path.join(self.folder, image_id)

    def create(self):
        """Images that were deleted with delay."""
        now = timeutils.utcnow()
        deleted = {'deleted': True, 'deleted_at': now, 'created_at': now,
                   'status': 'pending_delete'}
        images = [dict(deleted, id=one, size=4) for one in self.ids]
        locations = [dict(deleted, image_id=one, value=self.url(one),
                          meta_data='{}') for one in self.ids]
        work = [{'id': one, 'kind': 'delete_data', 'image_id': one,
                 'state': 'waiting', 'attempt': 0, 'created_ms': 1,
                 'input': '{"url": "%s", "metadata": {}}' % self.url(one),
                 'lease_until_ms': _LATER} for one in self.ids]
        with engine.writer() as conn:
            conn.execute(schema.images.insert(), images)
            conn.execute(schema.image_locations.insert(), locations)
            conn.execute(own_schema.work.insert(), work)
        for one in self.ids:
            with open(os.path.join(self.folder, one), 'wb') as file:
                file.write(b'data')

    def test_one_wins(self):
        chance = random.Random(1)
        self.assertEqual(['ready'] * 2, [one.answer() for one in self.sides])
        outcomes = collections.Counter(
            self.race(image_id, chance) for image_id in self.ids)
        self.assertEqual({('removed', 'refused'), ('nothing', 'restored')},
                         set(outcomes))
        # Each of them wins often: they do meet.
        self.assertGreater(min(outcomes.values()), _ROUNDS / 20, outcomes)

    def race(self, image_id, chance):
        work = own_schema.work
        with engine.writer() as conn:
            conn.execute(work.update().where(work.c.id == image_id),
                         {'lease_until_ms': 0})
        for side in chance.sample(self.sides, 2):
            side.start(image_id, chance.choice((0, 0, 1, 2, 3)))
        outcome = tuple(side.answer() for side in self.sides)
        self.check(image_id, outcome)
        return outcome

    def check(self, image_id, outcome):
        """Wholly there, or wholly gone."""
        images, locations = schema.images, schema.image_locations
        with engine.reader() as conn:
            row = conn.execute(
                sa.select(images.c.status, images.c.deleted,
                          locations.c.deleted.label('is_away'))
                .join(locations, locations.c.image_id == images.c.id)
                .where(images.c.id == image_id)).one()
        is_here = os.path.exists(os.path.join(self.folder, image_id))
        expected = (('active', False, False, True)
                    if 'restored' in outcome else
                    ('deleted', True, True, False))
        self.assertEqual(expected, (*row, is_here), outcome)


class TestMariaDB(TestSQLite):

    def make_database(self):
        server = self.useFixture(mariadb.MariaDB())
        return database.Database(server.create_database())
