"""OSSA-2024-001: an external data file named a file of the server."""

from tests.advisories import base
from tests.unit.store.checks import test_inspection


class TestFeatures(base.TestCase):

    def test_external_data_and_unknown_ones_are_refused(self):
        for features in (1 << 2, 1 << 5, 1 << 63):
            data = test_inspection.qcow2(features=features)
            for disk_format in ('qcow2', 'raw', 'vdi'):
                image_id = self.service.create(disk_format=disk_format)['id']
                answer = self.service.upload(image_id, data)
                self.assertEqual(415, answer.status_int,
                                 (features, disk_format))
                self.check_nothing_kept(image_id)

    def test_known_features(self):
        for features in (0, 1):
            self.active(test_inspection.qcow2(features=features),
                        disk_format='qcow2')
