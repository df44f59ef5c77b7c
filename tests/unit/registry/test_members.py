"""Members of an image, and the stores that judge by them."""

import json

import sqlalchemy as sa

from glance.common import exceptions
from glance.db.connect import engine
from glance.db.durable import outbox
from glance.db import schema
from glance.registry.endpoints import locations
from tests.unit.registry import base

ABSENT = {'deleted': False, 'deleted_at': None}


class MembersTestCase(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.image_id = self.create()['id']
        self.events()

    def add(self, member_id='m', limit=-1, **more):
        return self.members.create(self.owner, image_id=self.image_id,
                                   member_id=member_id, limit=limit, **more)

    def names(self):
        return [member['member_id'] for member in self.members.list(
            self.owner, image_id=self.image_id)]

    def get_member(self, member_id='m'):
        return self.members.get(self.owner, image_id=self.image_id,
                                member_id=member_id)

    def change(self, status, member_id='m'):
        return self.members.update(self.owner, image_id=self.image_id,
                                   member_id=member_id, status=status)

    def remove(self, member_id='m', **more):
        self.members.delete(self.owner, image_id=self.image_id,
                            member_id=member_id, **more)

    def told(self):
        """(type, payload) of the one event there was."""
        with engine.writer() as conn:
            row, = outbox.head(conn, 10)
            outbox.remove(conn, [row.seq])
        return row.event_type, json.loads(row.payload)

    def units(self):
        return self.work.claim(self.admin, worker='w', limit=5)


class LifeTest(MembersTestCase):

    def test_a_new_member_is_pending_and_told(self):
        member = self.add()
        self.assertEqual((self.image_id, 'm', 'pending'), tuple(
            member[name] for name in ('image_id', 'member_id', 'status')))
        self.assertEqual(member, self.get_member())
        self.assertEqual(('image.member.create', dict(member, **ABSENT)),
                         self.told())

    def test_each_new_status_is_kept_and_told(self):
        made = self.add()
        self.told()
        for status in 'accepted', 'rejected', 'pending':
            member = self.change(status)
            self.assertEqual(status, member['status'])
            self.assertEqual(made['created_at'], member['created_at'])
            self.assertGreaterEqual(member['updated_at'], made['updated_at'])
            self.assertEqual(member, self.get_member())
            self.assertEqual(('image.member.update', dict(member, **ABSENT)),
                             self.told())

    def test_a_removed_member_is_told_and_may_return(self):
        self.add()
        self.add('n')
        self.events()
        self.remove()
        self.assertEqual(['n'], self.names())
        event_type, payload = self.told()
        self.assertEqual(('image.member.delete', 'm', True), (
            event_type, payload['member_id'], payload['deleted']))
        self.assertRegex(payload['deleted_at'], r'\d{4}-\d\d-\d\dT')
        self.add()
        self.assertEqual('pending', self.get_member()['status'])

    def test_not_there(self):
        for call in (self.get_member, self.remove,
                     lambda: self.change('accepted')):
            self.assertRaises(exceptions.NotFound, call)
        self.add()
        self.remove()
        self.assertRaises(exceptions.NotFound, self.remove)

    def test_the_same_member_twice_is_refused(self):
        self.add()
        error = self.assertRaises(exceptions.Duplicate, self.add)
        self.assertIn('m is already a member', str(error))
        self.assertEqual(['m'], self.names())

    def test_so_many_there_may_be(self):
        self.assertRaises(exceptions.LimitExceeded, self.add, limit=0)
        self.add(limit=1)
        error = self.assertRaises(exceptions.LimitExceeded, self.add, 'n',
                                  limit=1)
        self.assertIn('Attempted: 2, Maximum: 1', str(error))
        self.add('n', limit=2)
        self.assertEqual({'m', 'n'}, set(self.names()))

    def test_members_go_with_the_image(self):
        self.add()
        self.images.delete(self.owner, image_id=self.image_id)
        table = schema.image_members
        with engine.reader() as conn:
            self.assertEqual([True], conn.scalars(
                sa.select(table.c.deleted)).all())

    def test_image_is_deleted(self):
        self.add()
        self.images.delete(self.owner, image_id=self.image_id)
        for image_id in self.image_id, 'none':
            self.image_id = image_id
            for call in (self.add, self.remove,
                         lambda: self.change('accepted')):
                self.assertRaises(exceptions.ImageNotFound, call)


class ReadersTest(MembersTestCase):
    """Stores are told who may read where callers say so, and only there."""

    def check_work(self):
        unit, = self.units()
        self.assertEqual(('set_readers', self.image_id, {}), (
            unit['kind'], unit['image_id'], unit['input']))
        self.work.finish(self.admin, work_id=unit['id'],
                         attempt=unit['attempt'])

    def test_new_and_removed_members_become_work(self):
        self.add(readers=True)
        self.check_work()
        self.remove(readers=True)
        self.check_work()

    def test_nobody_is_told_unasked(self):
        self.add()
        self.change('accepted')
        self.remove()
        self.add(readers=False)
        self.remove(readers=False)
        self.assertEqual([], self.units())

    def test_new_locations_are_told_if_asked_for(self):
        self.locations = locations.LocationsEndpoint()
        for readers in False, True:
            image_id = self.image_id = self.create()['id']
            self.locations.update(self.owner, image_id=image_id, changes={
                'readers': readers, 'locations': {
                    'before': [], 'limit': 10, 'size': 3, 'after': [
                        {'url': 'file:///x', 'metadata': {},
                         'status': 'active'}],
                    'attributes': {'size': 3}}})
            if readers:
                self.check_work()
            else:
                self.assertEqual([], self.units())
