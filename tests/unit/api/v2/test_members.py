"""Tests of the handlers of members."""

from tests.fixtures import fake_registry
from tests.unit.api.v2 import base

PATH = '/images/%s/members' % base.IMAGE


class TestMembers(base.TestCase):

    def setUp(self):
        super().setUp()
        for project in ('p2', 'p3'):
            self.registry._members_create(base.IMAGE, project, -1)

    def as_member(self, project='p2'):
        self.registry.images_by_id[base.IMAGE]['member'] = project
        return base.caller(project)

    def status(self, *args, **kwargs):
        return self.call(*args, **kwargs).status_int

    def test_all_members_are_listed_for_the_owner(self):
        body = self.call('GET', PATH).json
        self.assertEqual('/v2/schemas/members', body['schema'])
        self.assertEqual(['p2', 'p3'],
                         [one['member_id'] for one in body['members']])
        self.assertEqual(
            {'image_id', 'member_id', 'status', 'created_at', 'updated_at',
             'schema'}, set(body['members'][0]))

    def test_member_sees_itself_only(self):
        body = self.call('GET', PATH, ctxt=self.as_member()).json
        self.assertEqual(['p2'],
                         [one['member_id'] for one in body['members']])
        self.assertEqual(200, self.status('GET', PATH + '/p2',
                                          ctxt=self.as_member()))
        self.assertEqual(404, self.status('GET', PATH + '/p3',
                                          ctxt=self.as_member()))

    def test_a_new_member_is_pending(self):
        response = self.call('POST', PATH, {'member': 'p4'})
        self.assertEqual(200, response.status_int)
        self.assertEqual('pending', response.json['status'])
        self.assertEqual([('images.get', (base.IMAGE,)),
                          ('members.create', (base.IMAGE, 'p4', 128, False))],
                         self.registry.calls)

    def test_create_with_bad_bodies(self):
        for body in ({}, [], 'x', {'member': ''}, {'member': 3},
                     {'member': None}, {'member': 'm' * 256},
                     {'member': '\U0001f600'}, {'member': ['p4']}):
            self.assertEqual(400, self.status('POST', PATH, body))

    def test_only_the_owner_adds(self):
        self.assertEqual(403, self.status('POST', PATH, {'member': 'p4'},
                                          ctxt=self.as_member()))

    def test_not_shared(self):
        self.use(fake_registry.make_image(base.IMAGE, visibility='private'))
        for verb, path, body, status in (
                ('GET', PATH, None, 403),
                ('POST', PATH, {'member': 'p4'}, 403),
                ('GET', PATH + '/p2', None, 404),
                ('PUT', PATH + '/p2', {'status': 'accepted'}, 403),
                ('DELETE', PATH + '/p2', None, 403)):
            self.assertEqual(status, self.status(verb, path, body))

    def test_member_sets_its_status(self):
        response = self.call('PUT', PATH + '/p2', {'status': 'accepted'},
                             ctxt=self.as_member())
        self.assertEqual('accepted', response.json['status'])
        self.assertEqual(2, len(self.registry.calls))

    def test_owner_does_not_set_the_status(self):
        body = {'status': 'accepted'}
        self.assertEqual(403, self.status('PUT', PATH + '/p2', body))
        self.assertEqual(404, self.status('PUT', PATH + '/p9', body))
        self.assertEqual(200, self.status('PUT', PATH + '/p2', body,
                                          ctxt=base.ADMIN))

    def test_bad_status(self):
        for body in ({}, [], {'status': 'x'}, {'status': None},
                     {'status': ['accepted']}):
            self.assertEqual(400, self.status('PUT', PATH + '/p2', body))

    def test_only_the_owner_removes_a_member(self):
        self.assertEqual(204, self.status('DELETE', PATH + '/p2'))
        self.assertEqual(403, self.status('DELETE', PATH + '/p2',
                                          ctxt=self.as_member()))
        self.assertEqual(404, self.status('DELETE', PATH + '/p3',
                                          ctxt=self.as_member()))
