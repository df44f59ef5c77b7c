"""Work of one host waits for it as long as the host gives signs of life."""

from glance.db.connect import engine
from glance.db.durable import work
from glance.db import own_schema
from glance.db import types
from glance.registry.endpoints import duties
from tests.unit.registry import base

LONG = 'h' * 240
leases = own_schema.leases


class HostsTest(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.config.config(group='work', host_patience=600)
        self.duties = duties.DutiesEndpoint()
        with engine.writer() as conn:
            for host in ('busy', LONG):
                work.create(conn, 'k', None, {}, host=host)
            # As work that was put back before everybody was busy.
            conn.execute(own_schema.work.update().values(
                lease_until_ms=types.now_ms() - 3600 * 1000))

    def look(self, host):
        self.duties.claim(self.admin, worker='w', wanted={
            'audit': 60, 'staged@' + host: 60})

    def age(self, seconds, but=()):
        """As if nobody else had been heard of since."""
        with engine.writer() as conn:
            conn.execute(leases.update().where(
                leases.c.holder.not_in(but)).values(
                until_ms=leases.c.until_ms - seconds * 1000))

    def claimed(self, host):
        return sorted(unit['host'] for unit in self.work.claim(
            self.admin, worker='w', limit=5, host=host))

    def test_work_of_a_living_host_waits_for_it(self):
        for host in ('busy', LONG, 'free'):
            self.look(host)
        self.age(500, but=['free'])
        self.assertEqual([], self.claimed('free'))
        self.assertEqual(['busy'], self.claimed('busy'))
        self.assertEqual([LONG], self.claimed(LONG))

    def test_work_of_a_dead_host_is_for_all(self):
        for host in ('busy', LONG, 'free'):
            self.look(host)
        self.age(1000, but=['free', LONG])
        self.assertEqual(['busy'], self.claimed('free'))

    def test_never_heard_of(self):
        self.assertEqual(['busy', LONG], self.claimed('free'))

    def test_nobody_could_give_signs(self):
        """The bus or the database was away: that makes nobody dead."""
        for host in ('busy', LONG, 'free'):
            self.look(host)
        self.age(100000)
        self.assertEqual([], self.claimed('free'))
        self.look('free')
        self.assertEqual([], self.claimed('free'))
        self.age(1000, but=['free'])
        self.assertEqual(['busy', LONG], self.claimed('free'))

    def test_a_silent_host_without_work_is_forgotten(self):
        """Hosts may have a new name with each start."""
        for host in ('old', 'busy', 'free'):
            self.look(host)
        self.age(70 * 86400)
        self.look('free')
        with engine.reader() as conn:
            self.assertEqual({'busy', 'free', LONG}, set(conn.scalars(
                leases.select().with_only_columns(leases.c.holder))))

    def test_first_of_all(self):
        """Of the others nothing is known yet."""
        self.look('free')
        self.assertEqual([], self.claimed('free'))

    def test_work_of_the_release_before(self):
        """It told no folders of a host apart: whoever is there has it."""
        area, other = 'busy#0123456789abcdef', 'busy#fedcba9876543210'
        for host in ('free', area):
            self.look(host)
        self.age(1000, but=['free', area])
        self.assertEqual([LONG], self.claimed('free'))
        self.assertEqual(['busy'], self.claimed(area))
        with engine.writer() as conn:
            conn.execute(own_schema.work.update().values(
                host=area, lease_until_ms=types.now_ms() - 1))
        self.assertEqual([], self.claimed(other))
        self.assertEqual([], self.claimed('busy'))
        self.assertEqual([area, area], self.claimed(area))
