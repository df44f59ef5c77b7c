"""Data of a URL comes into the staging area, or nothing of it does."""

from unittest import mock

import fixtures

from glance.common import exceptions
from glance.common import fetching
from tests.unit.conductor import base
from tests.unit.conductor.base import DATA


class TestFetch(base.WorkTestCase):

    def fetch(self, **given):
        self.registry.tasks.reset_mock()
        return self.work(**dict({
            'method': 'web-download', 'uri': 'http://source/a',
            'stores': ['fast']}, **given))

    def check_failed(self, reason):
        self.assertIn(reason, self.failure()[0])
        self.assertEqual(set(), self.unclosed)
        self.assertEqual([], self.files('staging'))
        self.assertEqual([], self.files('fast'))

    def test_a_source_is_closed_at_its_end(self):
        for length in (None, len(DATA)):
            self.serve(length=length)
            self.fetch()
            self.result()
            self.assertEqual(set(), self.unclosed)

    def test_a_source_with_less_or_more_than_it_said(self):
        for length in (len(DATA) - 1, len(DATA) + 1):
            self.serve(length=length)
            self.fetch()
            self.check_failed('announced')

    def test_a_source_that_breaks_off(self):
        def fail(*args):
            raise fetching.Unreachable('broken')
        self.serve()
        self.useFixture(fixtures.MonkeyPatch(
            'tests.unit.store.base.Source.read', fail))
        self.fetch()
        self.check_failed('broken')

    def test_too_much_data(self):
        self.conf.config(image_size_cap=len(DATA) - 1)
        self.serve()
        self.fetch()
        self.check_failed('')
        self.conf.config(image_size_cap=len(DATA))
        self.fetch()
        self.result()

    def test_data_of_another_format(self):
        self.records[base.IMAGE].update(disk_format='qcow2')
        self.serve()
        self.fetch()
        self.check_failed('')

    def test_data_of_another_format_comes_into_no_store(self):
        self.records[base.IMAGE].update(disk_format='qcow2')
        self.serve()
        with mock.patch.object(self.fast, 'write') as write:
            self.fetch()
        write.assert_not_called()

    def test_a_source_that_cannot_be_opened(self):
        def fail(*args):
            raise exceptions.BadRequest('no')
        self.serve()
        self.useFixture(fixtures.MonkeyPatch(
            'glance.common.fetching.open', fail))
        self.fetch()
        self.check_failed('no')
