"""Many at once: no change of one image waits for, or stops, one of another.

GLANCE_TEST_STORM_SECONDS is for how long images are deleted, 60 for example;
without it they are once. The times are printed then.
"""

import concurrent.futures
import contextlib
import os
import time

from oslo_db import exception as db_exc
import sqlalchemy as sa

from glance.db.connect import engine
from tests.fixtures import database
from tests.fixtures.servers import mariadb
from tests.fixtures.servers import postgresql
from tests.unit.registry import base

_AT_ONCE = 32
_IMAGES = 6 * _AT_ONCE
_SECONDS = float(os.environ.get('GLANCE_TEST_STORM_SECONDS', '0'))


@contextlib.contextmanager
def conflicts():
    """The statements that a server has refused in favour of another one."""
    refused = []

    def note(context):
        if isinstance(context.chained_exception, db_exc.DBDeadlock):
            refused.append(context.statement)

    target = engine.get_engine()
    sa.event.listen(target, 'handle_error', note)
    try:
        yield refused
    finally:
        sa.event.remove(target, 'handle_error', note)


class _Storm:
    """:cvar count: statement that gives the deadlocks the server has seen"""

    server = count = None

    def setUp(self):
        super().setUp()
        self.config.config(group='database', max_pool_size=_AT_ONCE)
        engine.configure()
        self.counted = self.deadlocks()

    def make_database(self):
        server = self.useFixture(self.server())
        self.is_shared = server.is_shared
        return database.Database(database.shared(server))

    def make_image(self, number):
        image_id = self.create(
            name='image %d' % number, tags=['a', 'b', 'c'],
            properties={'p%d' % one: 'v' for one in range(5)})['id']
        self.upload(image_id, 'file:///images/%s' % image_id)
        for member in ('m1', 'm2'):
            self.members.create(self.owner, image_id=image_id,
                                member_id=member, limit=-1)
        return image_id

    def storm(self, change, image_ids):
        with conflicts() as refused, (
                concurrent.futures.ThreadPoolExecutor(_AT_ONCE)) as pool:
            outcomes = list(pool.map(change, image_ids))
        self.assertEqual([], refused)
        return outcomes

    def deadlocks(self):
        """:returns: how many a server of ours has counted"""
        if self.is_shared:
            # Others may bring theirs about.
            return 0
        # One server tells when its connections have ended.
        engine.get_engine().dispose()
        with engine.reader() as connection:
            return int(connection.exec_driver_sql(self.count).first()[-1])

    def test_images_made_changed_and_deleted(self):
        image_ids = self.storm(self.make_image, range(_IMAGES))
        self.storm(self.change, image_ids)
        self.storm(self.delete, image_ids)
        self.assertEqual([], self.list(self.admin, visibility='all'))
        self.assertEqual(self.counted, self.deadlocks())

    def change(self, image_id):
        self.images.update(self.owner, image_id=image_id, changes={
            'set_properties': {'p1': 'w', 'q': 'new'},
            'remove_properties': ['p0'], 'tags': ['b', 'd']})
        self.images.remove_tag(self.owner, image_id=image_id, tag='b')
        self.images.add_tag(self.owner, image_id=image_id, tag='e', limit=-1)
        self.members.update(self.owner, image_id=image_id, member_id='m1',
                            status='accepted')
        self.members.delete(self.owner, image_id=image_id, member_id='m2')

    def delete(self, image_id):
        """:returns: seconds"""
        begin = time.monotonic()
        self.images.delete(self.owner, image_id=image_id)
        return time.monotonic() - begin

    def test_deletes_one_after_the_other(self):
        times = []
        while sum(times) <= _SECONDS * _AT_ONCE:
            image_ids = self.storm(self.make_image, range(_IMAGES))
            times += self.storm(self.delete, image_ids)
        self.assertEqual(self.counted, self.deadlocks())
        if _SECONDS:
            self.check_times(sorted(times))

    def check_times(self, times):
        """The slowest ones wait for no other one's lock to time out."""
        half, most = times[len(times) // 2], times[len(times) * 99 // 100]
        print('%s: %d deletes, p50 %.1f ms, p99 %.1f ms, most %.1f ms, load '
              '%.1f' % (type(self).__name__, len(times), half * 1000,
                        most * 1000, times[-1] * 1000, os.getloadavg()[0]))
        self.assertLess(most, 10 * half)


class MariaDBStormTest(_Storm, base.RegistryTestCase):
    server = mariadb.MariaDB
    count = "SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'"


class PostgreSQLStormTest(_Storm, base.RegistryTestCase):
    server = postgresql.PostgreSQL
    count = ('SELECT deadlocks FROM pg_stat_database '
             'WHERE datname = current_database()')
