"""Every kind that the registry writes has its place and its function."""

import collections
import types

from oslotest import base

from glance.api.schemas import task
from glance.common import exceptions
from glance.conductor import work_kinds

# What rows of work may say, by which places it takes.
KINDS = {
    'short': 'upload stage delete_staged delete_data delete_location '
             'discard_data set_readers',
    'long': 'hash_location heal_location copy_image location_import '
            'api_image_import import clone export',
}


class TestWorkKinds(base.BaseTestCase):

    def test_each_is_long_or_short_as_listed(self):
        for places, names in KINDS.items():
            self.assertEqual(sorted(names.split()),
                             sorted(work_kinds.names(places)))

    def test_each_is_there_once(self):
        counts = collections.Counter(kind.name for kind in work_kinds.TABLE)
        self.assertEqual({1}, set(counts.values()))
        self.assertEqual(sum(len(names.split()) for names in KINDS.values()),
                         len(counts))

    def test_every_type_of_task(self):
        self.assertEqual(set(), set(task.TYPES)
                         - set(work_kinds.names(work_kinds.LONG)))

    def test_a_job_goes_home_before_it_runs(self):
        done = []
        kinds = tuple(work_kinds.Kind(
            name, work_kinds.SHORT,
            lambda job, name=name: done.append((name, job)))
            for name in ('a', 'b'))
        job = types.SimpleNamespace(kind='b',
                                    go_home=lambda: done.append('home'))
        self.addCleanup(setattr, work_kinds, 'TABLE', work_kinds.TABLE)
        work_kinds.TABLE = kinds
        work_kinds.run(job)
        self.assertEqual(['home', ('b', job)], done)

    def test_a_newer_release(self):
        job = types.SimpleNamespace(kind='new', go_home=lambda: None)
        self.assertRaises(exceptions.Conflict, work_kinds.run, job)
