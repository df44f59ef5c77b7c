"""OSSA-2016-006: an image without its last location took other data."""

from tests.advisories import locations


class TestLastLocation(locations.TestCase):

    def check(self, image_id):
        roles = 'admin,member,reader'
        for verb, name, value in (('remove', 'locations/0', None),
                                  ('replace', 'locations', [])):
            self.assertEqual(403, self.change(image_id, verb, name, value,
                                              roles=roles))
        image = self.show(image_id)
        self.assertEqual(('active', 1),
                         (image['status'], len(image['locations'])))
        self.assertEqual(409, self.service.upload(image_id,
                                                  b'other').status_int)

    def test_in_the_web(self):
        image_id = self.located()
        self.check(image_id)
        self.assertEqual(locations.DATA, self.download(image_id))

    def test_that_of_an_uploaded_image_stays(self):
        image_id = self.active()
        self.check(image_id)
        self.assertEqual(b'data', self.download(image_id))
