"""OSSN-0065: users swapped the data of active images by their locations."""

from tests.advisories import locations

EVIL = b'evil in the web'


class TestSwap(locations.TestCase):
    """Where what users name is not believed."""

    options = dict(locations.TestCase.options, check_patched_locations=True)

    def setUp(self):
        super().setUp()
        self.image_id = self.located()
        self.before = self.show(self.image_id)
        self.evil = self.web.put('evil', EVIL)
        self.assertEqual(len(locations.DATA), len(EVIL))

    def check(self):
        image = self.show(self.image_id)
        for name in ('status', 'size', 'checksum', 'os_hash_value'):
            self.assertEqual(self.before[name], image[name], name)
        self.assertEqual(locations.DATA, self.download(self.image_id))

    def test_locations_of_an_active_image_are_not_replaced(self):
        status = self.change(self.image_id, 'replace', 'locations',
                             [{'url': self.evil, 'metadata': {}}])
        self.assertEqual(400, status)
        self.check()

    def test_put_in_front(self):
        self.change(self.image_id, 'add', 'locations/0',
                    {'url': self.evil, 'metadata': {}})
        self.check()
        # A member cannot remove the old one either.
        for number in range(2):
            self.assertEqual(403, self.change(
                self.image_id, 'remove', 'locations/%d' % number))
        self.check()

    def test_hash_claimed(self):
        claim = {'os_hash_algo': 'sha512', 'os_hash_value': 'a' * 128}
        for verb, name in (('add', 'locations/-'), ('replace', 'locations')):
            value = {'url': self.url, 'metadata': {},
                     'validation_data': claim}
            self.change(self.image_id, verb, name,
                        [value] if name == 'locations' else value)
        self.check()

    def test_by_attributes(self):
        for name in ('checksum', 'os_hash_value', 'os_hash_algo', 'size',
                     'direct_url'):
            for verb in ('add', 'replace', 'remove'):
                self.assertEqual(403, self.change(self.image_id, verb, name,
                                                  'x'))
        self.check()
