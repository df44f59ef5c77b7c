"""Images in containers of Swift."""

import uuid

from oslotest import base as test_base

from tests.stores import base


class SwiftTest(base.Suite, test_base.BaseTestCase):

    kind = 'swift'
    copies = True

    def test_name_of_the_image(self):
        """Bare metal services look for it there."""
        image_id = str(uuid.uuid4())
        first = self.put(b'1', 'a1', image_id)
        second = self.put(b'2', 'a2', image_id)
        self.assertEqual([image_id, image_id + '-a2'],
                         [url.split('/')[-1] for url in (first, second)])
        self.store.delete(first)
        self.store.delete(second)
        self.assertEqual([], self.mine(image_id))

    def test_empty(self):
        self.assertEqual(b'', self.get(self.put(b'')))
