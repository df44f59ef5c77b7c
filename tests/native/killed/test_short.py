"""What conductors do by themselves, killed at every point where it notes
something, ends well.
"""

import hashlib
import io
import json
import os
import uuid

import sqlalchemy as sa

from glance.common import context
from glance.conf import CONF
from glance.db.connect import engine
from glance.db.durable import work
from glance.db.images import locations
from glance.db import schema
from glance.registry import rpcapi
from glance.store import backends as store_registry
from glance.store import staging
from glance.store.transfer import upload
from tests.native.killed import base

DATA = base.DATA
OTHER = DATA[::-1]


class TestCase(base.TestCase):

    def setUp(self):
        super().setUp()
        self.service.conf.config(delayed_delete=True, scrub_time=0)
        self.registry = rpcapi.connect()
        self.stores = store_registry.load(CONF)
        self.ctxt = context.internal()

    def path(self, store, name):
        return os.path.join(self.service.state, store, name)

    def of_image(self, store, image_id):
        """Names of its files in a store, also those of attempts."""
        return [name for name in self.files(store) if image_id in name]

    def write_file(self, store, name, data):
        """:returns: the location"""
        with open(self.path(store, name), 'wb') as file:
            file.write(data)
        return {'url': 'file://' + self.path(store, name),
                'metadata': {'store': store}}

    def new_copies(self, status='active'):
        """An image with data in both stores.

        :param status: of the second location
        """
        image_id = self.new_image(DATA)
        location = self.write_file('cold', image_id, DATA)
        with engine.writer() as conn:
            locations.create(conn, image_id, location['url'],
                             location['metadata'], status)
        return image_id

    def put(self, store, image_id, attempt):
        """Data of an attempt that has not ended."""
        upload.store_file(io.BytesIO(DATA), store, image_id, attempt)

    def begin_delete_location(self):
        image_id = self.new_copies()
        answer = self.service.admin('DELETE',
                                    '/v2/stores/cold/' + image_id)
        self.assertEqual(204, answer.status_int, answer.text)
        return image_id

    def check_copies(self, image_id, stores):
        image = self.image(image_id)
        self.assertEqual(('active', stores),
                         (image['status'], image['stores']))
        for store in ('fast', 'cold'):
            self.assertEqual(store in stores.split(','),
                             bool(self.of_image(store, image_id)))
        for store in stores.split(','):
            self.assertEqual(DATA, self.data(image_id, store))
            self.assertEqual(1, len(self.of_image(store, image_id)))

    def check_queued(self, image_id):
        image = self.image(image_id)
        self.assertEqual(('queued', None), (image['status'], image['size']))
        self.assertEqual([], self.of_image('fast', image_id))
        self.check_clean()


class TestShort(TestCase):

    def test_delete_data(self):
        def begin():
            image_id = self.new_copies()
            self.assertEqual(204, self.service.call(
                'DELETE', '/v2/images/' + image_id).status_int)
            return image_id

        def check(image_id):
            for store in ('fast', 'cold'):
                self.assertEqual([], self.of_image(store, image_id))
            with engine.reader() as conn:
                self.assertEqual('deleted', conn.scalar(
                    sa.select(schema.images.c.status)
                    .where(schema.images.c.id == image_id)))
        calls = self.kill_everywhere('delete_data', begin, check)
        self.assertEqual(['work.data_deleted'] * 2, calls)

    def test_delete_location(self):
        calls = self.kill_everywhere(
            'delete_location', self.begin_delete_location,
            lambda image_id: self.check_copies(image_id, 'fast'))
        self.assertEqual(['locations.finish_delete'], calls)

    def test_discard_data(self):
        def begin():
            image_id = self.new_image()
            self.put(self.stores.by_id('cold'), image_id, 'a-1')
            with engine.writer() as conn:
                work.create(conn, 'discard_data', image_id,
                            {'store': 'cold', 'attempts': ['a-1', 'a-2']})
            return image_id
        calls = self.kill_everywhere(
            'discard_data', begin, lambda image_id: self.assertEqual(
                [], self.of_image('cold', image_id)))
        self.assertEqual(['work.finish'], calls)

    def test_undo_upload(self):
        def begin():
            image_id = self.new_image()
            begun = self.registry.uploads.begin(self.ctxt, image_id, 'fast',
                                                True, len(DATA))
            self.put(self.stores.by_id('fast'), image_id, begun['id'])
            self.run_out_leases()
            return image_id
        calls = self.kill_everywhere('undo_upload', begin, self.check_queued)
        self.assertEqual(['uploads.fail'], calls)

    def test_undo_stage(self):
        def begin():
            image_id = self.new_image()
            begun = self.registry.stages.begin(
                self.ctxt, image_id, staging.host(), len(DATA))
            self.put(staging.store(self.stores), image_id, begun['id'])
            self.run_out_leases()
            return image_id
        calls = self.kill_everywhere('undo_stage', begin, self.check_queued)
        self.assertEqual(['stages.fail'], calls)

    def test_delete_staged(self):
        def begin():
            image_id = self.new_image()
            self.stage(image_id, DATA)
            self.service.call('DELETE', '/v2/images/' + image_id)
        calls = self.kill_everywhere('undo_stage of a deleted image', begin,
                                     lambda given: self.check_clean())
        self.assertEqual(['work.finish'], calls)

    def test_hash_location(self):
        def begin():
            image_id = self.new_copies('verifying')
            with engine.writer() as conn:
                work.create(conn, 'hash_location', image_id, {
                    'url': 'file://' + self.path('cold', image_id),
                    'metadata': {'store': 'cold'}})
            return image_id
        calls = self.kill_everywhere(
            'hash_location', begin,
            lambda image_id: self.check_copies(image_id, 'fast,cold'))
        self.assertEqual(['locations.hashed'], calls)

    def begin_heal(self):
        image_id = self.new_copies()
        self.write_file('fast', image_id, OTHER)
        first = self.registry.images.get(self.ctxt, image_id)['locations'][0]
        self.registry.audits.failed(self.ctxt, image_id, first, 'hash')
        return image_id

    def test_heal_location(self):
        calls = self.kill_everywhere(
            'heal_location', self.begin_heal,
            lambda image_id: self.check_copies(image_id, 'fast,cold'))
        self.assertEqual(['audits.healed', 'work.finish',
                          'work.data_deleted'], calls)

    def test_heal_from_bad_data(self):
        """Nothing is good: nobody gets it, and it stays."""
        def begin():
            image_id = self.begin_heal()
            self.write_file('cold', image_id, OTHER)
            return image_id

        def check(image_id):
            self.assertEqual(409, self.service.call(
                'GET', '/v2/images/%s/file' % image_id).status_int)
            for store in ('fast', 'cold'):
                self.assertEqual([image_id], self.of_image(store, image_id))
            self.check_clean()
        calls = self.kill_everywhere('heal_location without good data', begin,
                                     check)
        self.assertEqual(['audits.failed', 'work.finish'], calls)


class TestRefusedRemoval(TestCase):

    in_use = True

    def test_delete_location(self):
        """The store keeps it: it is a location again."""
        calls = self.kill_everywhere(
            'delete_location of data in use', self.begin_delete_location,
            lambda image_id: self.check_copies(image_id, 'fast,cold'))
        self.assertEqual(['locations.fail_delete'], calls)


class TestReaders(TestCase):

    readers = True

    def test_set_readers(self):
        def begin():
            image_id = self.new_image(DATA, visibility='shared')
            self.service.call('POST', '/v2/images/%s/members' % image_id,
                              {'member': 'p2'})
            with engine.writer() as conn:
                work.create(conn, 'set_readers', image_id, {})
            return image_id

        def check(image_id):
            with open(self.path('fast', image_id + '.readers')) as file:
                self.assertEqual(['p1', 'p2'], json.load(file))
            self.check_clean()
        calls = self.kill_everywhere('set_readers', begin, check)
        self.assertEqual(['work.finish'], calls)


class TestLocationImport(TestCase):

    def begin(self, hashes=None):
        """As the API does it for a service."""
        image_id = self.new_image()
        location = self.write_file('fast', image_id, DATA)
        self.registry.imports.begin(
            self.ctxt, image_id,
            {'id': str(uuid.uuid4()), 'type': 'location_import',
             'owner': 'p1', 'image_id': image_id, 'request_id': 'req-1',
             'user_id': 'u-p1', 'input': {'image_id': image_id}},
            {'kind': 'location_import', 'status': 'queued',
             'stores': ['fast'], 'is_multi': False, 'skips_held': False,
             'input': dict(location, method='location', hashes=hashes,
                           secure=True)})
        return image_id

    def check_imported(self, image_id):
        self.check_active(image_id, 'fast')
        image = self.image(image_id)
        self.assertEqual((len(DATA), hashlib.sha512(DATA).hexdigest()),
                         (image['size'], image['os_hash_value']))

    def test_location_import(self):
        calls = self.kill_everywhere('location_import', self.begin,
                                     self.check_imported)
        self.assertEqual(
            ['work.advance look'] * 2
            + ['work.advance save', 'imports.finish_store',
               'work.advance fill-in', 'locations.hashed',
               'work.advance end', 'tasks.finish'], calls)

    def test_other_data(self):
        """What is not what was announced is removed."""
        def begin():
            return self.begin({'os_hash_algo': 'sha512',
                               'os_hash_value': '0' * 128})

        def check(image_id):
            task = self.tasks(image_id)[-1]
            self.assertEqual('failure', task['status'])
            self.assertIn('another hash', task['message'])
            self.check_queued(image_id)
        calls = self.kill_everywhere('location_import of other data', begin,
                                     check)
        self.assertEqual(
            ['work.advance look'] * 2
            + ['work.advance compare', 'work.advance undo compare',
               'work.advance undo look', 'tasks.fail'], calls)
