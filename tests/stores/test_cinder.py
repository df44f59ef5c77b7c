"""Images in volumes of Cinder.

Each volume takes seconds, so these are few, and look at more at a time.
"""

import os
import uuid

from os_brick.initiator import linuxrbd
from oslotest import base as test_base

from glance.common import exceptions
from tests.stores import base
from tests.unit.store import base as sources


class CinderTest(base.StoreTest, test_base.BaseTestCase):

    kind = 'cinder'

    def test_volumes_in_ceph_can_be_attached(self):
        """Whatever was imported first, in whichever test."""
        self.assertIsNotNone(linuxrbd.rados)
        self.assertIsNotNone(linuxrbd.rbd)

    def test_whole_life(self):
        image_id, other_id = str(uuid.uuid4()), str(uuid.uuid4())
        data = os.urandom(5 * base.MIB + 1)
        url = self.store.write(image_id, 'a1', sources.Source(data)).url
        self.assertEqual(['image-%s-a1' % image_id], self.mine(image_id))
        self.store.settle(image_id, 'a1')
        self.discard(image_id, 'a1')
        self.assertEqual(['image-' + image_id], self.mine(image_id))
        self.assertEqual(len(data), self.store.size(url))
        self.assertTrue(self.store.owns(url))
        self.assert_same(data[base.MIB:][:100], self.get(url, base.MIB, 100))
        clone = self.store.clone(url, other_id, 'a1').url
        self.store.delete(url)
        self.gone(image_id)
        self.store.delete(url)
        self.assertRaises(exceptions.NotFound, self.store.size, url)
        self.assert_same(data, self.get(clone))
        self.discard(other_id, 'a1')
        self.gone(other_id)

    def test_failing_source(self):
        image_id = str(uuid.uuid4())
        error = exceptions.UploadBroken()
        self.assertRaises(
            exceptions.UploadBroken, self.store.write, image_id, 'a1',
            sources.Source(b'x' * 1000, error))
        self.gone(image_id)

    def test_others_stay_attached(self):
        """Who detaches a volume in use lets its host read what comes next.

        A conductor detaches what the attempt of a killed writer has left, and
        neither the volume of another attempt nor that of an image.
        """
        image_id = str(uuid.uuid4())
        url = self.store.write(image_id, 'a2', sources.Source(b'x')).url
        client = self.store._client()
        attached = client.attachments.create(
            self.store._place(url).volume_id, None, None, mode='ro')['id']
        self.discard(image_id, 'a1')
        self.discard(image_id, 'a')
        self.store.settle(image_id, 'a2')
        self.discard(image_id, 'a2')
        self.assertEqual(attached, client.attachments.show(attached).id)
        client.attachments.delete(attached)
        self.store.delete(url)
        self.gone(image_id)

    def test_killed_writer(self):
        self.kill_writer(3, 'reading')
