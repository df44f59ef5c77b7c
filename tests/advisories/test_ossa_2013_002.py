"""OSSA-2013-002, OSSA-2014-004: errors and logs showed where the data is.

A store that fails must give away no address, path or credential, neither to
the user nor to who reads the log.
"""

import json
import logging

import fixtures
from glance_store._drivers import http
from oslo_config import fixture as config
from oslotest import base as oslotest
import sqlalchemy as sa

from glance.common import exceptions
from glance.conf import CONF
from glance.db.connect import engine
from glance.db import schema
from glance.store.drivers import glance_store
from tests.advisories import base
from tests.fixtures import ports

PASSWORD = 'hunter2'


def fail_loudly(store, location, *args, **kwargs):
    url = location.get_store_uri()
    http.LOG.error('Cannot connect to %s', url)
    raise ValueError('Cannot connect to %s' % url)


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

    def test_errors_of_a_short_file_hide_its_path(self):
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


class TestForeignStore(oslotest.BaseTestCase):
    """The same with a driver of glance_store, which tells all it knows."""

    def test_errors_on_open_hide_password_and_host(self):
        log = self.useFixture(fixtures.FakeLogger(level=logging.DEBUG))
        self.useFixture(config.Config(CONF))
        self.patch(http.Store, 'get', fail_loudly)
        store = glance_store.Driver('web', 'http', CONF, named=False)
        host = '127.0.0.1:%d' % ports.free_port()
        error = self.assertRaises(
            exceptions.StoreUnavailable, store.open,
            'http://user:%s@%s/image' % (PASSWORD, host))
        for text in (error.message, repr(error.__cause__), log.output):
            for secret in (PASSWORD, host):
                self.assertNotIn(secret, text)
        self.assertIn('web', log.output)
