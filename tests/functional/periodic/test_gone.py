"""Data that goes while it is looked at is no damage."""

import logging
import os

import fixtures

from glance.conductor.periodic import auditor
from glance.conductor.periodic import leftovers
from glance.conductor.periodic import reading
from glance.conductor.periodic import staging_cleanup
from glance.conductor.periodic import updater
from glance.db.connect import engine
from glance.db import own_schema
from glance.db import schema
from glance.metrics import counters
from glance.store import staging
from tests.functional.periodic import base

COUNT = 4


class TestGone(base.TestCase):

    conductor = False

    def setUp(self):
        super().setUp()
        self.ids = [self.new() for _number in range(COUNT)]
        self.log = self.useFixture(fixtures.FakeLogger(level=logging.WARNING))

    def delete(self, image_id):
        """What the conductor would do in a moment is done as well."""
        answer = self.service.call('DELETE', '/v2/images/' + image_id)
        self.assertEqual(204, answer.status_int)
        os.unlink(self.path('fast', image_id))

    def delete_while_read(self, *ids, late=False):
        """:param late: after it was read, for what was found to be missing"""
        read = reading.read

        def answer(store, image, location, throttle):
            if image['id'] in ids:
                if late:
                    os.rename(self.path('fast', image['id']),
                              self.path('cold', image['id']))
                else:
                    self.delete(image['id'])
            return read(store, image, location, throttle)
        self.patch(reading, 'read', answer)

    def check_nothing_is_told(self, counted=()):
        self.assertEqual('', self.log.output)
        self.assertEqual([], self.events('image.audit'))
        self.assertEqual({'delete_data'}, {row.kind for row in self.work()})
        with engine.reader() as conn:
            self.assertEqual([], conn.execute(
                own_schema.bad_locations.select()).all())

    def test_deletion_during_an_audit_is_no_damage(self):
        self.delete_while_read(*self.ids[1:])
        before = self.counted()
        self.assertEqual({'good': 1}, self.do(auditor))
        self.assertEqual(before, self.counted())
        self.check_nothing_is_told()

    def counted(self):
        return [counters.AUDITS.labels('fast', result)._value.get()
                for result in ('bad', 'missing', 'unreadable')]

    def test_audited_with_nothing_else_in_the_store(self):
        self.delete_while_read(*self.ids)
        self.assertEqual({}, self.do(auditor))
        self.check_nothing_is_told()

    def test_audited_and_some_are_missing(self):
        """It takes three that are recorded for a store to be away."""
        self.delete_while_read(*self.ids[:2])
        for image_id in self.ids[2:]:
            os.unlink(self.path('fast', image_id))
        self.assertEqual({'missing': 2}, self.do(auditor))
        self.assertEqual(2, len(self.events('image.audit')))

    def test_deleted_between_the_reading_and_the_report(self):
        report = auditor._Audit.report_missing
        self.patch(auditor._Audit, 'report_missing', lambda audit: (
            [self.service.call('DELETE', '/v2/images/' + image_id)
             for image_id in self.ids[1:]], report(audit)))
        self.delete_while_read(*self.ids[1:], late=True)
        self.assertEqual({'good': 1}, self.do(auditor))
        self.check_nothing_is_told()

    def test_facts_of_old_images(self):
        with engine.writer() as conn:
            conn.execute(schema.images.update(), {'checksum': None})
        self.delete_while_read(*self.ids)
        self.assertEqual({}, self.do(updater))
        self.check_nothing_is_told()

    def test_a_leftover_that_went_itself_is_no_error(self):
        """A file goes between the list and its turn."""
        for image_id in self.ids:
            os.rename(self.path('fast', image_id),
                      self.path('cold', image_id))
        judged = leftovers._judged

        def judge(run, store, objects):
            verdicts = list(judged(run, store, objects))
            for image_id in self.ids if store.id == 'cold' else ():
                os.unlink(self.path('cold', image_id))
            return verdicts
        self.patch(leftovers, '_judged', judge)
        self.service.conf.config(group='periodic', leftovers='remove')
        self.assertEqual(COUNT, self.do(leftovers)['remove'])
        self.assertEqual('', self.log.output)

    def test_a_staged_file_that_went_is_no_error(self):
        self.service.conf.config(group='conductor', staging_grace=10)
        path = os.path.join(staging.folder(), self.ids[0])
        with open(path, 'w'):
            pass
        os.utime(path, (1, 1))
        found = staging.old_files
        self.patch(staging, 'old_files', lambda seconds: (
            found(-1000), os.unlink(path))[0])
        self.do(staging_cleanup)
        self.assertEqual('', self.log.output)
