"""Which volumes are ours, and which are one."""

import types
import uuid

from glance_store.common import fs_mount
from oslotest import base

from glance.common import concurrency
from glance.store.transfer import threads
from tests.unit.store import offline

native = concurrency.native

IMAGE = '6ba7b810-9dad-41d1-80b4-00c04fd430c8'
ATTEMPT = '9c0f3a52-6a1e-4b55-9f0e-2d8d6a0f1b77'
VOLUME = str(uuid.UUID(int=7))


def volume(name, status='available', **metadata):
    return types.SimpleNamespace(
        id=VOLUME, name=name, status=status, size=2, metadata=metadata,
        created_at='1970-01-01T00:00:10.500000', updated_at=None)


class TestCinder(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.store = self.useFixture(
            offline.Stores('cinder')).all.by_id('cinder')

    def test_volumes_of_images_are_found(self):
        for name, attempt in ((IMAGE, None),
                              ('%s-%s' % (IMAGE, ATTEMPT), ATTEMPT)):
            found = self.store._look(volume('image-' + name, image_size='1'))
            self.assertEqual(
                (IMAGE, attempt, 'cinder://cinder/' + VOLUME, 2 << 30, 10.5),
                tuple(found)[:-1])

    def test_volumes_of_others_are_not(self):
        """Those that Cinder keeps of images for itself have no size."""
        for other in (volume('image-' + IMAGE), volume(None, image_size='1'),
                      volume(IMAGE, image_size='1'),
                      volume('my-image-' + IMAGE, image_size='1'),
                      volume('image-%s-a1' % IMAGE, image_size='1'),
                      volume('image-' + IMAGE, 'deleting', image_size='1')):
            self.assertIsNone(self.store._look(other))

    def test_nobody_lists_volumes_of_whoever_asks(self):
        self.assertIsNone(self.store.list())

    def test_one_volume_whichever_store_names_it(self):
        own = 'cinder://cinder/' + VOLUME
        for url in (own, 'cinder://other/' + VOLUME, 'cinder://' + VOLUME):
            self.assertTrue(self.store.is_same(url, own))
        for url in ('cinder://other/' + ATTEMPT, 'file://' + VOLUME,
                    own + '/x'):
            self.assertFalse(self.store.is_same(url, own))

    def test_native_threads_wait_for_a_lock(self):
        """The one that waits goes on when the other one is ready."""
        held, free, done = (native.threading.Event() for _number in range(3))

        def hold():
            with fs_mount.lockutils.lock('volume'):
                held.set()
                free.wait(60)

        def wait():
            with fs_mount.lockutils.lock('volume'):
                done.set()
        holder = threads.start(hold)
        self.assertTrue(held.wait(60))
        threads.start(wait)
        native.time.sleep(0.2)      # Until it waits, or there is less to see.
        free.set()
        holder.join()
        self.assertTrue(done.wait(60))

    def test_beside_a_hub_no_two_threads_share_a_session(self):
        conf, found = self.store._store.store_conf, []
        # Of a module that was loaded without its libraries, for this store.
        session_of = self.store._look.__globals__['_session_of']

        def ask():
            found.extend(session_of(conf) for _number in range(2))
            meeting.wait(60)
        meeting = native.threading.Barrier(2)
        for job in [threads.start(ask) for _number in range(2)]:
            job.join()
        self.assertEqual(2 if concurrency.is_green() else 1,
                         len(set(map(id, found))))
