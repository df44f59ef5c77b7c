"""Property protections, as their file describes them."""

import os

from oslo_config import fixture as config_fixture
from oslotest import base

from glance.api import protections
from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance import policy

ROLES = """
[^x_owner_.*]
create = admin,Owner
read = admin, owner
update = admin,owner
delete = admin,owner
[^x_open]
create = @
read = @
update = @
delete = !
[^x_.*]
create = @
read = @
update = @
delete = @
"""
POLICIES = """
[^x_.*]
create = context_is_admin
read = get_image
update = context_is_admin
delete = !
"""
IMAGE = {'id': 'i', 'owner': 'p1', 'properties': {}}


def caller(*roles, service_roles=()):
    return context.RequestContext(project_id='p1', roles=list(roles),
                                  service_roles=list(service_roles))


class TestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.conf = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        policy.reset()
        self.addCleanup(policy.reset)

    def use(self, text, rule_format='roles'):
        path, = self.create_tempfiles([('protections', text)])
        self.conf.config(property_protection_file=path,
                         property_protection_rule_format=rule_format)
        protections.load()

    def allowed(self, ctxt, name):
        return [operation for operation in protections.OPERATIONS
                if protections.is_allowed(ctxt, operation, name, IMAGE)]


class TestRoles(TestCase):

    def setUp(self):
        super().setUp()
        self.use(ROLES)

    def test_all_is_allowed_without_a_file(self):
        self.conf.config(property_protection_file=None)
        self.assertEqual(list(protections.OPERATIONS),
                         self.allowed(caller(), 'anything'))

    def test_a_role(self):
        self.assertEqual(list(protections.OPERATIONS),
                         self.allowed(caller('OWNER'), 'x_owner_a'))
        self.assertEqual([], self.allowed(caller('member'), 'x_owner_a'))

    def test_everybody_and_nobody(self):
        self.assertEqual(['create', 'read', 'update'],
                         self.allowed(caller(), 'x_open'))

    def test_the_first_match_decides(self):
        # The last section would allow it.
        self.assertEqual([], self.allowed(caller('member'), 'x_owner_a'))
        self.assertNotIn('delete', self.allowed(caller('admin'), 'x_open'))

    def test_what_nothing_matches_is_denied_to_all(self):
        self.assertEqual([], self.allowed(caller('admin'), 'y'))

    def test_expressions_begin_at_the_beginning(self):
        self.assertEqual([], self.allowed(caller('admin'), 'a_x_open'))

    def test_roles_of_a_service_do_not_count(self):
        ctxt = caller('member', service_roles=['admin'])
        self.assertEqual([], self.allowed(ctxt, 'x_owner_a'))
        self.assertEqual(['member'], ctxt.roles)

    def test_notes_of_the_service_are_read_by_all(self):
        self.assertEqual(['read'], self.allowed(caller(), 'os_glance_x'))

    def test_what_may_not_be_read_is_left_out(self):
        image = dict(IMAGE, properties={'x_owner_a': '1', 'x_b': '2'})
        self.assertEqual(
            {'x_b': '2'},
            protections.visible(caller('member'), image)['properties'])
        self.assertEqual(2, len(image['properties']))

    def test_a_change(self):
        check = protections.check_change
        check(caller('owner'), IMAGE, 'update', 'x_owner_a')
        self.assertRaises(exceptions.Forbidden, check, caller(), IMAGE,
                          'delete', 'x_open')
        self.assertRaises(exceptions.Conflict, check, caller(), IMAGE,
                          'delete', 'x_owner_a')
        self.assertRaises(exceptions.Forbidden, check, caller(), IMAGE,
                          'create', 'x_owner_a')


class TestPolicies(TestCase):

    def test_rules_decide_on_each_operation(self):
        self.use(POLICIES, 'policies')
        self.assertEqual(['create', 'read', 'update'],
                         self.allowed(caller('admin'), 'x_a'))
        self.assertEqual(['read'], self.allowed(caller('reader'), 'x_a'))

    def test_a_rule_of_the_operator(self):
        folder = self.useFixture(config_fixture.fixtures.TempDir()).path
        path = os.path.join(folder, 'policy.yaml')
        with open(path, 'w') as file:
            file.write('"of_mine": "role:mine"\n')
        self.conf.config(policy_file=path, group='oslo_policy')
        self.use(POLICIES.replace('get_image', 'of_mine'), 'policies')
        self.assertEqual(['read'], self.allowed(caller('mine'), 'x_a'))
        self.assertEqual([], self.allowed(caller('reader'), 'x_a'))


class TestBadFiles(TestCase):

    def refused(self, text, rule_format='roles'):
        self.assertRaises(protections.BadFile, self.use, text, rule_format)

    def test_an_absent_file_is_refused(self):
        self.conf.config(property_protection_file='/nowhere/at/all')
        self.assertRaises(protections.BadFile, protections.load)

    def test_no_expression(self):
        self.refused(ROLES.replace('^x_open', '^x_(open'))

    def test_an_operation_is_missing(self):
        self.refused(ROLES.replace('delete = !', 'delet = !'))

    def test_everybody_and_nobody_at_once(self):
        self.refused(ROLES.replace('delete = !', 'delete = !,@'))

    def test_nobody_named(self):
        self.refused(ROLES.replace('delete = !', 'delete = '))

    def test_several_policies(self):
        self.refused(POLICIES.replace('get_image', 'get_image,get_images'),
                     'policies')

    def test_an_unknown_policy(self):
        # It would stand for the default rule, which allows everything.
        self.refused(POLICIES.replace('get_image', 'get_imag'), 'policies')

    def test_a_section_twice(self):
        self.refused(ROLES + POLICIES.replace('^x_.*', '^x_open'))
