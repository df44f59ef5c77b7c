"""OSSN-0055: accounts of services had the power of administrators."""

from tests.advisories import locations

SERVICE = {'project': 'service', 'roles': 'service,member,reader'}


class TestServiceRole(locations.TestCase):

    def test_no_power_over_images_of_others(self):
        image_id = self.located()
        self.service.call('POST', self.path(image_id, '/members'),
                          {'member': 'service'})
        for verb, below, body in (
                ('DELETE', '', None), ('PUT', '/tags/t', None),
                ('POST', '/actions/deactivate', None),
                ('POST', '/members', {'member': 'p3'})):
            answer = self.service.call(verb, self.path(image_id, below),
                                       body, **SERVICE)
            self.assertEqual(403, answer.status_int, verb + below)
        self.assertEqual(403, self.change(image_id, 'replace', 'name', 'x',
                                          **SERVICE))
        answer = self.service.call('POST', '/v2/images',
                                   {'visibility': 'public'}, **SERVICE)
        self.assertEqual(403, answer.status_int)

    def test_private_images_stay_private(self):
        image_id = self.service.create(visibility='private')['id']
        for verb in ('GET', 'DELETE'):
            answer = self.service.call(verb, self.path(image_id), **SERVICE)
            self.assertEqual(404, answer.status_int)
