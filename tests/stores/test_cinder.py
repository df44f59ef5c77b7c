"""Images in volumes of Cinder.

Each volume takes seconds, so these are few, and look at more at a time.
"""

import os
from urllib import parse
import uuid

from os_brick.initiator import linuxrbd
from oslotest import base as test_base

from glance.common import exceptions
from glance.store.drivers import cinder as driver
from glance.store import trial
from tests.fixtures.servers import cinder
from tests.functional.store import conformance
from tests.stores import base
from tests.stores import test_faults
from tests.unit.store import base as sources


class CinderTest(base.StoreTest, test_base.BaseTestCase):

    kind = 'cinder'

    # Of the common suite, what `test_whole_life` does not show.
    check_size = conformance.WritableSuite.check_size
    test_no_bytes = conformance.WritableSuite.test_no_bytes
    test_one_byte = conformance.WritableSuite.test_one_byte
    test_attempts_do_not_meet = (
        conformance.WritableSuite.test_attempts_do_not_meet)
    test_two_attempts_at_the_same_time = (
        conformance.WritableSuite.test_two_attempts_at_the_same_time)
    test_forged_locations_lead_nowhere = (
        conformance.WritableSuite.test_forged_locations_lead_nowhere)
    test_a_store_that_is_there_passes_its_check = (
        conformance.Suite.test_a_store_that_is_there_passes_its_check)

    def test_a_trial_passes_every_step(self):
        """It takes a volume, and most of its steps attach that."""
        outcomes = list(trial.run(self.store, 300))
        self.assertEqual([], [one for one in outcomes if one.problem])
        self.assertIn('delete', [one.step for one in outcomes])

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
        # Cinder takes its time, but nobody reads the volume any more.
        self.assertRaises(exceptions.NotFound, self.store.size, url)
        self.assertRaises(exceptions.NotFound, self.store.open, url)
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


class NfsTest(CinderTest):
    """Volumes are files, of which the folder is mounted by who reads them."""

    further = {'cinder_volume_type': 'nfs'}


class LinksTest(base.Linked, base.StoreTest, test_base.BaseTestCase):
    """The data takes another way than what Cinder is asked."""

    kind = 'cinder'

    def setUp(self):
        super().setUp()
        server = self.useFixture(cinder.Cinder())
        there = parse.urlsplit(self.store._client().client.get_endpoint())
        region = server.keystone.add_service(
            'cinderv3', 'volumev3', self.lead(there._replace(
                path='/v3/$(project_id)s').geturl()))
        # Who has a token does not look at the catalogue again.
        self.patch(driver, '_sessions', {})
        self.store = self.load('cinder', cinder_os_region_name=region)
        self.addCleanup(self.links.set, 'store', 'pass')

    def test_gone_while_reading(self):
        """What is attached stays readable, and the next one is told."""
        data, image_id = os.urandom(9 * base.MIB), str(uuid.uuid4())
        url = self.put(data, image_id=image_id)
        reader = self.store.open(url)
        chunks = iter(reader)
        found = [next(chunks)]
        self.links.set('store', 'cut')
        found.extend(chunks)
        self.assert_same(data, b''.join(found))
        # To detach it fails, which is no reason to call the data bad.
        reader.close()
        self.assertRaises(exceptions.StoreUnavailable, self.store.open, url)
        self.links.set('store', 'pass')

    def test_gone_while_writing(self):
        image_id = str(uuid.uuid4())
        self.assertRaises(
            exceptions.StoreUnavailable, self.store.write, image_id, 'a1',
            test_faults.Source(os.urandom(9 * base.MIB),
                               lambda: self.links.set('store', 'cut')))
        self.links.set('store', 'pass')
        self.discard(image_id, 'a1')
        self.gone(image_id)

    def test_a_slow_link(self):
        data = os.urandom(200000)
        self.links.set('store', 'slow')
        url = self.put(data)
        self.assert_same(data, self.get(url))
        self.links.set('store', 'pass')
        self.store.delete(url)
