"""Names of attributes and properties, as clients know them, said once more."""

from oslotest import base

from glance.objects import attributes
from glance.objects import properties

SETTABLE = '''id name disk_format container_format visibility owner min_disk
    min_ram protected os_hidden tags'''
READ_ONLY = '''checksum created_at direct_url file os_hash_algo os_hash_value
    os_last_used_at os_usage_count schema self size status stores updated_at
    virtual_size'''
RESERVED = 'deleted deleted_at location'


class TestAttributes(base.BaseTestCase):

    def test_names_are_those_that_clients_know(self):
        self.assertEqual(set(SETTABLE.split()), properties.SETTABLE)
        self.assertEqual(set(READ_ONLY.split()), properties.READ_ONLY)
        self.assertEqual(set(RESERVED.split()), properties.RESERVED)
        self.assertEqual(
            {*SETTABLE.split(), *READ_ONLY.split(), *RESERVED.split(),
             'locations'}, attributes.NAMES)

    def test_what_imports_note(self):
        """Clients look for these names."""
        self.assertEqual('os_glance_import_task', properties.IMPORT_TASK)
        self.assertEqual(
            ('os_glance_importing_to_stores', 'os_glance_failed_import'),
            properties.IMPORT_LISTS)
        self.assertEqual(
            {properties.IMPORT_TASK, *properties.IMPORT_LISTS},
            set(properties.IMPORT_NOTES))


class TestIsCustom(base.BaseTestCase):

    def test_any_other_name(self):
        for name in 'os_distro', 'hw_disk_bus', 'Name', 'os_glanc', '':
            self.assertTrue(properties.is_custom(name), name)

    def test_attributes_are_not(self):
        for name in attributes.NAMES:
            self.assertFalse(properties.is_custom(name), name)

    def test_what_the_service_notes_is_not(self):
        for name in ('os_glance', 'os_glance_x', *properties.IMPORT_NOTES):
            self.assertFalse(properties.is_custom(name), name)
