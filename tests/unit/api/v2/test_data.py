"""Tests of what an upload tells the registry and the store."""

import dataclasses
import threading
import time
import types
from unittest import mock

import webob

from glance.api import services
from glance.common import concurrency
from glance.common import exceptions
from glance.store.transfer import upload
from tests.fixtures import fake_registry
from tests.unit.api.v2 import base

RECEIVED = upload.Received(
    size=1, virtual_size=1, checksum='c', os_hash_algo='sha512',
    os_hash_value='h', url='file:///secret', metadata={'store': 's1'})
BEGUN = {'id': 'attempt', 'attempt': 1, 'lease': 60}


class TestUpload(base.TestCase):

    def setUp(self):
        super().setUp()
        self.store = mock.Mock(
            spec=['id', 'settle', 'discard', 'breaker'], id='s1',
            has_readers=False)
        self.store.breaker.is_open = False
        self.registry.uploads = self.registry._resource(
            'uploads', 'begin', 'renew', 'finish', 'fail')
        self.registry.work = self.registry._resource('work', 'hand_back')
        self.registry._work_hand_back = lambda *args: None
        self.outcome('begin', BEGUN)
        self.receive = self.replace_receive()

    def replace_receive(self):
        patcher = mock.patch.object(upload, 'receive', autospec=True,
                                    return_value=RECEIVED)
        self.addCleanup(patcher.stop)
        return patcher.start()

    def outcome(self, name, result):
        """What a method of the registry gives or raises."""
        def answer(*args):
            if isinstance(result, Exception):
                raise result
            return result
        self.answer('uploads', name, answer)

    def answer(self, resource, name, function):
        setattr(self.registry, '_%s_%s' % (resource, name), function)
        setattr(getattr(self.registry, resource), name,
                self.registry._recorded(resource, name))

    def upload(self, multi=True, headers=None):
        stores = types.SimpleNamespace(
            multi=multi, default=self.store, get=mock.Mock(
                autospec=True, return_value=self.store))
        with services.override(stores=stores):
            return self.call('PUT', '/images/%s/file' % base.IMAGE, b'x',
                             content_type='application/octet-stream',
                             headers=headers).status_int

    def told(self):
        return [name for name, _args in self.registry.calls]

    def test_an_upload_is_told_and_settled(self):
        self.assertEqual(204, self.upload())
        self.assertEqual(['images.get', 'uploads.begin', 'uploads.finish'],
                         self.told())
        self.assertEqual(('uploads.begin', (base.IMAGE, 's1', True, 1, {})),
                         self.registry.calls[1])
        self.assertEqual('file:///secret',
                         self.registry.calls[2][1][3]['url'])
        self.store.settle.assert_called_once_with(base.IMAGE, 'attempt')
        self.store.discard.assert_not_called()

    def test_a_store_that_is_away_is_offered_nothing(self):
        """Whoever has begun to send is told that it was for nothing."""
        self.store.breaker.is_open = True
        self.store.breaker.demand.side_effect = exceptions.StoreUnavailable()
        self.assertEqual(502, self.upload())
        self.assertEqual(['images.get'], self.told())
        self.receive.assert_not_called()

    def test_announced_size(self):
        self.upload(headers={'x-openstack-image-size': '1'})
        self.assertEqual(('uploads.begin', (base.IMAGE, 's1', True, 1, {})),
                         self.registry.calls[1])

    def test_announced_size_of_another_body(self):
        self.assertEqual(400, self.upload(
            headers={'x-openstack-image-size': '7'}))
        self.assertEqual(['images.get'], self.told())

    def test_more_than_any_column_holds(self):
        self.conf.config(image_size_cap=2 ** 63)
        with mock.patch.object(webob.Request, 'content_length', None):
            status = self.upload(headers={
                'x-openstack-image-size': str(2 ** 63)})
        self.assertEqual(413, status)
        self.assertEqual(['images.get'], self.told())

    def test_bytes_refused(self):
        self.receive.side_effect = exceptions.ContentRejected('no qcow2')
        self.assertEqual(415, self.upload())
        self.assertEqual(
            ('uploads.fail', (base.IMAGE, 'attempt', 1, 'no qcow2', True)),
            self.registry.calls[-1])
        self.store.settle.assert_not_called()

    def test_first_error_counts(self):
        self.receive.side_effect = exceptions.UploadBroken()
        for failure in (exceptions.LeaseLost(),
                        exceptions.RegistryUnavailable()):
            self.outcome('fail', failure)
            self.assertEqual(400, self.upload())

    def test_unexpected_error_tells_nothing(self):
        self.receive.side_effect = RuntimeError('rbd://key@host')
        self.assertEqual(500, self.upload())
        self.assertNotIn('rbd', self.registry.calls[-1][1][3])

    def test_too_late(self):
        for error, status in ((exceptions.LeaseLost(), 409),
                              (exceptions.Gone(), 410),
                              (exceptions.ImageNotFound(), 404)):
            self.outcome('finish', error)
            self.store.discard.reset_mock()
            self.assertEqual(status, self.upload())
            self.store.discard.assert_called_once_with(
                base.IMAGE, 'attempt', 'file:///secret')

    def test_the_error_stays_when_the_store_fails_too(self):
        self.outcome('finish', exceptions.Gone())
        self.store.discard.side_effect = exceptions.StoreUnavailable()
        self.assertEqual(410, self.upload())
        self.assertEqual(
            ('work.hand_back', ('attempt', 1, {
                'url': 'file:///secret', 'received': True,
                'reason': exceptions.Gone().message},
                exceptions.Gone().message, 0)), self.registry.calls[-1])

    def test_what_the_store_keeps_is_left_to_a_conductor(self):
        self.receive.side_effect = error = exceptions.ContentRejected('no')
        error.left_behind = 'file:///left'
        self.store.discard.side_effect = exceptions.StoreUnavailable()
        self.assertEqual(415, self.upload())
        self.assertEqual(
            ('work.hand_back', ('attempt', 1, {
                'url': 'file:///left', 'reason': 'no', 'received': True},
                'no', 0)),
            self.registry.calls[-1])
        self.assertNotIn('uploads.fail', self.told())

    def test_what_was_handed_back_is_not_renewed(self):
        """It would keep the work from conductors for another lease."""
        renewed = threading.Event()
        self.outcome('begin', dict(BEGUN, lease=0.03))
        self.answer('uploads', 'renew', lambda *args: renewed.set())
        self.answer('work', 'hand_back', lambda *args: time.sleep(0.1))
        self.outcome('finish', exceptions.Gone())

        def fail(*args):
            # In a native thread, which cannot wait for a green event.
            while not renewed.is_set():
                concurrency.native.time.sleep(0.01)
            raise exceptions.StoreUnavailable()
        self.store.discard.side_effect = fail
        self.assertEqual(410, self.upload())
        self.assertEqual('work.hand_back', self.told()[-1])

    def test_unknown_outcome_removes_nothing(self):
        self.outcome('finish', exceptions.RegistryUnavailable())
        self.assertEqual(502, self.upload())
        self.store.discard.assert_not_called()
        self.store.settle.assert_not_called()

    def test_nothing_came_where_some_had(self):
        self.receive.return_value = dataclasses.replace(RECEIVED, size=0)
        self.outcome('finish', exceptions.UploadBroken())
        self.assertEqual(400, self.upload())
        self.store.discard.assert_called_once_with(
            base.IMAGE, 'attempt', 'file:///secret')
        self.assertEqual(('uploads.fail', (
            base.IMAGE, 'attempt', 1, exceptions.UploadBroken.default,
            False)), self.registry.calls[-1])

    def test_refused_before_the_registry_is_asked(self):
        for image, status in (({'status': 'active'}, 409),
                              ({'disk_format': None}, 400),
                              ({'container_format': None}, 400)):
            self.registry.images_by_id[base.IMAGE] = (
                fake_registry.make_image(base.IMAGE, **image))
            self.assertEqual(status, self.upload())
        self.assertNotIn('uploads.begin', self.told())
