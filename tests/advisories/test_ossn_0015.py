"""OSSN-0015: anyone could publish images to everyone."""

from tests.advisories import base


class TestPublishing(base.TestCase):

    def test_members_cannot(self):
        answer = self.service.call('POST', base.IMAGES,
                                   {'visibility': 'public'})
        self.assertEqual(403, answer.status_int)
        image_id = self.service.create()['id']
        for verb in ('add', 'replace'):
            self.assertEqual(403, self.change(image_id, verb, 'visibility',
                                              'public'))
        self.assertEqual('shared', self.show(image_id)['visibility'])

    def test_administrators_can(self):
        answer = self.service.admin('POST', base.IMAGES,
                                    {'visibility': 'public'})
        self.assertEqual(201, answer.status_int)

    def test_community_images_have_a_rule_of_their_own(self):
        image_id = self.service.create()['id']
        self.assertEqual(403, self.change(image_id, 'replace', 'visibility',
                                          'community', roles='reader'))
        self.assertEqual(200, self.change(image_id, 'replace', 'visibility',
                                          'community'))
