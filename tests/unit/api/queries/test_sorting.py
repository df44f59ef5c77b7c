"""Tests of the order of image lists."""

from oslo_config import fixture as config_fixture
from oslotest import base

from glance.api.queries import sorting
from glance.common import exceptions
from glance.conf import CONF


class TestSorting(base.BaseTestCase):

    def check(self, expected, *pairs):
        self.assertEqual([item.split(':') for item in expected.split()],
                         sorting.parse(pairs))

    def refuse(self, *pairs):
        self.assertRaises(exceptions.BadRequest, sorting.parse, pairs)

    def test_the_newest_come_first_by_default(self):
        self.check('created_at:desc id:desc')

    def test_single_direction_holds_for_all_keys(self):
        self.check('name:asc size:asc created_at:asc id:asc',
                   ('sort_key', 'name'), ('sort_key', 'size'),
                   ('sort_dir', 'asc'))

    def test_direction_without_key(self):
        self.check('created_at:asc id:asc', ('sort_dir', 'asc'))

    def test_one_direction_for_each_key(self):
        self.check('name:asc size:desc created_at:desc id:desc',
                   ('sort_key', 'name'), ('sort_key', 'size'),
                   ('sort_dir', 'asc'), ('sort_dir', 'desc'))

    def test_combined_form(self):
        self.check('name:desc size:asc created_at:desc id:desc',
                   ('sort', 'name, size:asc'))

    def test_keys_of_the_end_stay_where_they_are_named(self):
        self.check('id:desc created_at:desc', ('sort_key', 'id'))

    def test_repeated_key_counts_once(self):
        self.check('name:asc created_at:desc id:desc',
                   ('sort', 'name:asc,name:desc'))

    def test_uses_are_sorted_by_id_among_equals(self):
        self.useFixture(config_fixture.Config(CONF)).config(
            enabled=True, group='usage')
        self.check('os_last_used_at:asc id:asc',
                   ('sort', 'os_last_used_at:asc'))
        self.check('os_usage_count:asc created_at:desc id:desc',
                   ('sort', 'os_usage_count:asc,created_at'))
        self.check('name:desc os_usage_count:asc created_at:desc id:desc',
                   ('sort', 'name,os_usage_count:asc'))

    def test_forms_do_not_mix(self):
        self.refuse(('sort', 'name'), ('sort_key', 'name'))
        self.refuse(('sort', 'name'), ('sort_dir', 'asc'))

    def test_counts_differ(self):
        self.refuse(('sort_key', 'name'), ('sort_dir', 'asc'),
                    ('sort_dir', 'desc'))

    def test_unknown_keys_and_directions_are_refused(self):
        self.refuse(('sort_key', 'owner'))
        self.refuse(('sort', 'name:up'))
        self.refuse(('sort_dir', ''))
        self.refuse(('sort', ''))
