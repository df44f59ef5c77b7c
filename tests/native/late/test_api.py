"""API workers that stand still, write late, and leave nothing behind."""

from glance.api import services
from glance.common import concurrency
from tests.native.late import base
from tests.native.late import standing

DATA = base.DATA


class TestUploads(base.TestCase):

    def late(self, send):
        """:returns: what starts the writer"""
        def first(way, image_id):
            self.watch_files(way, '')
            return concurrency.spawn(self._send, send, way, image_id)
        return first

    def _send(self, send, way, image_id):
        stores = standing.watch(self.load_stores(), way)
        with services.override(
                registry=standing.Registry(services.registry(), way),
                stores=stores):
            return send(image_id, DATA)

    def test_a_late_upload_leaves_nothing_unowned(self):
        def check(image_id):
            image = self.image(image_id)
            if image['status'] == 'active':
                self.check_active(image_id, 'fast')
            else:
                self.assertEqual('queued', image['status'])
        self.stand_everywhere(self.new_image, check,
                              self.late(self.service.upload))


class TestStages(TestUploads):

    test_a_late_upload_leaves_nothing_unowned = None

    def check_owned(self):
        """What is staged can be imported."""
        for image_id in self.staged():
            self.assertEqual(202, self.import_(
                image_id, {'name': 'glance-direct'}).status_int)
            self.conduct()
            self.check_active(image_id, 'fast')
        super().check_owned()

    def staged(self):
        return [row.image_id for row in self.work() if row.kind == 'staged']

    def test_a_late_stage_leaves_nothing_unowned(self):
        self.stand_everywhere(self.new_image, self.check,
                              self.late(self.stage))

    def check(self, image_id):
        self.assertIn(self.image(image_id)['status'], ('queued', 'active'))
