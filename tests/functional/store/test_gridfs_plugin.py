"""The driver of GridFS as glance_store loads it."""

import hashlib
import io
import os
import uuid

from glance_store import exceptions as theirs

from glance.common import exceptions
from glance.conf import CONF
from glance.store.drivers import glance_store as adapter
from tests.fixtures.servers import mongodb
from tests.functional.store import conformance
from tests.functional.store import gridfs
from tests.unit.store import base

MIB = gridfs.MIB


class PluginTest(conformance.WritableSuite, gridfs.TestCase):
    """As whoever loads drivers with glance_store has it."""

    # Nobody knows of such URLs more than how they begin.
    test_forged_locations_lead_nowhere = None
    # The name is that of the image, for both: the second one is refused, see
    # tests/unit/store/drivers/test_glance_store.py.
    test_two_attempts_at_the_same_time = None

    def setUp(self):
        super().setUp()
        self.native, self.store = self.store, adapter.Driver(
            'one', 'gridfs', CONF)
        self.assertIsNone(self.store.problem)
        self.plugin = self.store._store

    def add(self, data, size, name=None):
        return self.plugin.add(name or str(uuid.uuid4()), io.BytesIO(data),
                               size, 'sha256')

    def test_what_is_told_of_data(self):
        data = os.urandom(5 * MIB + 1)
        for size in (0, len(data)):
            self.assertEqual(
                (len(data), hashlib.md5(data).hexdigest(),
                 hashlib.sha256(data).hexdigest(), {'store': 'one'}),
                self.add(data, size)[1:])

    def test_ranges_are_read_as_such(self):
        data = os.urandom(9 * MIB)
        url = self.add(data, 0)[0]
        chunks, length = self.plugin.get(self.store._location(url), MIB, 100)
        self.assertEqual((100, data[MIB:][:100]), (length, b''.join(chunks)))

    def test_each_reads_what_the_other_has_written(self):
        data = os.urandom(MIB)
        self.assert_same(data, self.get(self.native.write(
            str(uuid.uuid4()), gridfs.attempt(), base.Source(data)).url))
        self.store = self.native
        self.assert_same(data, self.get(self.add(data, 0)[0]))

    def test_size_that_is_wrong(self):
        image_id = str(uuid.uuid4())
        self.assertRaises(theirs.Invalid, self.add, b'data', 5, image_id)
        self.assertEqual([], self.mine(image_id))

    def test_same_name_again(self):
        image_id = str(uuid.uuid4())
        self.add(b'data', 4, image_id)
        self.assertRaises(theirs.Duplicate, self.add, b'other', 5, image_id)
        self.assertEqual(b'data', self.get('gridfs://' + image_id))

    def test_what_was_deleted_is_not_found(self):
        place = self.store._location(self.add(b'data', 4)[0])
        self.plugin.delete(place)
        for call in (self.plugin.delete, self.plugin.get,
                     self.plugin.get_size):
            self.assertRaises(theirs.NotFound, call, place)

    def test_malformed_urls_are_refused(self):
        self.assertRaises(theirs.BadStoreUri, self.store._theirs,
                          'gridfs://x/y')
        self.assertRaises(exceptions.BadLocation, self.store.open,
                          'gridfs://../x')

    def test_server_is_none(self):
        CONF.set_override('mongodb_store_uri', 'mongodb://127.0.0.1:1/'
                          '?timeoutMS=200', 'one')
        store = adapter.Driver('one', 'gridfs', CONF)
        error = self.assertRaises(
            theirs.BackendException, store._store.get,
            store._location('gridfs://' + str(uuid.uuid4())))
        self.assertNotIn('127.0.0.1', str(error))

    def test_options_that_are_wrong(self):
        CONF.set_override('mongodb_store_uri',
                          'x://u:%s@h' % mongodb.PASSWORD, 'one')
        store = adapter.Driver('one', 'gridfs', CONF)
        self.assertIn('mongodb_store_uri', store.problem)
        self.assertTrue(store.read_only)
        self.assertNotIn(mongodb.PASSWORD, store.problem + self.log.output)
