"""What is removed and forgotten in time, piece by piece."""

import os
import time
from unittest import mock

from glance.common import context
from glance.conductor import claims
from glance.conductor.periodic import clock
from glance.conductor.periodic import expiry
from glance.conductor.periodic import reaper
from glance.conductor.periodic import run as runs
from glance.conductor.periodic import scrubbing
from glance.conductor.periodic import staging_cleanup
from glance.conductor.periodic import updater
from tests.unit.conductor import base
from tests.unit.conductor.base import IMAGE, OTHER

THIRD = IMAGE[:-1] + 'f'


class DutyTestCase(base.WorkTestCase):

    def setUp(self):
        super().setUp()
        self.run_ = runs.Run(context.internal(), self.registry, self.stores,
                             'duty', 7)


class TestPieces(DutyTestCase):

    def test_up_to_the_first_that_is_not_full(self):
        for do, method, most, name in (
                (expiry.do, self.registry.tasks.expire, 1000, 'expired'),
                (reaper.do, self.registry.deletions.begin_due, 100,
                 'begun')):
            for counts in ([0], [most - 1], [most, 0], [most, most, 5]):
                method.reset_mock()
                method.side_effect = counts
                self.assertEqual({name: sum(counts)}, do(self.run_))
                self.assertEqual([(most,)] * len(counts), [
                    call.args[1:] for call in method.call_args_list])

    def test_stopped_between_pieces(self):
        self.run_.stop(claims.Draining())
        for do in (expiry.do, reaper.do):
            self.assertRaises(claims.Draining, do, self.run_)
        self.registry.tasks.expire.assert_not_called()


class TestStagingCleanup(DutyTestCase):

    def setUp(self):
        super().setUp()
        self.conf.config(group='conductor', staging_grace=100)

    def leave(self, name, age):
        path = os.path.join(self.folder('staging'), name)
        with open(path, 'w'):
            pass
        os.utime(path, (time.time() - age,) * 2)

    def do(self, unknown):
        self.registry.stages.unknown.side_effect = (
            lambda ctxt, ids: [one for one in ids if one in unknown])
        # The time of the last change cannot be set.
        with mock.patch('glance.store.staging._changed',
                        lambda entry: entry.stat().st_mtime):
            return staging_cleanup.do(self.run_)

    def test_what_nobody_will_ask_for(self):
        for name, age in ((IMAGE, 200), (OTHER, 200), (
                '.%s.a.part' % IMAGE, 200), ('%s.b' % IMAGE, 50), ('x', 200)):
            self.leave(name, age)
        self.assertEqual({'removed': 2}, self.do([IMAGE]))
        self.assertEqual(sorted([OTHER, IMAGE + '.b', 'x']),
                         self.files('staging'))

    def test_in_pieces(self):
        self.useFixture(base.fixtures.MonkeyPatch(
            'glance.conductor.periodic.staging_cleanup._MOST', 2))
        ids = ['%s%d' % (IMAGE[:-1], number) for number in range(5)]
        for one in ids:
            self.leave(one, 200)
        self.assertEqual({'removed': 5}, self.do(ids))
        self.assertEqual([ids[:2], ids[2:4], ids[4:]], [
            call.args[1] for call in
            self.registry.stages.unknown.call_args_list])
        self.assertEqual([], self.files('staging'))

    def test_one_that_cannot_be_removed_keeps_no_other(self):
        for name in IMAGE, OTHER:
            self.leave(name, 200)
        os.unlink(os.path.join(self.folder('staging'), IMAGE))
        os.mkdir(os.path.join(self.folder('staging'), IMAGE))
        os.utime(os.path.join(self.folder('staging'), IMAGE), (0, 0))
        self.assertEqual({'removed': 1}, self.do([IMAGE, OTHER]))
        self.assertEqual([IMAGE], os.listdir(self.folder('staging')))

    def test_removed_by_somebody_else(self):
        self.leave(IMAGE, 200)
        self.registry.stages.unknown.return_value = [IMAGE]
        with (mock.patch('os.unlink', side_effect=FileNotFoundError),
              mock.patch('glance.store.staging._changed', lambda entry: 0)):
            self.assertEqual({'removed': 1}, staging_cleanup.do(self.run_))

    def test_no_folder(self):
        os.rmdir(self.folder('staging'))
        self.assertEqual({'removed': 0}, self.do([]))

    def test_a_stopped_run_removes_nothing(self):
        self.leave(IMAGE, 200)
        self.run_.stop(claims.Draining())
        self.assertRaises(claims.Draining, self.do, [IMAGE])
        self.assertEqual([IMAGE], self.files('staging'))


class TestScrubber(DutyTestCase):

    def test_all_that_is_due(self):
        self.registry.deletions.begin_due.return_value = 0
        self.registry.work.data_deleted.side_effect = [
            None, ValueError('no'), None]
        units = [{'id': 'w%d' % number, 'kind': 'delete_data', 'attempt': 1,
                  'image_id': IMAGE, 'state': 'waiting', 'host': None,
                  'input': {'url': self.put(self.fast, image_id),
                            'metadata': {}}}
                 for number, image_id in enumerate((IMAGE, OTHER, THIRD))]
        self.registry.work.claim.side_effect = [units[:2], units[2:], []]
        scrubber = scrubbing.Scrubber(self.run_, 2)
        scrubber.scrub()
        self.assertEqual((2, 1), (scrubber.removed, scrubber.failed))
        self.assertEqual([], self.files('fast'))
        self.registry.deletions.begin_due.assert_called_once()
        for call in self.registry.work.claim.call_args_list:
            worker, limit, host, left_out = call.args[1:]
            self.assertEqual(('duty', 2, None), (worker, limit, host))
            self.assertIn('upload', left_out)
            self.assertIn('heal_location', left_out)
            self.assertNotIn('delete_data', left_out)
            self.assertNotIn('delete_location', left_out)

    def test_a_stopped_run_claims_no_more(self):
        self.registry.deletions.begin_due.return_value = 0
        scrubber = scrubbing.Scrubber(self.run_, 2)
        self.registry.work.claim.side_effect = (
            lambda *args: self.run_.stop(claims.Draining()) or [{
                'id': 'w', 'kind': 'dance', 'attempt': 1, 'image_id': IMAGE,
                'state': 'waiting', 'host': None, 'input': {}}])
        self.assertRaises(claims.Draining, scrubber.scrub)
        self.assertEqual((0, 1), (scrubber.removed, scrubber.failed))


class TestUpdater(DutyTestCase):

    def test_on_from_the_last_one(self):
        self.conf.config(group='periodic', audit_rate=1 << 30)
        self.active(self.fast)
        entry = {'image': self.records[IMAGE], 'reason': None, 'place': 5,
                 'location': dict(self.records[IMAGE]['locations'][0], id=9)}
        self.registry.audits.list_unknown.side_effect = [[entry], []]
        self.assertEqual({'good': 1}, updater.do(self.run_))
        self.assertEqual([(0, 50), (9, 50)], [
            call.args[1:] for call in
            self.registry.audits.list_unknown.call_args_list])


class TestIntervals(DutyTestCase):

    def test_of_each(self):
        self.conf.config(wakeup_time=0)
        self.conf.config(group='conductor', staging_grace=100)
        self.conf.config(group='periodic', leftovers_interval=5,
                         audit_pause=6)
        found = {name.partition('@')[0]: (interval(), do.__module__)
                 for name, (interval, do) in clock.duties().items()}
        path = 'glance.conductor.periodic.'
        self.assertEqual(
            {'expiry': (300, path + 'expiry'),
             'reaper': (1, path + 'reaper'),
             'leftovers': (5, path + 'leftovers'),
             'update': (6, path + 'updater'), 'audit': (6, path + 'auditor'),
             'staged': (100, path + 'staging_cleanup')}, found)
        self.conf.config(wakeup_time=7)
        self.conf.config(group='conductor', staging_grace=10000)
        found = {name.partition('@')[0]: interval() for name, (
            interval, _do) in clock.duties().items()}
        self.assertEqual((7, 3600), (found['reaper'], found['staged']))
