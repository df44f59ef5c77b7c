"""Work that fails, and work whose holder has died."""

import sqlalchemy as sa

from glance.db.connect import engine
from glance.db.durable import work
from glance.db import own_schema
from glance.db import types
from glance.objects import states
from tests.unit.registry import base

rows = own_schema.work


class WorkTest(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        with engine.writer() as conn:
            work.create(conn, 'k', None, {})

    def claim(self):
        unit, = self.work.claim(self.admin, worker='w', limit=5)
        return unit

    def change(self, **columns):
        with engine.writer() as conn:
            conn.execute(rows.update(), columns)

    def put_back(self):
        """:returns: seconds until it is free"""
        unit = self.claim()
        self.work.put_back(self.admin, work_id=unit['id'],
                           attempt=unit['attempt'], reason='no')
        with engine.writer() as conn:
            return round(conn.scalar(sa.select(
                rows.c.lease_until_ms - types.now_ms())) / 1000)

    def test_pauses_grow(self):
        self.config.config(group='work', retry_interval=100,
                           retry_interval_max=500)
        pauses = []
        for _number in range(5):
            pauses.append(self.put_back())
            self.change(lease_until_ms=0)
        self.assertEqual([100, 200, 400, 500, 500], pauses)

    def test_the_longest_pause_holds_for_the_first(self):
        self.config.config(group='work', retry_interval=100,
                           retry_interval_max=50)
        self.assertEqual(50, self.put_back())

    def test_put_back(self):
        self.put_back()
        self.change(lease_until_ms=0)
        self.assertIs(False, self.claim()['taken_over'])

    def test_broken_texts_keep_no_other_from_its_worker(self):
        for column in ('input', 'progress'):
            for text in ('', '{', '[]', '5', '"x"', 'null', '[' * 100000):
                with engine.writer() as conn:
                    other = work.create(conn, 'other', None, {'a': 1})
                    conn.execute(rows.update().where(rows.c.kind == 'k'),
                                 {column: text, 'lease_until_ms': 0})
                units = self.work.claim(self.admin, worker='w', limit=5)
                broken, good = sorted(units, key=lambda unit: unit['kind'])
                self.assertEqual(({}, None), (broken['input'],
                                              broken['progress']))
                self.assertEqual((other, {'a': 1}),
                                 (good['id'], good['input']))
                self.assertEqual([], self.work.kept(
                    self.admin, work_id=broken['id'],
                    attempt=broken['attempt'], image_id=None)['names'])
                self.work.finish(self.admin, work_id=other,
                                 attempt=good['attempt'])

    def test_only_what_was_seen_is_claimed(self):
        """Another one took it in between, and its lease has run out."""
        with engine.writer() as conn:
            seen = conn.execute(sa.select(rows)).one()
            self.assertTrue(work._take(conn, seen, 'other', 0))
            conn.execute(rows.update(), {'lease_until_ms': 0})
            self.assertFalse(work._take(conn, seen, 'w', 60))
        self.assertEqual(2, self.claim()['attempt'])

    def test_taken_over(self):
        self.assertIs(False, self.claim()['taken_over'])
        for state in ('running', *states.WORK_SETTLED):
            self.change(lease_until_ms=0, state=state)
            unit = self.claim()
            self.assertEqual((True, state),
                             (unit['taken_over'], unit['state']))
