"""Changes by PATCH that older services let pass, or failed on."""

from tests.advisories import base
from tests.fixtures import service

INTERNAL = ('image_id', 'extra_properties', '_extra', 'locations_', 'context',
            'member', 'virtual', '__class__', '__dict__', 'deactivate')


class TestPatches(base.TestCase):

    options = {'conductor': False}

    def setUp(self):
        super().setUp()
        self.image = self.service.create(name='cat')
        self.image_id = self.image['id']

    def test_owner_is_not_given_away_behind_a_403(self):
        for verb in ('add', 'replace'):
            self.assertEqual(403, self.change(self.image_id, verb, 'owner',
                                              base.STRANGER))
        answer = self.service.patch(
            self.image_id, [{'add': '/owner', 'value': base.STRANGER}],
            media_type=service.V20)
        self.assertIn(answer.status_int, (403, 409))
        self.assertEqual(self.image, self.show(self.image_id))

    def test_internal_names_are_plain_properties(self):
        for name in INTERNAL:
            self.assertEqual(409, self.change(self.image_id, 'replace', name,
                                              'x'), name)
            self.assertEqual(200, self.change(self.image_id, 'add', name,
                                              'x'), name)
            self.assertEqual('x', self.show(self.image_id)[name])
            self.assertEqual(200, self.change(self.image_id, 'remove', name))
        after = self.show(self.image_id)
        self.assertEqual(self.image, dict(
            after, updated_at=self.image['updated_at']))

    def test_parts_of_attributes_cannot_be_reached(self):
        for name in ('tags/-', 'name/0', 'extra_properties/x', 'members/0'):
            self.assertEqual(400, self.change(self.image_id, 'add', name,
                                              'x'), name)

    def test_names_are_as_long_as_on_create(self):
        for length, status in ((255, 200), (256, 400), (300, 400)):
            self.assertEqual(status, self.change(
                self.image_id, 'add', 'n' * length, 'x'))
            answer = self.service.call('POST', base.IMAGES,
                                       {'n' * length: 'x'})
            self.assertEqual(status == 200, answer.status_int == 201)

    def test_member_ids_are_texts(self):
        members = self.path(self.image_id, '/members')
        for member in (5, 5.5, True, ['p'], {'p': 1}, None, ''):
            answer = self.service.call('POST', members, {'member': member})
            self.assertEqual(400, answer.status_int, member)
        self.assertEqual([], self.service.call('GET', members).json['members'])

    def test_hidden_attributes(self):
        for name, value in (('os_hash_algo', 'md5'),
                            ('os_hash_value', 'a' * 128), ('stores', 'fast'),
                            ('checksum', 'a' * 32)):
            answer = self.service.call('POST', base.IMAGES, {name: value})
            self.assertEqual(403, answer.status_int, name)
            for verb in ('add', 'replace', 'remove'):
                self.assertEqual(403, self.change(self.image_id, verb, name,
                                                  value), name)
        self.assertEqual(self.image, self.show(self.image_id))
