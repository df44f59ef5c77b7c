"""Data that older services kept or lost when something went wrong."""

from tests.advisories import base
from tests.unit.store.checks import test_inspection

NOISE = bytes(range(256)) * 100


class TestMismatch(base.TestCase):

    def test_nothing_is_kept_and_a_retry_works(self):
        image_id = self.service.create(disk_format='qcow2')['id']
        for _time in range(3):
            answer = self.service.upload(image_id, NOISE)
            self.assertEqual(415, answer.status_int)
            self.check_nothing_kept(image_id)
        answer = self.service.upload(image_id, test_inspection.qcow2())
        self.assertEqual(204, answer.status_int)
        self.assertEqual(1, len(self.service.stored_files()))


class TestReservedStores(base.TestCase):

    options = {'multi': True, 'conductor': False}

    def test_no_data_into_staging(self):
        image_id = self.service.create()['id']
        answer = self.service.upload(image_id, NOISE, headers={
            'X-Image-Meta-Store': 'os_glance_staging_store'})
        self.assertEqual(400, answer.status_int)
        self.check_nothing_kept(image_id)
