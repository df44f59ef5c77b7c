"""Signed images take the data that was signed, and no other."""

import hashlib

from cryptography.hazmat.primitives.asymmetric import ec

from tests.fixtures import key_manager
from tests.functional.http import base

DATA = b'signed ' * 500000      # more than a small body


class TestSignatures(base.TestCase):

    options = {'conductor': False}

    def setUp(self):
        super().setUp()
        self.keys = self.useFixture(key_manager.Keys('p1'))
        self.signer = key_manager.Signer()
        self.certificate = self.keys.put(self.signer.certificate)

    def create(self, data=DATA, signer=None, certificate=None, **changes):
        properties = (signer or self.signer).properties(
            certificate or self.certificate, data)
        properties.update(changes)
        return self.service.create(**properties)['id']

    def check_refused(self, image_id, data=DATA, status=400):
        answer = self.service.upload(image_id, data)
        self.assertEqual(status, answer.status_int, answer.text)
        image = self.service.call('GET', '/v2/images/' + image_id).json
        self.assertEqual('queued', image['status'])
        self.assertIsNone(image['checksum'])
        self.assertEqual([], self.service.stored_files())
        return answer

    def check_accepted(self, image_id, data=DATA):
        answer = self.service.upload(image_id, data)
        self.assertEqual(204, answer.status_int, answer.text)
        image = self.service.call('GET', '/v2/images/' + image_id).json
        self.assertEqual('active', image['status'])

    def test_signed_data(self):
        self.check_accepted(self.create())

    def test_small_and_empty_data(self):
        for data in (b'x', b''):
            self.check_accepted(self.create(data), data)

    def test_a_curve(self):
        signer = key_manager.Signer(curve=ec.SECP384R1())
        self.check_accepted(self.create(
            signer=signer, certificate=self.keys.put(signer.certificate)))

    def test_other_data(self):
        image_id = self.create()
        self.check_refused(image_id, DATA[:-1] + b'.')
        # The image is as good as before.
        self.check_accepted(image_id)

    def test_a_signature_over_a_digest(self):
        for name in ('md5', 'sha256'):
            digest = hashlib.new(name, DATA, usedforsecurity=False)
            self.check_refused(self.create(digest.digest()))
            self.check_refused(self.create(digest.hexdigest().encode()))

    def test_broken_properties(self):
        for name, value in (('img_signature', 'no base64!'),
                            ('img_signature_hash_method', 'MD5'),
                            ('img_signature_key_type', 'ECC_SECP384R1'),
                            ('img_signature_key_type', 'nothing'),
                            ('img_signature_certificate_uuid', 'nobody')):
            self.check_refused(self.create(**{name: value}))

    def test_a_certificate_of_another_project(self):
        keys = key_manager.Keys('p2')
        self.check_refused(self.create(
            certificate=keys.put(self.signer.certificate)))

    def test_properties_that_are_not_complete_mean_nothing(self):
        properties = self.signer.properties(self.certificate, b'other')
        del properties['img_signature']
        self.check_accepted(self.service.create(**properties)['id'])

    def test_a_broken_key_manager(self):
        self.service.conf.config(group='key_manager', backend='nowhere')
        answer = self.check_refused(self.create(), status=502)
        self.assertNotIn('nowhere', answer.text)


class TestTrust(TestSignatures):
    """All the same when certificates have to lead to a trusted one."""

    def setUp(self):
        super().setUp()
        self.authority = key_manager.Signer('authority')
        self.trusted = self.keys.put(self.authority.certificate)
        self.service.conf.config(group='image_signatures',
                                 trusted_certificates=[self.trusted])
        self.signer = key_manager.Signer(issuer=self.authority)
        self.certificate = self.keys.put(self.signer.certificate)

    def test_a_curve(self):
        signer = key_manager.Signer(curve=ec.SECP384R1(),
                                    issuer=self.authority)
        self.check_accepted(self.create(
            signer=signer, certificate=self.keys.put(signer.certificate)))

    def test_somebody_else(self):
        for signer in (key_manager.Signer(),
                       key_manager.Signer('authority'),
                       key_manager.Signer(issuer=self.authority, days=-1)):
            self.check_refused(self.create(
                signer=signer,
                certificate=self.keys.put(signer.certificate)))


class TestKeyOfVolume(base.TestCase):

    options = {'conductor': False}

    def setUp(self):
        super().setUp()
        self.keys = self.useFixture(key_manager.Keys('p1'))
        self.key = self.keys.put(object())

    def delete(self, key=None, policy='on_image_deletion'):
        image_id = self.service.create(
            cinder_encryption_key_id=key or self.key,
            cinder_encryption_key_deletion_policy=policy)['id']
        self.assertEqual(204, self.service.call(
            'DELETE', '/v2/images/' + image_id).status_int)
        self.assertEqual(404, self.service.call(
            'GET', '/v2/images/' + image_id).status_int)

    def test_deleted_with_the_image(self):
        self.delete()
        self.assertNotIn(self.key, self.keys)

    def test_a_key_stays_where_the_policy_wants_it(self):
        self.delete(policy='do_not_delete')
        self.assertIn(self.key, self.keys)

    def test_a_key_of_others_is_safe(self):
        other = key_manager.Keys('p2').put(object())
        self.delete(key=other)
        self.assertIn(other, self.keys)

    def test_errors_do_not_keep_the_image(self):
        self.delete(key='gone')
        self.service.conf.config(group='key_manager', backend='nowhere')
        self.delete()
