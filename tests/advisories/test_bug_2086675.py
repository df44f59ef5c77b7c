"""Bug 2086675: ordering locations asked the stores, for each image listed."""

from glance.store.drivers.file import filesystem
from tests.advisories import base


class TestLists(base.TestCase):

    options = {'multi': True, 'conductor': False,
               'show_multiple_locations': True,
               'show_image_direct_url': True}

    def test_no_store_is_asked(self):
        image_id = self.active()
        for name in ('open', 'size', 'write', 'delete'):
            self.patch(filesystem.Driver, name, None)
        images = self.service.call('GET', base.IMAGES).json['images']
        self.assertEqual(['fast'], [image['stores'] for image in images])
        self.assertEqual(1, len(self.show(image_id)['locations']))
