"""Restoring an image while its data is being removed: one of them wins.

Two processes, each with a registry, start at the same image hundreds of times,
so far apart that now the one and now the other is first. One does what the
reaper and then conductors do for each of the two locations, the other one
restores the image.
"""

import collections
import datetime
import os
import random
import subprocess
import sys
import uuid

import fixtures
from oslo_utils import timeutils
from oslotest import base
import sqlalchemy as sa

from glance.db.connect import engine
from glance.db import own_schema
from glance.db import schema
from tests.fixtures import database
from tests.fixtures.servers import mariadb
from tests.fixtures.servers import postgresql
from tests.native.periodic import racer

_LATER = 1 << 60
_DAY = datetime.timedelta(days=1)


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
        self._process.stdin.write('%s %.2f\n' % (image_id, pause))
        self._process.stdin.flush()

    def answer(self):
        return self._process.stdout.readline().strip()


class Start:
    """Lets the loser of a race start earlier in the next one.

    However busy the machine: the one that has lost for some time gets ahead,
    further with each race, until it wins. Then they are close together again.
    """

    def __init__(self):
        self._lead, self._step = 0, 0.25        # milliseconds
        self._last = None

    def pauses(self):
        """:returns: milliseconds that the remover waits, and the restorer"""
        return max(self._lead, 0), max(-self._lead, 0)

    def note(self, is_removed):
        self._step = self._step * 1.5 if is_removed == self._last else 0.25
        self._last = is_removed
        self._lead += self._step if is_removed else -self._step


class TestSQLite(base.BaseTestCase):

    rounds = 200

    def setUp(self):
        super().setUp()
        self.database = self.useFixture(self.make_database())
        self.folder = self.useFixture(fixtures.TempDir()).path
        self.ids = [str(uuid.uuid4()) for _number in range(self.rounds)]
        self.create()
        self.sides = [self.useFixture(Racer(side, self.folder,
                                            self.database.url))
                      for side in ('remove', 'restore')]

    def make_database(self):
        return database.Database()

    def paths(self, image_id):
        return [os.path.join(self.folder, image_id + end) for end in 'ab']

    def create(self):
        """Images that are to be deleted tomorrow.

        Some come from another release, and have no work yet.
        """
        later = timeutils.utcnow() + _DAY
        deleted = {'deleted': True, 'deleted_at': later, 'created_at': later,
                   'status': 'pending_delete'}
        images = [dict(deleted, id=one, size=4) for one in self.ids]
        places = [(one, path) for one in self.ids for path in self.paths(one)]
        locations = [dict(deleted, image_id=one, value='file://' + path,
                          meta_data='{}') for one, path in places]
        work = [{'id': os.path.basename(path)[1:], 'kind': 'delete_data',
                 'image_id': one, 'state': 'waiting', 'attempt': 0,
                 'created_ms': 1, 'lease_until_ms': _LATER,
                 'input': '{"url": "file://%s", "metadata": {}}' % path}
                for one, path in places if one[0] not in '0123']
        with engine.writer() as conn:
            conn.execute(schema.images.insert(), images)
            conn.execute(schema.image_locations.insert(), locations)
            conn.execute(own_schema.work.insert(), work)
        for _one, path in places:
            with open(path, 'wb') as file:
                file.write(b'data')

    def test_one_wins(self):
        chance, start = random.Random(1), Start()
        self.assertEqual(['ready'] * 2, [one.answer() for one in self.sides])
        outcomes = collections.Counter(
            self.race(image_id, chance, start) for image_id in self.ids)
        self.assertEqual({('removed', 'refused'), ('nothing', 'restored')},
                         set(outcomes))
        # Each of them wins often: they do meet.
        self.assertGreater(min(outcomes.values()), self.rounds / 20, outcomes)

    def race(self, image_id, chance, start):
        images = schema.images
        with engine.writer() as conn:
            conn.execute(images.update().where(images.c.id == image_id),
                         {'deleted_at': timeutils.utcnow() - _DAY})
        for side, pause in chance.sample(
                list(zip(self.sides, start.pauses())), 2):
            side.start(image_id, pause)
        outcome = tuple(side.answer() for side in self.sides)
        self.check(image_id, outcome)
        start.note('removed' in outcome)
        return outcome

    def check(self, image_id, outcome):
        """Wholly there, or wholly gone."""
        images, locations = schema.images, schema.image_locations
        with engine.reader() as conn:
            rows = conn.execute(
                sa.select(images.c.status, images.c.deleted,
                          locations.c.deleted.label('is_away'))
                .join(locations, locations.c.image_id == images.c.id)
                .where(images.c.id == image_id)).all()
        found = [(*row, os.path.exists(path))
                 for row, path in zip(rows, self.paths(image_id))]
        expected = (('active', False, False, True)
                    if 'restored' in outcome else
                    ('deleted', True, True, False))
        self.assertEqual([expected] * 2, found, outcome)


class TestMariaDB(TestSQLite):

    rounds = 120

    def make_database(self):
        server = self.useFixture(mariadb.MariaDB())
        return database.Database(server.create_database())


class TestPostgreSQL(TestSQLite):

    rounds = 120

    def make_database(self):
        server = self.useFixture(postgresql.PostgreSQL())
        return database.Database(server.create_database())
