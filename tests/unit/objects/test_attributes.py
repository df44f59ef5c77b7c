"""What cannot be made of the table of attributes agrees with it."""

from oslotest import base

from glance.api.schemas import image
from glance.db import schema
from glance.objects import attributes
from glance.objects import properties
from glance.objects import states
from glance.replicator import metadata


class TestTable(base.BaseTestCase):

    def test_columns_are_those_of_the_database(self):
        self.assertEqual({column.name for column in schema.images.columns},
                         set(attributes.COLUMNS))

    def test_schema_says_all_that_users_see(self):
        self.assertEqual(attributes.NAMES - properties.RESERVED,
                         set(image._base_properties()))

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
