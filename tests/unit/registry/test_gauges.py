"""What monitoring is told of what waits."""

import fixtures

from glance.db.connect import engine
from glance.db.durable import hosts
from glance.db import own_schema
from glance.registry import gauges
from tests.unit.registry import base


class GaugesTest(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.config.config(group='health', timeout=10, kept=0)
        self.error = None
        self.gauges = gauges.Gauges(self.in_database)

    def in_database(self, function):
        if self.error is not None:
            raise self.error
        return function()

    def collect(self):
        """:returns: {name: {labels: value}}"""
        return {family.name: {tuple(sample.labels.values()): sample.value
                              for sample in family.samples}
                for family in self.gauges.collect()}

    def test_nothing_waits(self):
        self.assertEqual({
            'glance_database_up': {(): 1}, 'glance_events_waiting': {(): 0},
            'glance_event_age_seconds': {(): 0},
            'glance_work_overdue_seconds': {(): 0},
            'glance_conductor_hosts': {(): 0}, 'glance_work': {}},
            self.collect())

    def test_what_waits(self):
        image_id = self.create()['id']
        self.upload(image_id)
        self.images.delete(self.owner, image_id=image_id)
        self.run_out_leases()
        with engine.writer() as conn:
            hosts.see(conn, 'h')
        found = self.collect()
        self.assertEqual({('delete_data', 'waiting'): 1},
                         found['glance_work'])
        self.assertEqual({(): 1}, found['glance_conductor_hosts'])
        self.assertEqual({(): len(self.events())},
                         found['glance_events_waiting'])
        for name in 'event_age', 'work_overdue':
            self.assertGreater(found['glance_%s_seconds' % name][()], 0)

    def use_images(self):
        images = [self.create()['id'] for _image in range(4)]
        with engine.writer() as conn:
            conn.execute(own_schema.image_usage.insert(), [
                {'image_id': image_id, 'use_count': count, 'last_used_ms': 0}
                for count, image_id in enumerate(images)])

    def test_images_that_are_in_use(self):
        self.config.config(group='usage', enabled=True)
        found = self.collect()
        self.assertEqual((0, 0), (found['glance_images_in_use'][()],
                                  found['glance_image_uses'][()]))
        self.use_images()
        found = self.collect()
        self.assertEqual((3, 6), (found['glance_images_in_use'][()],
                                  found['glance_image_uses'][()]))

    def test_no_more_images_are_counted_than_are_told(self):
        self.config.config(group='usage', enabled=True)
        self.useFixture(fixtures.MonkeyPatch('glance.db.health.MOST', 2))
        self.use_images()
        self.assertEqual({(): 5}, self.collect()['glance_image_uses'])

    def test_no_answer(self):
        log = self.useFixture(fixtures.FakeLogger())
        self.error = ConnectionError('secret')
        self.assertEqual({'glance_database_up': {(): 0}}, self.collect())
        self.assertIn('ConnectionError', log.output)
        self.assertNotIn('secret', log.output)
