"""Decisions, their memory, and what happens when the files change."""

import os

from oslo_config import fixture as config_fixture
from oslo_policy import policy as oslo_policy
from oslotest import base

from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance import policies
from glance import policy

IMAGE = {'id': 'i1', 'name': 'n', 'owner': 'p1', 'visibility': 'private',
         'member': None, 'properties': {}}


def caller(project='p1', roles=('member', 'reader'), **kwargs):
    return context.RequestContext(project_id=project, user_id='u1',
                                  roles=list(roles), is_admin=False, **kwargs)


class TestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        config_file = self.create_tempfiles([('glance', '')])[0]
        self.folder = os.path.dirname(config_file)
        self.conf = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[config_file],
             default_config_dirs=[])
        policy.reset()
        self.addCleanup(policy.reset)

    def use_file(self, text, name='policy.yaml'):
        path = os.path.join(self.folder, name)
        with open(path + '.new', 'w', encoding='utf-8') as new:
            new.write(text)
        os.rename(path + '.new', path)
        self.conf.config(group='oslo_policy', policy_file=path)
        policy.reset()
        return path


class TestCheck(TestCase):

    def test_reader_of_the_project_may_see_and_not_change(self):
        ctxt = caller(roles=['reader'])
        target = policy.image_target(IMAGE)
        self.assertTrue(policy.check(ctxt, 'get_image', target))
        self.assertFalse(policy.check(ctxt, 'modify_image', target))

    def test_projects_are_not_mixed_up_by_the_memory(self):
        target = policy.image_target(IMAGE)
        for _time in range(2):
            self.assertTrue(policy.check(caller(), 'get_image', target))
            self.assertFalse(policy.check(caller('p2'), 'get_image', target))

    def test_visibility_is_not_mixed_up_by_the_memory(self):
        other = caller('p2')
        for visibility, allowed in (('private', False), ('public', True)) * 2:
            target = policy.image_target(dict(IMAGE, visibility=visibility))
            self.assertEqual(allowed, policy.check(other, 'get_image', target))

    def test_a_member_may_see_the_image(self):
        target = policy.image_target(dict(IMAGE, member='p2'))
        self.assertTrue(policy.check(caller('p2'), 'get_image', target))

    def test_no_project_is_not_an_equal_project(self):
        target = policy.image_target(dict(IMAGE, owner=None))
        self.assertFalse(policy.check(caller(None), 'get_image', target))

    def test_role_of_a_service_token_is_not_a_role(self):
        ctxt = caller(service_roles=['service', 'admin'])
        self.assertFalse(policy.check(ctxt, 'fetch_image_location', {}))
        self.assertTrue(policy.check(caller(roles=['service']),
                                     'fetch_image_location', {}))

    def test_unknown_rule_is_decided_by_the_default_rule(self):
        self.use_file('default: "role:boss"')
        self.assertFalse(policy.check(caller(), 'no_such_rule'))
        self.assertTrue(policy.check(caller(roles=['boss']), 'no_such_rule'))

    def test_system_scope_is_refused(self):
        ctxt = caller(None, roles=['admin'], system_scope='all')
        self.assertFalse(policy.check(ctxt, 'get_images', {}))

    def test_a_property_cannot_pose_as_an_attribute(self):
        image = dict(IMAGE, owner='p2', properties={
            'owner': 'p1', 'project_id': 'p1', 'member_id': 'p1',
            'visibility': 'public', 'tenant': 'p1'})
        target = policy.image_target(image)
        self.assertFalse(policy.check(caller(), 'get_image', target))

    def test_no_location_gets_near_a_log(self):
        image = dict(IMAGE, locations=[{'url': 'rbd://key@host'}])
        self.assertNotIn('rbd', str(policy.image_target(image)))
        self.assertIn('locations', image)

    def test_own_rule_over_any_attribute(self):
        self.use_file('get_image: "\'ok\':%(os_flavour)s and '
                      'user_id:%(creator)s"')
        for creator, allowed in (('u1', True), ('u2', False)) * 2:
            image = dict(IMAGE, properties={'os_flavour': 'ok',
                                            'creator': creator})
            self.assertEqual(allowed, policy.check(
                caller(), 'get_image', policy.image_target(image)))

    def test_own_rule_over_any_attribute_of_the_caller(self):
        target = policy.image_target(dict(IMAGE, creator='u1'))
        for rule in ('user_id:%(creator)s', 'user:%(creator)s',
                     "'i1':%(image_id)s and user:u1",
                     'tenant:%(owner)s and user:u1',
                     'project_id:p1 and user_id:%(creator)s',
                     'not (tenant:p2 or user:u2)'):
            self.use_file('get_image: "%s"' % rule)
            for user, allowed in (('u1', True), ('u2', False)) * 2:
                ctxt = caller()
                ctxt.user_id = user
                self.assertEqual(allowed, policy.check(
                    ctxt, 'get_image', target), rule)

    def test_what_administrators_may_is_not_remembered_for_others(self):
        self.use_file('get_image: "is_admin:True"')
        target = policy.image_target(IMAGE)
        for is_admin in (True, False) * 2:
            ctxt = caller()
            ctxt.is_admin = is_admin
            self.assertEqual(is_admin, policy.check(ctxt, 'get_image',
                                                    target))

    def test_a_check_by_somebody_else_is_not_remembered(self):
        answers = [True, False]

        class Oracle(oslo_policy.Check):
            def __call__(self, target, creds, enforcer, current_rule=None):
                return answers.pop(0)

        oslo_policy.register('oracle', Oracle)
        self.use_file('get_image: "oracle:x"')
        target = policy.image_target(IMAGE)
        self.assertTrue(policy.check(caller(), 'get_image', target))
        self.assertFalse(policy.check(caller(), 'get_image', target))


class TestAuthorize(TestCase):

    def test_what_may_not_be_seen_is_not_there(self):
        self.assertRaises(exceptions.ImageNotFound, policy.authorize_image,
                          caller('p2'), 'delete_image', IMAGE)

    def test_what_may_be_seen_is_forbidden(self):
        image = dict(IMAGE, visibility='public')
        self.assertRaises(exceptions.Forbidden, policy.authorize_image,
                          caller('p2'), 'delete_image', image)

    def test_the_owner_may_delete_an_image(self):
        policy.authorize_image(caller(), 'delete_image', IMAGE)

    def test_what_is_forbidden_is_named(self):
        image = dict(IMAGE, visibility='public')
        for decide in (
                lambda: policy.authorize(caller(), 'publicize_image'),
                lambda: policy.authorize_image(caller('p2'),
                                               'publicize_image', image),
                lambda: policy.authorize_create(caller(), image)):
            error = self.assertRaises(exceptions.Forbidden, decide)
            self.assertIn(' publicize_image ', str(error))
        error = self.assertRaises(exceptions.Forbidden,
                                  policy.authorize_create, caller('p2'), image)
        self.assertIn(' add_image ', str(error))

    def test_what_is_not_there_is_named(self):
        error = self.assertRaises(
            exceptions.ImageNotFound, policy.authorize_image,
            caller('p2'), 'delete_image', IMAGE)
        self.assertIn('i1', str(error))

    def test_a_rule_looks_at_what_is_created(self):
        self.use_file(
            'add_image: "\'p1\':%(project_id)s and '
            '\'public\':%(visibility)s"\n'
            'publicize_image: "\'p1\':%(owner)s"')
        for owner, visibility, allowed in (
                ('p1', 'public', True), ('p2', 'public', False),
                ('p1', 'private', False), ('p1', None, False),
                (None, 'public', False)):
            image = {'owner': owner, 'visibility': visibility}
            if allowed:
                policy.authorize_create(caller(), image)
            else:
                self.assertRaises(exceptions.Forbidden,
                                  policy.authorize_create, caller(), image)

    def test_community_has_a_rule_of_its_own(self):
        image = {'owner': 'p1', 'visibility': 'community'}
        policy.authorize_create(caller(), image)
        self.use_file('communitize_image: "!"')
        self.assertRaises(exceptions.Forbidden, policy.authorize_create,
                          caller(), image)

    def test_nothing_is_known_of_what_is_not_told(self):
        self.assertEqual(
            {'project_id': '', 'owner': '', 'visibility': 'private'},
            policy.create_target(caller(None), {}))
        self.assertEqual(
            {'owner': '', 'project_id': '', 'tenant': '', 'member_id': '',
             'image_id': None}, policy.image_target({}))

    def test_rules_of_members_see_whose_membership_it_is(self):
        self.use_file('modify_member: "project_id:%(member_id)s"\n'
                      'get_image: "@"')
        member = caller('p2')
        policy.authorize_image(member, 'modify_member', IMAGE,
                               as_member='p2')
        for other in 'p3', '', None:
            self.assertRaises(exceptions.Forbidden, policy.authorize_image,
                              member, 'modify_member', IMAGE,
                              as_member=other)

    def test_whose_membership_it_is_does_not_show_the_image(self):
        """The image is seen by those that it says are members."""
        self.use_file('modify_member: "!"')
        self.assertRaises(
            exceptions.ImageNotFound, policy.authorize_image, caller('p2'),
            'modify_member', IMAGE, as_member='p2')

    def test_nothing_is_there_for_a_token_of_no_project(self):
        for scope in ({'system_scope': 'all'}, {'domain_id': 'd1'}):
            ctxt = caller(None, roles=['admin'], **scope)
            for rule in ('get_image', 'modify_image', 'get_members'):
                self.assertRaises(exceptions.ImageNotFound,
                                  policy.authorize_image, ctxt, rule, IMAGE)

    def test_create_for_another_project(self):
        self.assertRaises(exceptions.Forbidden, policy.authorize_create,
                          caller(), {'owner': 'p2'})
        policy.authorize_create(caller(), {'owner': 'p1'})

    def test_create_public(self):
        image = {'owner': 'p1', 'visibility': 'public'}
        self.assertRaises(exceptions.Forbidden, policy.authorize_create,
                          caller(), image)
        policy.authorize_create(caller(roles=['admin', 'member']), image)

    def test_old_defaults_still_need_the_owner(self):
        self.conf.config(group='oslo_policy', enforce_new_defaults=False)
        policy.reset()
        image = dict(IMAGE, visibility='public')
        policy.authorize_image(caller('p2', roles=[]), 'get_image', image)
        for rule in ('add_image', 'modify_image', 'delete_image',
                     'upload_image', 'set_image_location',
                     'delete_image_location', 'communitize_image',
                     'deactivate', 'reactivate', 'add_member',
                     'delete_member', 'get_member', 'modify_member',
                     'get_members'):
            self.assertRaises(exceptions.Forbidden, policy.authorize_image,
                              caller('p2', roles=[]), rule, image)
            policy.authorize_image(caller(roles=[]), rule, image)
        self.assertRaises(exceptions.Forbidden, policy.authorize_create,
                          caller('p2', roles=[]), {'owner': 'p1'})

    def test_old_defaults_without_a_project(self):
        self.conf.config(group='oslo_policy', enforce_new_defaults=False)
        policy.reset()
        image = dict(IMAGE, owner=None, visibility='public')
        for rule in 'delete_image', 'get_members':
            for project in None, '':
                self.assertRaises(
                    exceptions.Forbidden, policy.authorize_image,
                    caller(project, roles=[]), rule, image)

    def test_old_defaults_let_members_see_their_membership(self):
        self.conf.config(group='oslo_policy', enforce_new_defaults=False)
        policy.reset()
        for rule in 'get_member', 'get_members', 'modify_member':
            policy.authorize_image(caller('p2', roles=[]), rule, IMAGE,
                                   as_member='p2')

    def test_old_defaults_let_administrators_do_all(self):
        self.conf.config(group='oslo_policy', enforce_new_defaults=False)
        policy.reset()
        ctxt = context.RequestContext(project_id='p9', roles=['admin'],
                                      is_admin=True)
        for rule in 'delete_image', 'get_members':
            policy.authorize_image(ctxt, rule, IMAGE)


class TestFiles(TestCase):

    def setUp(self):
        super().setUp()
        self.now = 0.0

    def decider(self):
        policy.reset()
        return policy.Decider(policy.get_enforcer(), clock=lambda: self.now)

    def test_a_change_is_seen_after_a_second(self):
        path = self.use_file('get_images: "@"')
        decider = self.decider()
        nobody = caller(roles=[])
        self.assertTrue(decider.decide(nobody, 'get_images', {}))
        with open(path, 'w', encoding='utf-8') as policy_file:
            policy_file.write('get_images: "!" ')
        self.assertTrue(decider.decide(nobody, 'get_images', {}))
        self.now = 1.1
        self.assertFalse(decider.decide(nobody, 'get_images', {}))

    def test_a_change_of_what_a_rule_looks_at(self):
        path = self.use_file('get_image: "role:member"')
        decider = self.decider()
        target = policy.image_target(IMAGE)
        self.assertTrue(decider.decide(caller('p2'), 'get_image', target))
        with open(path, 'w', encoding='utf-8') as policy_file:
            policy_file.write('get_image: "project_id:%(owner)s"')
        self.now = 1.1
        self.assertTrue(decider.decide(caller('p1'), 'get_image', target))
        self.assertFalse(decider.decide(caller('p2'), 'get_image', target))

    def test_a_file_that_appears(self):
        path = os.path.join(self.folder, 'policy.yaml')
        self.conf.config(group='oslo_policy', policy_file=path)
        decider = self.decider()
        self.assertTrue(decider.decide(caller(), 'get_images',
                                       {'project_id': 'p1'}))
        self.use_file('get_images: "!"')
        self.now = 1.1
        self.assertFalse(decider.decide(caller(), 'get_images',
                                        {'project_id': 'p1'}))

    def test_a_broken_file_leaves_the_rules(self):
        path = self.use_file('get_images: "!"')
        decider = self.decider()
        self.assertFalse(decider.decide(caller(), 'get_images', {}))
        with open(path, 'w', encoding='utf-8') as policy_file:
            policy_file.write('get_images: [')
        self.now = 1.1
        self.assertFalse(decider.decide(caller(), 'get_images', {}))

    def test_a_broken_file_at_the_start_is_an_error(self):
        self.use_file('get_images: [')
        self.assertRaises(ValueError, self.decider().decide, caller(),
                          'get_images', {})

    def test_policy_directory(self):
        os.mkdir(os.path.join(self.folder, 'policy.d'))
        path = os.path.join(self.folder, 'policy.d', 'a.yaml')
        with open(path, 'w', encoding='utf-8') as policy_file:
            policy_file.write('get_images: "!"')
        self.conf.config(group='oslo_policy',
                         policy_dirs=[os.path.dirname(path)])
        self.assertFalse(self.decider().decide(
            caller(roles=['admin']), 'get_images', {}))

    def test_policy_json_of_an_old_installation(self):
        path = os.path.join(self.folder, 'policy.json')
        with open(path, 'w', encoding='utf-8') as policy_file:
            policy_file.write('{"get_images": "!"}')
        self.assertFalse(self.decider().decide(
            caller(roles=['admin']), 'get_images', {}))

    def test_policy_json_is_not_read_beside_another_file(self):
        self.use_file('{"get_images": "!"}', 'policy.json')
        for name in 'policy.yaml', 'own.yaml':
            self.use_file('get_images: "@"', name)
            self.conf.config(group='oslo_policy', policy_file=name)
            self.assertTrue(self.decider().decide(
                caller(roles=[]), 'get_images', {}))

    def test_a_change_in_a_directory(self):
        folder = os.path.join(self.folder, 'policy.d')
        os.mkdir(folder)
        self.conf.config(group='oslo_policy', policy_dirs=[folder])
        path = os.path.join(folder, 'b.yaml')
        decider = self.decider()
        for number, rule in enumerate(('"@"', '"!" ', '"@"  ')):
            with open(path, 'w', encoding='utf-8') as policy_file:
                policy_file.write('get_images: ' + rule)
            self.now = number * 1.1
            self.assertEqual('@' in rule, decider.decide(
                caller(roles=[]), 'get_images', {}))

    def test_rules_of_files_are_known_too(self):
        self.use_file('own_rule: "@"')
        for rule, known in (('get_image', True), ('own_rule', True),
                            ('no_such_rule', False)):
            self.assertEqual(known, policy.is_known(rule))

    def test_a_rule_is_overridden_through_what_it_uses(self):
        self.use_file('context_is_admin: "role:root"')
        self.assertTrue(policy.is_overridden('get_image'))
        self.assertFalse(policy.is_overridden('fetch_image_location'))

    def test_memory_is_bounded(self):
        decider = self.decider()
        for number in range(policy._MEMO_SIZE + 5):
            decider._memo[number] = True
        decider.decide(caller(), 'get_images', {})
        self.assertEqual(1, len(decider._memo))

    def test_the_tools_get_every_rule(self):
        self.assertEqual({rule.name for rule in policies.list_rules()},
                         set(policy.get_enforcer().registered_rules))
