"""OSSA-2013-002, OSSA-2014-004: errors and logs showed where the data is.

A store that fails must give away no address, path or credential, neither to
the user nor to who reads the log.
"""

import json

import fixtures
import sqlalchemy as sa

from glance.db import engine
from glance.db import schema
from tests.advisories import base
from tests.fixtures import ports

PASSWORD = 'hunter2'


class TestBrokenStore(base.TestCase):

    options = {'conductor': False}

    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger())
        self.image_id = self.active()

    def move(self, url):
        """Let the image have its data elsewhere."""
        with engine.writer() as connection:
            connection.execute(sa.update(schema.image_locations).values(
                value=url))

    def check(self, *secrets):
        answer = self.service.call('GET', self.path(self.image_id, '/file'))
        self.assertEqual(503, answer.status_int)
        for secret in secrets:
            for text in (answer.text, json.dumps(dict(answer.headers)),
                         self.log.output):
                self.assertNotIn(secret, text)
        self.assertIn(self.image_id, self.log.output)

    def test_file(self):
        path, = self.service.stored_files()
        with open(path, 'r+b') as stored:
            stored.truncate(1)
        self.check(self.service.state, path)

    def test_missing_file(self):
        self.move('file:///nowhere/%s' % PASSWORD)
        answer = self.service.call('GET', self.path(self.image_id, '/file'))
        self.assertGreaterEqual(answer.status_int, 400)
        self.assertNotIn(PASSWORD, answer.text)
        self.assertNotIn('nowhere', answer.text)


class TestBrokenForeignStore(TestBrokenStore):
    """The same with a driver of glance_store, which tells all it knows."""

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.MonkeyPatch(
            'glance_store._drivers.http.Store.get', self.fail_loudly))

    @staticmethod
    def fail_loudly(store, location, *args, **kwargs):
        raise ValueError('Cannot connect to %s' % location.get_store_uri())

    def test_file(self):
        host = '127.0.0.1:%d' % ports.free_port()
        self.move('http://user:%s@%s/image' % (PASSWORD, host))
        self.check(PASSWORD, host)
