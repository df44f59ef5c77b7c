"""OSSA-2015-014: a backing file named a file of the server."""

from tests.advisories import base
from tests.unit.store.checks import test_inspection


class TestBackingFile(base.TestCase):

    def test_refused_whatever_the_image_says_it_is(self):
        data = test_inspection.qcow2(backing=104)
        for disk_format in ('qcow2', 'raw', 'vhd', 'iso'):
            image_id = self.service.create(disk_format=disk_format)['id']
            answer = self.service.upload(image_id, data)
            self.assertEqual(415, answer.status_int, disk_format)
            self.check_nothing_kept(image_id)
