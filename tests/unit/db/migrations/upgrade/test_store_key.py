import json

from oslotest import base
import sqlalchemy as sa

from glance.db.connect import engine
from glance.db.migrations.upgrade import phases
from glance.db.migrations.upgrade import store_key
from glance.db import schema
from tests.fixtures import database

locations = schema.image_locations


class TestStoreKey(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(database.Database())
        with engine.writer() as connection:
            connection.execute(schema.images.insert(),
                               {'id': 'i', 'status': 'active'})

    def convert(self, text, deleted=False):
        """The metadata after it was converted, and how many were."""
        with engine.writer() as connection:
            connection.execute(locations.insert(), {
                'image_id': 'i', 'value': 'file:///x', 'meta_data': text,
                'deleted': deleted})
            changed = store_key.convert(connection)
            self.assertEqual(0, store_key.pending(connection))
            return connection.scalar(sa.select(locations.c.meta_data)), changed

    def check_kept(self, text):
        self.assertEqual((text, 0), self.convert(text))

    def test_key_is_renamed(self):
        text, changed = self.convert('{"a": 1, "backend": "fast"}')
        self.assertEqual({'a': 1, 'store': 'fast'}, json.loads(text))
        self.assertEqual(1, changed)

    def test_in_deleted_rows_too(self):
        text, changed = self.convert('{"backend": "fast"}', deleted=True)
        self.assertEqual({'store': 'fast'}, json.loads(text))

    def test_newer_key_wins(self):
        text, changed = self.convert('{"backend": "old", "store": "new"}')
        self.assertEqual({'store': 'new'}, json.loads(text))

    def test_no_metadata(self):
        self.check_kept(None)

    def test_word_in_a_value(self):
        self.check_kept('{"note": "the \\"backend\\": key"}')
        with engine.reader() as connection:
            self.assertIsNone(phases.needed(connection))

    def test_key_deeper_down(self):
        self.check_kept('{"a": {"backend": "fast"}}')

    def test_no_json(self):
        self.check_kept('gAAAA"backend"x')

    def test_no_object(self):
        self.check_kept('["backend"]')

    def test_four_byte_text_stays(self):
        text, changed = self.convert('{"backend": "\U0001f427"}')
        self.assertEqual({'store': '\U0001f427'}, json.loads(text))
        self.assertTrue(text.isascii())
