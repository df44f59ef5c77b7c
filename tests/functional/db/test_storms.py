"""Many at once: no change of one image waits for, or stops, one of another."""

import concurrent.futures
import contextlib

from oslo_db import exception as db_exc
import sqlalchemy as sa

from glance.db import engine
from tests.fixtures import database
from tests.fixtures.servers import mariadb
from tests.fixtures.servers import postgresql
from tests.unit.registry import base

_AT_ONCE = 32
_IMAGES = 6 * _AT_ONCE


@contextlib.contextmanager
def _conflicts():
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
    server = None

    def setUp(self):
        super().setUp()
        self.config.config(group='database', max_pool_size=_AT_ONCE)
        engine.configure()

    def make_database(self):
        server = self.useFixture(self.server())
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
        with _conflicts() as refused, (
                concurrent.futures.ThreadPoolExecutor(_AT_ONCE)) as pool:
            outcomes = list(pool.map(change, image_ids))
        self.assertEqual([], refused)
        return outcomes

    def test_images_made_changed_and_deleted(self):
        image_ids = self.storm(self.make_image, range(_IMAGES))
        self.storm(self.change, image_ids)
        self.storm(self.delete, image_ids)
        self.assertEqual([], self.list(self.admin, visibility='all'))

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
        self.images.delete(self.owner, image_id=image_id)


class MariaDBStormTest(_Storm, base.RegistryTestCase):
    server = mariadb.MariaDB


class PostgreSQLStormTest(_Storm, base.RegistryTestCase):
    server = postgresql.PostgreSQL
