"""OSSA-2012-017: any user could delete unprotected images of others."""

from tests.advisories import base


class TestStrangersDelete(base.TestCase):

    def check(self):
        image_id = self.active()
        path = self.path(image_id)
        delete = self.service.call
        self.assertEqual(404, delete('DELETE', path,
                                     project=base.STRANGER).status_int)
        self.service.call('POST', path + '/members',
                          {'member': base.STRANGER})
        self.assertEqual(403, delete('DELETE', path,
                                     project=base.STRANGER).status_int)
        self.assertEqual(403, delete('DELETE', path,
                                     roles='reader').status_int)
        self.assertEqual('active', self.show(image_id)['status'])
        answer = self.service.call('GET', path + '/file')
        self.assertEqual(b'data', answer.body)
        self.assertEqual(204, delete('DELETE', path).status_int)

    def test_at_once(self):
        self.check()

    def test_strangers_are_refused_with_delayed_delete(self):
        self.service.conf.config(delayed_delete=True)
        self.check()

    def test_a_public_image_is_not_theirs_to_delete(self):
        image_id = self.active()
        self.service.admin(
            'PATCH', self.path(image_id),
            [{'op': 'replace', 'path': '/visibility', 'value': 'public'}],
            headers={'Content-Type':
                     'application/openstack-images-v2.1-json-patch'})
        answer = self.service.call('DELETE', self.path(image_id),
                                   project=base.STRANGER)
        self.assertEqual(403, answer.status_int)
