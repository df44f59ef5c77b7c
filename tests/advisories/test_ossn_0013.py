"""OSSN-0013: a later permissive rule for a property overrode a strict one."""

import os

from glance.api import app
from tests.advisories import base

FILE = """
[x_secret.*]
create = admin
read = admin
update = admin
delete = admin
[x_notice]
create = admin
read = @
update = admin
delete = !
[x_.*]
create = @
read = @
update = @
delete = @
"""


class TestPropertyProtection(base.TestCase):

    def setUp(self):
        super().setUp()
        path = os.path.join(self.service.state, 'protections.conf')
        with open(path, 'w') as file:
            file.write(FILE)
        self.service.conf.config(property_protection_file=path)
        self.service.wsgi = app.load()
        self.image_id = self.service.create(x_free='1')['id']
        for name in ('x_secret_a', 'x_notice'):
            self.assertEqual(200, self.change(
                self.image_id, 'add', name, '1', project='p0',
                roles='admin,member'))

    def change_as_owner(self, verb, name, value='2', **kwargs):
        return self.change(self.image_id, verb, name, value, **kwargs)

    def test_what_is_not_for_the_caller_is_not_there(self):
        image = self.show(self.image_id)
        self.assertNotIn('x_secret_a', image)
        self.assertEqual('1', image['x_notice'])
        listed, = self.service.call('GET', base.IMAGES).json['images']
        self.assertEqual(image, listed)
        self.assertEqual(409, self.change_as_owner('replace', 'x_secret_a'))
        self.assertEqual(409, self.change_as_owner('remove', 'x_secret_a'))
        seen = self.service.admin('GET', self.path(self.image_id)).json
        self.assertEqual('1', seen['x_secret_a'])

    def test_lists_do_not_tell_either(self):
        for value in ('1', '2'):
            path = base.IMAGES + '?x_secret_a=' + value
            self.assertEqual(
                [], self.service.call('GET', path).json['images'])
        self.assertEqual(1, len(self.service.admin(
            'GET', base.IMAGES + '?x_secret_a=1').json['images']))

    def test_the_first_rule_decides(self):
        self.assertEqual(403, self.change_as_owner('add', 'x_secret_b'))
        self.assertEqual(403, self.change_as_owner('replace', 'x_notice'))
        self.assertEqual(403, self.change_as_owner('remove', 'x_notice'))
        self.assertEqual(403, self.change(
            self.image_id, 'remove', 'x_notice', project='p0',
            roles='admin,member'))
        self.assertEqual(200, self.change_as_owner('replace', 'x_free'))

    def test_what_no_rule_names_is_denied(self):
        for roles in ('member,reader', 'admin,member,reader'):
            self.assertEqual(403, self.service.call(
                'POST', base.IMAGES, {'other': '1'}, roles=roles).status_int)
        self.assertEqual(403, self.service.call(
            'POST', base.IMAGES, {'x_secret': '1'}).status_int)
        self.assertEqual(201, self.service.call(
            'POST', base.IMAGES, {'x_free': '1'}).status_int)

    def test_roles_of_a_service_are_not_the_callers(self):
        headers = {'X-Service-Roles': 'admin',
                   'X-Service-Identity-Status': 'Confirmed'}
        for _attempt in range(2):
            seen = self.service.call('GET', self.path(self.image_id),
                                     headers=headers).json
            self.assertNotIn('x_secret_a', seen)
