"""OSSA-2023-002: a VMDK descriptor named files of the server."""

from tests.advisories import base
from tests.unit.store.checks import test_inspection

EXTENT = 'RW 1 FLAT "/etc/passwd" 0'


class TestVmdk(base.TestCase):

    def check(self, status, data, claims=('vmdk', 'raw')):
        for disk_format in claims:
            image_id = self.service.create(disk_format=disk_format)['id']
            answer = self.service.upload(image_id, data)
            self.assertEqual(status, answer.status_int, disk_format)
            if status != 204:
                self.check_nothing_kept(image_id)

    def test_descriptor_alone(self):
        for create_type in ('monolithicFlat', 'twoGbMaxExtentFlat', 'custom',
                            'streamOptimized'):
            self.check(415, test_inspection.vmdk_text(create_type, EXTENT))

    def test_descriptor_in_a_sparse_file(self):
        for create_type in ('monolithicFlat', 'vmfsRDM', 'x'):
            self.check(415, test_inspection.vmdk(create_type))
        self.check(415, test_inspection.vmdk(extent=EXTENT))

    def test_harmless_types_are_taken(self):
        for create_type in ('monolithicSparse', 'streamOptimized'):
            self.check(204, test_inspection.vmdk(create_type), ['vmdk'])
