"""Locations that do not say which store they are in, as old releases left."""

import json
import os

import sqlalchemy as sa

from glance.db.connect import engine
from glance.db import schema
from tests.functional.imports import base

DATA = os.urandom(100000)
COLUMN = schema.image_locations.c.meta_data


class TestOldLocations(base.TestCase):

    def setUp(self):
        super().setUp()
        self.image_id = self.service.create()['id']
        self.service.upload(self.image_id, DATA)
        self.forget()

    def forget(self):
        with engine.writer() as conn:
            conn.execute(sa.update(schema.image_locations).values(
                {COLUMN: json.dumps({'a': 'b'})}))

    def rows(self):
        with engine.reader() as conn:
            return [json.loads(text) for text in conn.scalars(
                sa.select(COLUMN).order_by(schema.image_locations.c.id))]

    def copy(self, **stores):
        return self.import_(self.image_id, {'name': 'copy-image'},
                            admin=True, **stores)

    def test_no_second_copy_into_the_same_store(self):
        answer = self.copy(stores=['fast'])
        self.assertEqual(400, answer.status_int, answer.text)
        self.assertEqual(202, self.copy(all_stores=True).status_int)
        task = self.ended(self.image_id)
        self.assertEqual('success', task['status'], task['message'])
        self.assertEqual(['fast', 'cold'],
                         [row['store'] for row in self.rows()])
        self.assertEqual('b', self.rows()[0]['a'])
        self.assertEqual('fast,cold', self.image(self.image_id)['stores'])
        for store in ('fast', 'cold'):
            self.assertIs(True, DATA == self.data(self.image_id, store))

    def test_the_preferred_store_is_found(self):
        self.copy(stores=['cold'])
        self.assertEqual('success', self.ended(self.image_id)['status'])
        self.forget()
        path = os.path.join(self.service.state, 'fast', self.image_id)
        with open(path, 'r+b') as file:
            file.write(b'other')
        self.assertIs(True, DATA == self.data(self.image_id, 'cold'))
        self.assertIs(False, DATA == self.data(self.image_id, 'fast'))

    def test_reading_writes_nothing(self):
        with self.service.database.statements() as seen:
            self.assertEqual('fast', self.image(self.image_id)['stores'])
        self.assertEqual(1, len(seen), seen)
        self.assertEqual([{'a': 'b'}], self.rows())
