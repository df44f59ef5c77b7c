"""OSSA-2024-003: data reached a tool without being what it was said to be."""

from tests.advisories import base
from tests.unit.store.checks import test_inspection

QCOW2 = test_inspection.qcow2()
VMDK = test_inspection.vmdk()
NOISE = bytes(range(256)) * 400


class TestMismatch(base.TestCase):

    def test_data_of_another_format_is_refused(self):
        for claim, data in (('qcow2', VMDK), ('qcow2', NOISE),
                            ('vmdk', QCOW2), ('vdi', NOISE), ('iso', QCOW2),
                            ('vhdx', VMDK), ('vhd', NOISE), ('ami', QCOW2)):
            image_id = self.service.create(disk_format=claim)['id']
            answer = self.service.upload(image_id, data)
            self.assertEqual(415, answer.status_int, (claim, data[:4]))
            self.check_nothing_kept(image_id)
