"""What is told of a download: that it is through, or where it ended."""

import json
import os
import time

import sqlalchemy as sa

from glance.common import exceptions
from glance.db.connect import engine
from glance.db import own_schema
from tests.functional.http import base

DATA = os.urandom(3 << 20)


class TestSentEvents(base.TestCase):

    options = {'conductor': False}

    def setUp(self):
        super().setUp()
        # Nothing relays them: they stay in the outbox.
        self.service.conf.config(group='oslo_messaging_notifications',
                                 driver=['messagingv2'])
        self.image_id = self.service.create()['id']
        self.service.upload(self.image_id, DATA)

    def get(self, **headers):
        return self.service.call(
            'GET', '/v2/images/%s/file' % self.image_id, project='p1',
            headers=headers)

    def told(self):
        """The one event, (priority, payload): it comes in its own time."""
        rows, deadline = [], time.monotonic() + 30
        while not rows and time.monotonic() < deadline:
            time.sleep(0.02)
            with engine.reader() as connection:
                rows = connection.execute(sa.select(
                    own_schema.outbox.c.priority,
                    own_schema.outbox.c.payload).where(
                        own_schema.outbox.c.event_type == 'image.send')).all()
        (priority, payload), = rows
        return priority, json.loads(payload)

    def check(self, priority, sent):
        self.assertEqual((priority, {
            'image_id': self.image_id, 'bytes_sent': sent, 'owner_id': 'p1',
            'receiver_tenant_id': 'p1', 'receiver_user_id': 'u-p1',
        }), self.told())

    def test_a_whole_download_is_told_with_its_length(self):
        self.assertEqual(len(DATA), len(self.get().body))
        self.check('INFO', len(DATA))

    def test_all_of_a_part(self):
        self.assertEqual(10, len(self.get(Range='bytes=5-14').body))
        self.check('INFO', 10)

    def test_the_client_goes_away(self):
        chunks = iter(body := self.get().app_iter)
        taken = len(next(chunks))
        next(chunks)
        body.close()
        self.check('ERROR', taken)

    def test_the_store_fails(self):
        body = self.get().app_iter
        path, = self.service.stored_files()
        os.truncate(path, 1 << 20)
        self.assertRaises(exceptions.StoreUnavailable, list, body)
        body.close()
        self.check('ERROR', 1 << 20)
