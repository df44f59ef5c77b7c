"""A transaction took effect, and the reply of the database got lost."""

import fixtures
from oslo_db import exception as db_exc
import sqlalchemy as sa

from glance.common import exceptions
from glance.db.connect import engine
from glance.db import own_schema
from tests.unit.registry import base

_LOST = {'mysql': (2013, 'Lost connection to MySQL server during query'),
         'postgresql': ('server closed the connection unexpectedly',)}


class LostCommitTest(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.image_id = self.create()['id']
        self.events()
        self.owner.call_id = 'a-call'
        self.commits = 0

    def lose(self):
        """The next commit succeeds without a reply."""
        dialect = engine.get_engine().dialect
        commit = dialect.do_commit

        def lost(connection):
            commit(connection)
            self.commits += 1
            if self.commits == 1:
                raise self.error(dialect)
        self.useFixture(fixtures.MockPatchObject(dialect, 'do_commit', lost))

    def error(self, dialect):
        if dialect.name == 'sqlite':
            return db_exc.DBConnectionError()
        return dialect.loaded_dbapi.OperationalError(*_LOST[dialect.name])

    def update(self):
        return self.images.update(self.owner, image_id=self.image_id, changes={
            'set_properties': {'a': '1'}, 'must_not_exist': ['a']})

    def test_an_update_takes_effect_once(self):
        self.lose()
        answer = self.update()
        self.assertEqual(1, self.commits)
        self.assertEqual({'a': '1'}, answer['properties'])
        self.assertEqual(self.get(self.owner, self.image_id), answer)
        self.assertEqual(['image.update'], self.events())

    def test_a_creation_takes_effect_once(self):
        self.lose()
        answer = self.create(id='6b1f8f2e-9d1c-4f53-8a51-6f0e4a1c2d3b')
        self.assertEqual(1, self.commits)
        self.assertEqual(self.get(self.owner, answer['id']), answer)
        self.assertEqual(['image.create', 'image.status'], self.events())

    def test_a_deletion_takes_effect_once(self):
        self.lose()
        self.assertIs(False, self.images.delete(self.owner,
                                                image_id=self.image_id))
        self.assertEqual(1, self.commits)
        self.assertEqual(['image.delete', 'image.status'], self.events())

    def test_begun_upload(self):
        self.lose()
        begun = self.uploads.begin(self.owner, image_id=self.image_id,
                                   store_id='file', is_multi=True, size=3)
        self.assertEqual(1, self.commits)
        with engine.reader() as conn:
            self.assertEqual([(begun['id'], begun['attempt'])], conn.execute(
                sa.select(own_schema.work.c.id, own_schema.work.c.attempt)
            ).all())

    def test_without_an_id_of_the_call(self):
        self.owner.call_id = None
        self.lose()
        self.assertRaises(exceptions.Conflict, self.update)
        self.assertEqual(['image.update'], self.events())
