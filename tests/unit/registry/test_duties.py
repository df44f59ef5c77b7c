"""Duties: one conductor has each at a time, and all can see how it went."""

import json

from glance.common import exceptions
from glance.db.connect import engine
from glance.db.durable import duties as rows
from glance.db import own_schema
from glance.registry.endpoints import duties
from tests.unit.registry import base

WANTED = {'audit': 600, 'expiry': 10}


class DutiesTest(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.duties = duties.DutiesEndpoint()

    def claim(self, worker='w', **wanted):
        return self.duties.claim(self.admin, worker=worker,
                                 wanted=wanted or WANTED)

    def names(self, *args, **kwargs):
        return [duty['name'] for duty in
                self.claim(*args, **kwargs)['duties']]

    def change(self, **columns):
        with engine.writer() as conn:
            conn.execute(own_schema.duties.update(), columns)

    def row(self, name):
        with engine.reader() as conn:
            return conn.execute(own_schema.duties.select().where(
                own_schema.duties.c.name == name)).one()

    def due(self):
        """Everything is due and free."""
        self.claim()
        self.change(due_ms=0, lease_until_ms=0)

    def test_the_first_time_waits_a_little(self):
        answer = self.claim()
        self.assertEqual([], answer['duties'])
        self.assertEqual(10, answer['wait'])
        self.assertAlmostEqual(rows.FIRST, self.claim(audit=600)['wait'],
                               delta=5)

    def test_one_has_it(self):
        self.due()
        self.assertEqual(['audit', 'expiry'], self.names())
        self.assertEqual([], self.names('another'))
        row = self.row('audit')
        self.assertEqual(('w', 1), (row.lease_owner, row.attempt))

    def test_a_finished_duty_waits_and_keeps_its_outcome(self):
        self.due()
        for duty in self.claim()['duties']:
            self.duties.finish(self.admin, outcome={'good': 3}, seconds=60,
                               **duty)
        row = self.row('audit')
        self.assertEqual({'good': 3}, json.loads(row.outcome))
        self.assertIsNone(row.lease_owner)
        self.assertLessEqual(row.began_ms, row.ended_ms)
        self.assertEqual(60000, row.due_ms - row.ended_ms)
        self.assertEqual([], self.names())
        self.change(due_ms=0)
        self.assertEqual([], self.claim()['taken_over'])

    def test_the_dead_lose_it(self):
        self.due()
        first = self.claim()['duties'][0]
        self.change(lease_until_ms=0)
        answer = self.claim('another')
        self.assertEqual(['audit', 'expiry'], answer['taken_over'])
        second = answer['duties'][0]
        self.assertEqual(first['attempt'] + 1, second['attempt'])
        for method, more in ((self.duties.renew, {}), (
                self.duties.finish, {'outcome': {}, 'seconds': 1})):
            self.assertRaises(exceptions.LeaseLost, method, self.admin,
                              **first, **more)
            method(self.admin, **second, **more)

    def test_a_sign_of_life(self):
        self.due()
        duty = self.claim()['duties'][0]
        self.change(lease_until_ms=0)
        self.duties.renew(self.admin, **duty)
        self.assertNotIn(duty['name'], self.names('another'))

    def test_a_shorter_interval_counts_at_once(self):
        self.due()
        for duty in self.claim()['duties']:
            self.duties.finish(self.admin, outcome={}, seconds=6000, **duty)
        self.change(ended_ms=1)
        self.assertEqual(['audit'], self.names(audit=600))

    def test_until_the_next_one(self):
        self.due()
        for duty in self.claim()['duties']:
            self.duties.finish(self.admin, outcome={}, seconds=10, **duty)
        self.assertAlmostEqual(10, self.claim()['wait'], delta=9)
