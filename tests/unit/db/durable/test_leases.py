"""One holder of a duty at a time."""

from oslotest import base

from glance.db.connect import engine
from glance.db.durable import leases
from glance.db import own_schema
from tests.fixtures import database


class LeasesTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(database.Database())

    def hold(self, holder, seconds=60, name='duty'):
        with engine.writer() as conn:
            return leases.hold(conn, name, holder, seconds)

    def give_up(self, holder, name='duty'):
        with engine.writer() as conn:
            leases.give_up(conn, name, holder)

    def run_out(self):
        with engine.writer() as conn:
            conn.execute(own_schema.leases.update(), {'until_ms': 1})

    def test_one_at_a_time(self):
        self.assertEqual(leases.CREATED, self.hold('a'))
        self.assertEqual(leases.FOUND, self.hold('a'))
        self.assertIsNone(self.hold('b'))
        self.assertEqual(leases.CREATED, self.hold('b', name='other'))

    def test_run_out(self):
        self.hold('a')
        self.run_out()
        self.assertEqual(leases.FOUND, self.hold('b'))
        self.assertIsNone(self.hold('a'))

    def test_as_long_as_it_says(self):
        self.hold('a', seconds=-1)
        self.assertEqual(leases.FOUND, self.hold('b', seconds=0.5))
        self.assertIsNone(self.hold('a'))

    def test_given_up(self):
        for name in 'duty', 'other':
            self.hold('a', name=name)
        self.give_up('b')
        self.assertIsNone(self.hold('b'))
        self.give_up('a')
        self.assertEqual(leases.CREATED, self.hold('b'))
        self.assertIsNone(self.hold('b', name='other'))
