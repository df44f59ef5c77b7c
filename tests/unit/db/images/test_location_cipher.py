"""URLs in the database that only the holder of a key can read."""

from oslo_config import fixture as config_fixture
from oslotest import base

from glance.conf import CONF
from glance.db.images import location_cipher

KEY = '0123456789abcdef'
# Text that is base64, and no cipher text.
OLD = 'AAECAwQFBgcICQoLDA0ODw=='


class CipherTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.config = self.useFixture(config_fixture.Config(CONF)).config
        self.config(metadata_encryption_key=KEY)

    def test_there_and_back(self):
        for length in range(1, 40):
            url = 'file:///' + 'é' * length
            stored = location_cipher.encrypt(url)
            self.assertNotIn('file', stored)
            self.assertRegex(stored, '^[A-Za-z0-9_=-]+$')
            self.assertEqual(url, location_cipher.decrypt(stored))

    def test_each_time_another_text(self):
        self.assertNotEqual(*(location_cipher.encrypt('file:///a')
                              for _time in range(2)))

    def test_another_key(self):
        stored = location_cipher.encrypt('file:///a')
        self.config(metadata_encryption_key=KEY[::-1])
        self.assertNotEqual('file:///a', location_cipher.decrypt(stored))

    def test_without_a_key(self):
        stored = location_cipher.encrypt('file:///a')
        for key in None, '':
            self.config(metadata_encryption_key=key)
            self.assertEqual('file:///a', location_cipher.encrypt(
                'file:///a'))
            self.assertEqual(stored, location_cipher.decrypt(stored))

    def test_what_was_never_encrypted(self):
        for text in 'file:///a', 'x', OLD[:-3], OLD, '':
            self.assertEqual(text, location_cipher.decrypt(text))
