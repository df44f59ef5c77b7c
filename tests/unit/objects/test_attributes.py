"""What cannot be made of the table of attributes agrees with it."""

import typing

from oslo_config import fixture as config_fixture
from oslotest import base

from glance.api.schemas import image
from glance.conf import CONF
from glance.db import schema
from glance.objects import attributes
from glance.objects import image as record
from glance.objects import properties
from glance.objects import states
from glance.replicator import metadata


class TestTable(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        config = self.useFixture(config_fixture.Config(CONF))
        config.config(group='usage', enabled=True)

    def test_columns_are_those_of_the_database(self):
        self.assertEqual({column.name for column in schema.images.columns},
                         set(attributes.COLUMNS))

    def test_type_has_the_columns_and_what_belongs_to_an_image(self):
        self.assertEqual(
            {*attributes.COLUMNS, 'properties', 'tags', 'locations',
             *attributes.USAGE},
            set(typing.get_type_hints(record.Record)))

    def test_types_have_what_users_and_the_service_set(self):
        set_by_users = attributes.set_by(attributes.USERS)
        self.assertEqual(
            set_by_users, {*typing.get_type_hints(record.NewImage)}
            - {'properties'})
        self.assertEqual(
            {one.name for one in attributes.TABLE if one.is_stored
             and one.set_by != attributes.NOBODY}
            - {'id', 'status', 'created_at', 'updated_at'},
            set(typing.get_type_hints(attributes.Changed)))

    def test_schema_says_all_that_users_see(self):
        self.assertEqual(attributes.NAMES - properties.RESERVED,
                         set(image._base_properties())
                         - {properties.PROTECT_USED})

    def test_schema_says_what_users_cannot_set(self):
        self.assertEqual(
            properties.READ_ONLY,
            {name for name, one in image._base_properties().items()
             if one.get('readOnly')})

    def test_replicator_leaves_to_the_other_service_what_that_sets(self):
        self.assertEqual(properties.READ_ONLY | {'id', 'locations'},
                         metadata._IGNORED)

    def test_statuses_of_the_schema_are_those_of_the_machine(self):
        self.assertEqual(set(states.TRANSITIONS), set(image.STATUSES))


class TestLists(base.BaseTestCase):
    """What clients and readers of events know, said once more."""

    def test_clients_see_these_attributes_in_order(self):
        self.assertEqual(
            'id name status visibility owner size virtual_size checksum '
            'os_hash_algo os_hash_value disk_format container_format min_disk '
            'min_ram protected os_hidden created_at updated_at tags',
            ' '.join(attributes.SHOWN))

    def test_events_carry_these_attributes(self):
        self.assertEqual(
            'checksum container_format created_at deleted deleted_at '
            'disk_format id min_disk min_ram name owner protected size status '
            'tags updated_at virtual_size visibility',
            ' '.join(sorted(attributes.SENT)))

    def test_images_are_sorted_by_these_attributes(self):
        self.assertEqual(
            'container_format created_at disk_format id name os_last_used_at '
            'os_usage_count size status updated_at',
            ' '.join(attributes.SORTABLE))

    def test_images_are_filtered_by_these_attributes(self):
        self.assertEqual(
            {'text': {'owner', 'checksum', 'os_hash_algo', 'os_hash_value'},
             'list': {'id', 'name', 'status', 'container_format',
                      'disk_format'},
             'number': {'min_ram', 'min_disk', 'size', 'virtual_size',
                        'os_usage_count'},
             'date': {'created_at', 'updated_at', 'os_last_used_at'},
             'flag': {'protected'}},
            {kind: attributes.filtered_as(kind) for kind in (
                'text', 'list', 'number', 'date', 'flag')})

    def test_these_attributes_have_defaults(self):
        self.assertEqual(
            {'visibility': 'shared', 'min_disk': 0, 'min_ram': 0,
             'protected': False, 'os_hidden': False},
            {one.name: one.default for one in attributes.TABLE
             if one.default is not None})
