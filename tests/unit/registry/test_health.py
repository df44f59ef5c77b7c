"""How well the service keeps up, by what the database says."""

import sqlalchemy as sa

from glance.common import context
from glance.common import exceptions
from glance.db.connect import engine
from glance.db.connect import error_codes
from glance.db.durable import work
from glance.db import health
from glance.db import own_schema
from glance.db import types
from glance.registry.endpoints import duties
from glance.registry.endpoints import health as endpoint
from glance.registry import gauges
from glance.registry.rpcapi import health as rpcapi
from tests.unit.registry import base
from tests.unit.rpc import base as rpc_base


def direct(function):
    return function()


class HealthTestCase(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.health = endpoint.HealthEndpoint()
        self.gauges = gauges.Gauges(direct)
        self.config.config(group='health', kept=0, timeout=20)

    def check(self):
        return self.health.check(context.internal())

    def age(self, table, column, seconds, **where):
        with engine.writer() as conn:
            conn.execute(table.update().filter_by(**where).values({
                column: types.now_ms() - seconds * 1000}))

    def numbers(self):
        return {(sample.name, *sample.labels.values()): sample.value
                for family in self.gauges.collect()
                for sample in family.samples}

    def test_nothing_waits(self):
        self.assertEqual({'database': True, 'event_age': None,
                          'work_overdue': None}, self.check())
        self.assertEqual(
            {('glance_database_up',): 1, ('glance_events_waiting',): 0,
             ('glance_event_age_seconds',): 0,
             ('glance_work_overdue_seconds',): 0,
             ('glance_conductor_hosts',): 0}, self.numbers())

    def test_conductors_that_are_heard_of(self):
        for host in ('one', 'two', 'two'):
            duties.DutiesEndpoint().claim(
                context.internal(), worker='w', wanted={'staged@' + host: 60})
        self.assertEqual(2, self.numbers()['glance_conductor_hosts',])
        with engine.writer() as conn:
            conn.execute(own_schema.leases.update().where(
                own_schema.leases.c.holder == 'one').values(until_ms=1))
        self.assertEqual(1, self.numbers()['glance_conductor_hosts',])

    def test_oldest_event(self):
        self.create()
        self.age(own_schema.outbox, 'created_ms', 100)
        self.create()
        self.assertGreaterEqual(self.check()['event_age'], 100)
        numbers = self.numbers()
        self.assertGreaterEqual(numbers['glance_event_age_seconds',], 100)
        self.assertEqual(len(self.events()),
                         numbers['glance_events_waiting',])

    def test_work_that_nobody_takes(self):
        with engine.writer() as conn:
            for kind, host in (('free', None), ('bound', 'elsewhere'),
                               ('held', None)):
                work.create(conn, kind, None, {}, host=host,
                            owner='me' if kind == 'held' else None,
                            seconds=60)
        self.assertIsNone(self.check()['work_overdue'])
        for kind, age in (('free', 50), ('bound', 500)):
            self.age(own_schema.work, 'lease_until_ms', age, kind=kind)
            found = self.check()['work_overdue']
            self.assertTrue(age <= found < age + 50, found)
        numbers = self.numbers()
        self.assertEqual(1, numbers['glance_work', 'held', 'running'])
        self.assertEqual(1, numbers['glance_work', 'bound', 'waiting'])

    def test_no_database(self):
        with engine.writer() as conn:
            conn.execute(sa.schema.DropTable(own_schema.outbox))
        self.assertEqual({'database': False, 'problem': error_codes.OUTDATED},
                         self.check())
        self.assertEqual({('glance_database_up',): 0}, self.numbers())

    def test_an_old_schema(self):
        with engine.writer() as conn:
            conn.execute(sa.text(
                "UPDATE glance_own_version SET version_num = 'own_07'"))
        self.assertIn('glance-manage db sync', self.check()['problem'])

    def test_a_later_schema(self):
        with engine.writer() as conn:
            conn.execute(sa.text(
                "UPDATE glance_own_version SET version_num = 'own_99'"))
        self.assertTrue(self.check()['database'])

    def test_counting_has_an_end(self):
        with engine.writer() as conn:
            conn.execute(own_schema.outbox.insert(), [
                {'message_id': str(i), 'event_type': 'x', 'priority': 'INFO',
                 'payload': '{}', 'created_ms': i}
                for i in range(health.MOST + 5)])
            self.assertEqual(health.MOST, health.count_events(conn))


class OtherReleaseTestCase(rpc_base.BusTestCase):

    def check(self, **kwargs):
        rpc = self.client(version='1.6', **kwargs)
        return rpcapi.Health(rpc).check(context.internal())

    def test_registry_that_does_not_know_the_call(self):
        self.serve()
        self.assertEqual({}, self.check())

    def test_pinned_for_an_upgrade(self):
        self.serve(endpoint.HealthEndpoint())
        self.assertEqual({}, self.check(version_cap='1.0'))

    def test_no_registry(self):
        self.assertRaises(exceptions.RegistryUnavailable, self.check)


class RequestIdTestCase(base.RegistryTestCase):

    def test_work_is_that_of_its_request(self):
        context.log_as(context.BusContext(request_id='req-' + 'x' * 300))
        with engine.writer() as conn:
            work.create(conn, 'free', None, {})
            unit, = work.claim(conn, 'me', 60, 1)
        self.assertEqual('req-' + 'x' * 251, unit['request_id'])
