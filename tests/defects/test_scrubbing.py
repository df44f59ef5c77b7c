"""The removal of old data ended after its first round."""

import time

from tests.advisories import base


class TestDelayedDelete(base.TestCase):

    def setUp(self):
        super().setUp()
        self.service.conf.config(delayed_delete=True, scrub_time=1)

    def test_round_after_round(self):
        for _round in range(3):
            image_id = self.active()
            self.service.call('DELETE', self.path(image_id))
            self.assertEqual(1, len(self.service.stored_files()))
            deadline = time.monotonic() + 30
            while self.service.stored_files():
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.1)
