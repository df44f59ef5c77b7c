"""An image is deleted while somebody begins to use it: the one or the other
is first, and nobody is told of a use that begins after the deletion.
"""

import concurrent.futures
import json
import threading

from glance.common import exceptions
from glance.db.connect import engine
from glance.db.images import image_rows
from glance.db.images import image_writes
from glance.db import own_schema
from glance.db.usage import uses as use_rows
from glance.registry import removal
from glance.registry import uses
from tests.fixtures import database
from tests.fixtures.servers import mariadb
from tests.fixtures.servers import postgresql
from tests.functional.db import test_storms
from tests.unit.registry import test_uses

_IMAGES = 30
_PATIENCE = 120
# For which a transaction is given the time to pass another one, if it can.
_GRACE = 2


class _Race:

    server = None

    def setUp(self):
        super().setUp()
        self.pool = concurrent.futures.ThreadPoolExecutor(2)
        self.addCleanup(self.pool.shutdown)

    def make_database(self):
        return database.Database(database.shared(
            self.useFixture(self.server())))

    def delete(self, image_id):
        """:returns: whether it could be"""
        try:
            self.images.delete(self.owner, image_id=image_id, unused=True)
        except exceptions.Conflict:
            return False
        return True

    def story(self, image_id):
        """:returns: types of the events of an image, in order"""
        with engine.reader() as conn:
            rows = conn.execute(own_schema.outbox.select().order_by(
                own_schema.outbox.c.seq)).all()
        return [row.event_type for row in rows
                if json.loads(row.payload)['id'] == image_id
                and row.event_type in ('image.used', 'image.delete')]

    def beside(self, function, *args):
        """Begin it in a thread, while the caller holds its locks."""
        future = self.pool.submit(function, *args)
        concurrent.futures.wait([future], timeout=_GRACE)
        return future

    def test_a_deletion_waits_for_a_use(self):
        image_id = self.create()['id']
        with engine.writer() as conn:
            uses.tell(conn, use_rows.merge(
                conn, [self.say(image=image_id)], keep_days=30))
            deletion = self.beside(self.delete, image_id)
        self.assertFalse(deletion.result(_PATIENCE))
        self.assertEqual(['image.used'], self.story(image_id))

    def test_a_use_waits_for_a_deletion(self):
        image_id = self.create()['id']
        with engine.writer() as conn:
            self.delete_in(conn, image_id)
            use = self.beside(self.use, image_id)
        use.result(_PATIENCE)
        self.assertEqual(['image.delete'], self.story(image_id))
        self.assertEqual({image_id: 1}, self.counts())

    def delete_in(self, conn, image_id):
        image_writes.lock_live(conn, image_id)
        removal.remove_image(
            conn, *image_rows.get_with_members(conn, image_id))

    def test_both_at_once_over_and_over(self):
        images = [self.create()['id'] for _image in range(_IMAGES)]
        with test_storms.conflicts() as refused:
            outcomes = list(map(self.race, images))
        self.assertEqual([], refused)
        for image_id, is_deleted in zip(images, outcomes):
            self.assertEqual(['image.delete' if is_deleted else 'image.used'],
                             self.story(image_id))
        self.assertEqual(set(images), set(self.counts()))

    def race(self, image_id):
        gate = threading.Barrier(2)

        def both(function):
            gate.wait(_PATIENCE)
            return function(image_id)
        use, deletion = (self.pool.submit(both, function)
                         for function in (self.use, self.delete))
        use.result(_PATIENCE)
        return deletion.result(_PATIENCE)


class MariaDBRaceTest(_Race, test_uses.UsedTestCase):
    server = mariadb.MariaDB


class PostgreSQLRaceTest(_Race, test_uses.UsedTestCase):
    server = postgresql.PostgreSQL
