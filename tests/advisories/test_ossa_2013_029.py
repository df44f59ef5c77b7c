"""OSSA-2013-029: a small file could expand to a disk of any size."""

from tests.advisories import base
from tests.unit.store.checks import test_inspection

HUGE = 1 << 50


class TestVirtualSize(base.TestCase):

    def test_shown_as_the_data_says(self):
        data = test_inspection.qcow2(size=HUGE)
        image_id = self.active(data, disk_format='qcow2')
        image = self.show(image_id)
        self.assertEqual((len(data), HUGE),
                         (image['size'], image['virtual_size']))

    def test_not_hidden_behind_another_format(self):
        image_id = self.service.create(disk_format='vhd')['id']
        answer = self.service.upload(image_id,
                                     test_inspection.qcow2(size=HUGE))
        self.assertEqual(415, answer.status_int)
        self.check_nothing_kept(image_id)
