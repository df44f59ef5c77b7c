"""OSSN-0005: images turned up in the lists of others without consent."""

from tests.advisories import base


class TestConsent(base.TestCase):

    def listed(self, query=''):
        answer = self.service.call('GET', base.IMAGES + query,
                                   project=base.STRANGER)
        return [image['id'] for image in answer.json['images']]

    def test_pending_and_rejected_images_are_not_listed(self):
        image_id = self.service.create()['id']
        self.service.call('POST', self.path(image_id, '/members'),
                          {'member': base.STRANGER})
        for status, is_listed in (('pending', False), ('accepted', True),
                                  ('rejected', False)):
            self.service.call(
                'PUT', self.path(image_id, '/members/' + base.STRANGER),
                {'status': status}, project=base.STRANGER)
            expected = [image_id] if is_listed else []
            for query in ('', '?visibility=shared', '?name='):
                self.assertIn(self.listed(query), (expected, []), query)
            self.assertEqual(expected, self.listed())
            self.assertEqual([image_id], self.listed(
                '?visibility=shared&member_status=' + status))

    def test_the_owner_cannot_consent(self):
        image_id = self.service.create()['id']
        members = self.path(image_id, '/members')
        self.service.call('POST', members, {'member': base.STRANGER})
        answer = self.service.call('PUT', members + '/' + base.STRANGER,
                                   {'status': 'accepted'})
        self.assertEqual(403, answer.status_int)
        self.assertEqual([], self.listed())

    def test_community_images_are_not_listed(self):
        image_id = self.service.create(visibility='community')['id']
        self.assertNotIn(image_id, self.listed())
        self.assertIn(image_id, self.listed('?visibility=community'))
