"""Roles of a service token counted as the user's."""

import os

from glance.api import protections
from tests.advisories import base

FILE = """\
[secret]
create = admin,service
read = admin,service
update = admin,service
delete = admin,service
[.*]
create = member
read = member
update = member
delete = member
"""


class TestServiceToken(base.TestCase):

    options = {'conductor': False}

    def setUp(self):
        super().setUp()
        path = os.path.join(self.service.state, 'protections.conf')
        with open(path, 'w') as file:
            file.write(FILE)
        self.service.conf.config(property_protection_file=path)
        protections.load()
        self.addCleanup(self.unload)

    def unload(self):
        self.service.conf.config(property_protection_file=None)
        protections.load()

    def test_its_roles_are_not_the_users(self):
        image = self.service.admin('POST', base.IMAGES, {
            'secret': 'x', 'owner': 'p1'}).json
        for _time in range(2):
            shown = self.show(image['id'])
            self.assertNotIn('secret', shown)
            answer = self.service.call(
                'GET', self.path(image['id']),
                headers={'X-Service-Roles': 'admin,service'})
            self.assertNotIn('secret', answer.json)
        # For the user it is not there.
        self.assertEqual(409, self.change(image['id'], 'add', 'secret', 'y'))
