"""Images in pools of Ceph."""

import uuid

from oslotest import base as test_base

from glance.common import exceptions
from tests.stores import base
from tests.unit.store import base as sources


class RbdTest(base.Suite, test_base.BaseTestCase):

    kind = 'rbd'
    copies = True

    def delete_both(self, origin, url, data):
        """A clone shares the data of its original, which stays so long."""
        self.assertRaises(exceptions.InUseByStore, self.store.delete, origin)
        self.assert_same(data, self.get(origin))
        self.store.delete(url)
        self.store.delete(origin)

    def test_name_of_the_image(self):
        """Others look for it there, unless somebody has it already."""
        image_id = str(uuid.uuid4())
        first = self.put(b'1', 'a1', image_id)
        second = self.put(b'2', 'a2', image_id)
        self.assertEqual([image_id, image_id + '-a2'],
                         [url.split('/')[-2] for url in (first, second)])
        for attempt in ('a1', 'a2'):
            self.store.discard(image_id, attempt)
        self.assertEqual([b'1', b'2'], [self.get(first), self.get(second)])

    def test_nobody_removes_what_another_one_discards(self):
        """Else the name of the image could become that of newer data."""
        image_id = str(uuid.uuid4())
        self.store.write(image_id, 'a1', sources.Source(b'1'))
        with self.store._pool() as (ioctx, _fsid):
            with self.store._held(ioctx, image_id, 'a1') as image:
                self.assertIsNotNone(image)
                self.assertRaises(exceptions.InUseByStore,
                                  self.store.discard, image_id, 'a1')
                # It has the name of the attempt again, which nobody else has.
                self.assertIsNone(self.store._mark(ioctx, image_id))
                self.assertEqual('a1', self.store._mark(
                    ioctx, image_id + '-a1'))
        self.store.discard(image_id, 'a1')
        self.assertEqual([], self.mine(image_id))

    def test_unknown_size_twice(self):
        """The driver itself remembers how large the last one has become."""
        for _number in range(2):
            data = b'x' * (3 * base.MIB)
            url = self.store.write(str(uuid.uuid4()), 'a1',
                                   sources.Source(data)).url
            self.assert_same(data, self.get(url))

    def test_details_tell_the_fsid_of_the_cluster(self):
        self.assertEqual(36, len(self.store.details()['fsid']))
