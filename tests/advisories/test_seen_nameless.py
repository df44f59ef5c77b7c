"""A namespace and a property without a name were stored."""

from tests.advisories import base
from tests.fixtures import service

NAMESPACES = '/v2/metadefs/namespaces'


class TestNames(base.TestCase):

    options = {'conductor': False}

    def test_a_namespace_needs_a_proper_name(self):
        for name in ('', '.', '..', 'a/b', 'n' * 81, None, 5):
            answer = self.service.admin('POST', NAMESPACES,
                                        {'namespace': name})
            self.assertEqual(400, answer.status_int, name)
        self.service.admin('POST', NAMESPACES, {'namespace': 'n'})
        answer = self.service.admin('PUT', NAMESPACES + '/n',
                                    {'namespace': ''})
        self.assertEqual(400, answer.status_int)
        listed = self.service.admin('GET', NAMESPACES).json['namespaces']
        self.assertEqual(['n'], [one['namespace'] for one in listed])

    def test_a_property_needs_a_proper_name(self):
        image = self.service.create()
        for path in ('/', '', '//', '/' + 'n' * 256, None, 5):
            for verb in ('add', 'replace', 'remove'):
                for media_type, operation in (
                        (service.V21, {'op': verb, 'path': path}),
                        (service.V20, {verb: path})):
                    answer = self.service.patch(
                        image['id'], [dict(operation, value='x')],
                        media_type=media_type)
                    self.assertEqual(400, answer.status_int, answer.text)
        answer = self.service.call('POST', base.IMAGES, {'': 'x'})
        self.assertEqual(400, answer.status_int)
        self.assertEqual(image, self.show(image['id']))
