"""OSSN-0061: the signature of an image was over a digest of its data."""

import hashlib

from tests.advisories import base
from tests.fixtures import key_manager

DATA = b'some data of an image'


class TestSignature(base.TestCase):

    options = {'conductor': False}

    def setUp(self):
        super().setUp()
        keys = self.useFixture(key_manager.Keys('p1'))
        self.signer = key_manager.Signer()
        self.certificate = keys.put(self.signer.certificate)

    def upload(self, signed, **changes):
        properties = self.signer.properties(self.certificate, signed)
        image_id = self.service.create(**dict(properties, **changes))['id']
        return image_id, self.service.upload(image_id, DATA).status_int

    def test_over_the_data(self):
        _image_id, status = self.upload(DATA)
        self.assertEqual(204, status)

    def test_over_a_digest(self):
        digest = hashlib.md5(DATA, usedforsecurity=False)
        for signed in (digest.digest(), digest.hexdigest().encode()):
            image_id, status = self.upload(signed)
            self.assertEqual(400, status)
            self.check_nothing_kept(image_id)

    def test_with_a_weak_hash(self):
        for name in ('MD5', 'SHA-1'):
            image_id, status = self.upload(DATA,
                                           img_signature_hash_method=name)
            self.assertEqual(400, status)
            self.check_nothing_kept(image_id)
