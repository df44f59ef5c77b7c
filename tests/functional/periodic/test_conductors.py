"""Conductors do what is due without being told, once in the cluster."""

import json

from glance.db.connect import engine
from glance.db import own_schema
from glance.service import parts
from tests.functional.periodic import base

duties = own_schema.duties


class TestByThemselves(base.TestCase):

    # They ask again after a second.
    options = {'wakeup_time': 1}

    def setUp(self):
        super().setUp()
        self.service.conf.config(
            group='periodic', audit_pause=1, audit_interval=1,
            leftovers_interval=1)
        self.conduct()

    def conduct(self):
        """:returns: one more conductor"""
        part = parts.conductor()
        part.start()
        self.addCleanup(part.stop, 5)
        return part

    def rows(self):
        """{duty: row} without the hosts of staging areas."""
        with engine.reader() as conn:
            return {row.name.partition('@')[0]: row for row in
                    conn.execute(duties.select())}

    def test_damage_is_found_and_healed(self):
        image_id = self.new()
        self.copy(image_id, 'cold')
        self.flip('cold', image_id)
        self.wait_until(lambda: len(self.events('image.audit')) == 2, 60)
        self.wait_until(lambda: not self.work())
        self.assertEqual(['bad', 'healed'], [
            event['result'] for event in self.events('image.audit')])
        self.check_data(*self.files('cold').values())

    def test_rows_tell_of_it(self):
        self.wait_until(lambda: len(self.rows()) == 6, 60)
        with engine.writer() as conn:
            conn.execute(duties.update(), {'due_ms': 0})
        self.wait_until(lambda: all(row.ended_ms for row in
                                    self.rows().values()), 60)
        rows = self.rows()
        self.assertEqual({'audit', 'expiry', 'leftovers', 'reaper', 'staged',
                          'update'}, set(rows))
        for name, row in rows.items():
            self.assertNotIn('error', json.loads(row.outcome), name)
            self.assertGreater(row.due_ms, row.ended_ms)
        self.assertEqual({'expired': 0}, json.loads(rows['expiry'].outcome))
        # Two conductors, and yet:
        self.assertEqual(1, rows['expiry'].attempt)
