"""Deleting images in Ceph that volumes are clones of."""

import os
import time
import uuid

from oslotest import base as test_base

from glance.common import exceptions
from tests.fixtures import ports
from tests.fixtures.servers import ceph
from tests.stores import base
from tests.stores import test_service


class Volumes:
    """Clones in a pool that our user may not read, as other services make
    them.
    """

    def __init__(self, test):
        self._test = test
        self._ceph = test.useFixture(ceph.Ceph())

    def clone(self, name, clone_format=1):
        """:param name: of the image in the pool
        :returns: the volume
        """
        volume = 'volumes/' + str(uuid.uuid4())
        self._ceph.run('rbd', 'clone', 'images/%s@snap' % name, volume,
                       '--rbd-default-clone-format', str(clone_format))
        self._test.addCleanup(self.remove, volume)
        return volume

    def remove(self, volume):
        if os.path.basename(volume) in self._ceph.run('rbd', 'ls', 'volumes'):
            self._ceph.run('rbd', 'rm', '--no-progress', volume)


class CheckTest(base.StoreTest, test_base.BaseTestCase):

    kind = 'rbd'

    def setUp(self):
        super().setUp()
        self.volumes = Volumes(self)
        self.url = self.put(b'data')
        self.name = self.url.split('/')[-2]

    def is_protected(self):
        with self.store._pool() as (ioctx, _fsid):
            with self.store._image(ioctx, self.name) as image:
                return image.is_protected_snap('snap')

    def test_nobody_needs_it(self):
        self.store.check_unused(self.url)
        self.assertTrue(self.is_protected())

    def test_an_image_stays_while_it_has_clones(self):
        volume = self.volumes.clone(self.name)
        for _number in range(2):
            self.assertRaises(exceptions.InUseByStore,
                              self.store.check_unused, self.url)
            self.assertTrue(self.is_protected())
        self.assertRaises(exceptions.InUseByStore, self.store.delete,
                          self.url)
        self.volumes.remove(volume)
        self.store.check_unused(self.url)
        self.store.delete(self.url)

    def test_clones_of_format_2(self):
        """They keep what they need when the image goes."""
        volume = self.volumes.clone(self.name, 2)
        self.store.check_unused(self.url)
        self.assertTrue(self.is_protected())
        other = self.volumes.clone(self.name)
        self.assertRaises(exceptions.InUseByStore, self.store.check_unused,
                          self.url)
        self.volumes.remove(other)
        self.store.delete(self.url)
        self.volumes.remove(volume)

    def test_nothing_there(self):
        self.store.delete(self.url)
        self.store.check_unused(self.url)
        self.store.check_unused('rbd://' + self.name)

    def test_cluster_away(self):
        """Whoever waits is told within seconds, whatever the options say."""
        with open(self.store._store.conf_file) as file:
            lines = ['mon host = [v2:127.0.0.1:%d]\n' % ports.free_port()
                     if line.startswith('mon host') else line
                     for line in file]
        path = os.path.join(os.path.dirname(self.stores.config), 'away.conf')
        with open(path, 'w') as file:
            file.writelines(lines)
        self.store._store.conf_file = path
        start = time.monotonic()
        self.assertRaises(exceptions.StoreUnavailable,
                          self.store.check_unused, self.url)
        self.assertLess(time.monotonic() - start, 15)


class DeleteTest(test_base.BaseTestCase):
    """Through the whole service."""

    def test_in_use(self):
        service = self.useFixture(test_service.Service({'rbd': 'rbd'}))
        volumes = Volumes(self)
        image_id = service.create()
        path = '/images/' + image_id
        service.call('PUT', path + '/file', 204, data=test_service.DATA,
                     headers={'Content-Type': 'application/octet-stream'})
        volume = volumes.clone(image_id)
        answer = service.call('DELETE', path, 409)
        self.assertIn('in use', answer.text)
        self.assertEqual('active', service.image(image_id)['status'])
        self.assertEqual(test_service.DATA, service.data(image_id, 'rbd'))
        volumes.remove(volume)
        service.call('DELETE', path, 204)
        service.call('GET', path, 404)
        service.wait_gone(image_id)
