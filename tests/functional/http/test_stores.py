"""Images in several stores, through the whole service."""

import os

import fixtures

from glance.common import exceptions
from glance.db.connect import engine
from glance.db.images import locations
from glance.store import driver
from glance.store.drivers.file import filesystem
from tests.fixtures import conductor
from tests.functional.http import base

IMAGES = '/v2/images/'


class TestCase(base.TestCase):

    options = {'multi': True, 'conductor': False}

    def in_two_stores(self, data=b'data'):
        """An image, the second copy of which an administrator has added."""
        image_id = self.service.create()['id']
        self.service.upload(image_id, data)
        self.copy(image_id, data)
        return image_id

    def copy(self, image_id, data):
        path = os.path.join(self.service.state, 'cold', image_id)
        with open(path, 'wb') as copy:
            copy.write(data)
        with engine.writer() as conn:
            locations.create(conn, image_id, 'file://' + path,
                             {'store': 'cold'})

    def stores(self, image_id):
        return self.service.call('GET', IMAGES + image_id).json.get('stores')

    def fail_delete(self, error):
        def fail(*args, **kwargs):
            raise error
        return fixtures.MonkeyPatch(
            'glance.store.drivers.file.filesystem.Driver.delete', fail)

    def delete(self, store_id, image_id, status, **kwargs):
        kwargs.setdefault('roles', 'admin,member,reader')
        answer = self.service.call(
            'DELETE', '/v2/stores/%s/%s' % (store_id, image_id), **kwargs)
        self.assertEqual(status, answer.status_int, answer.text)


class _Broken(driver.Reader):
    """What a remote store gives that goes away in the middle."""

    def __init__(self, reader, left):
        self._reader, self._left = reader, left
        self.length = reader.length

    def __iter__(self):
        for chunk in self._reader:
            if self._left < len(chunk):
                yield chunk[:self._left]
                raise exceptions.StoreUnavailable()
            self._left -= len(chunk)
            yield chunk

    def close(self):
        self._reader.close()


class TestDownload(TestCase):

    def break_off(self, store_id, left):
        real = filesystem.Driver.open

        def open_(store, url, *args, **kwargs):
            reader = real(store, url, *args, **kwargs)
            return _Broken(reader, left) if store.id == store_id else reader
        self.useFixture(fixtures.MonkeyPatch(
            'glance.store.drivers.file.filesystem.Driver.open', open_))

    def test_another_store_goes_on_where_one_fails_in_the_middle(self):
        data = os.urandom(1 << 20)
        path = IMAGES + self.in_two_stores(data) + '/file'
        self.break_off('fast', 300001)
        self.assertEqual(data, self.service.call('GET', path).body)
        answer = self.service.call('GET', path, headers={
            'Range': 'bytes=100-900000'})
        self.assertEqual((206, data[100:900001]),
                         (answer.status_int, answer.body))


class TestDelete(TestCase):

    def test_only_the_data_in_that_store_goes(self):
        image_id = self.in_two_stores()
        self.assertEqual('fast,cold', self.stores(image_id))
        self.delete('fast', image_id, 204)
        self.assertEqual('cold', self.stores(image_id))
        self.assertEqual([os.path.join(self.service.state, 'cold', image_id)],
                         self.service.stored_files())
        self.assertEqual(b'data', self.service.call(
            'GET', IMAGES + image_id + '/file').body)
        # The only one is not to be deleted, whatever store is named.
        self.delete('fast', image_id, 403)

    def test_last_one_stays(self):
        image_id = self.service.create()['id']
        self.service.upload(image_id, b'data')
        self.delete('fast', image_id, 403)
        self.assertEqual('fast', self.stores(image_id))
        self.assertEqual(1, len(self.service.stored_files()))

    def test_a_call_that_is_refused_removes_nothing(self):
        image_id = self.in_two_stores()
        self.delete('fast', image_id, 400, body={})
        self.delete('fast', image_id, 403, roles='member,reader')
        self.delete('fast', image_id, 404, roles='member,reader',
                    project='p9')
        self.delete('slow', image_id, 409)
        self.delete('os_glance_staging_store', image_id, 409)
        self.delete('fast', 'f' * 36, 404)
        queued = self.service.create()['id']
        self.delete('fast', queued, 409)
        self.assertEqual('fast,cold', self.stores(image_id))

    def test_in_use(self):
        image_id = self.in_two_stores()
        with self.fail_delete(exceptions.InUseByStore()):
            self.delete('fast', image_id, 409)
        self.assertEqual('fast,cold', self.stores(image_id))

    def test_store_away(self):
        """It is used no more, and a conductor goes on."""
        image_id = self.in_two_stores()
        with self.fail_delete(exceptions.StoreUnavailable()):
            self.delete('fast', image_id, 503)
        self.assertEqual('cold', self.stores(image_id))
        self.assertEqual(2, len(self.service.stored_files()))
        conductor.work()
        self.assertEqual(1, len(self.service.stored_files()))

    def test_delayed_delete_leaves_the_file_to_a_conductor(self):
        image_id = self.in_two_stores()
        self.service.conf.config(delayed_delete=True, scrub_time=3600)
        self.delete('fast', image_id, 204)
        self.assertEqual('cold', self.stores(image_id))
        self.assertEqual(2, len(self.service.stored_files()))
        conductor.work()
        self.assertEqual(1, len(self.service.stored_files()))


class TestSingle(base.TestCase):

    def test_no_stores(self):
        image_id = self.service.create()['id']
        for verb, path in (('DELETE', '/v2/stores/file/' + image_id),
                           ('GET', '/v2/info/stores'),
                           ('GET', '/v2/info/stores/detail')):
            self.assertEqual(404, self.service.admin(verb, path).status_int)
