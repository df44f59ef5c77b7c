"""Two callers change one image at the same time: both hold."""

import threading

from tests.functional.resilience import base

ROUNDS = 1000


class ConcurrentPatchTest(base.TestCase):

    def test_both_changes_hold_a_thousand_times(self):
        cloud = self.useFixture(base.TrustedCallers())
        image_id = base.Caller(cloud.url).create()
        barrier = threading.Barrier(2)
        refused = []

        def change(name):
            caller = base.Caller(cloud.url)
            for number in range(ROUNDS):
                barrier.wait(60)
                response = caller.patch(image_id, {
                    'op': 'add', 'path': '/' + name, 'value': str(number)})
                if response.status_code != 200:
                    refused.append(response.text)
                barrier.wait(60)
                image = caller.show(image_id)
                if image['a'] != image['b'] or image[name] != str(number):
                    refused.append('round %d: %s and %s hold' % (
                        number, image.get('a'), image.get('b')))

        threads = [threading.Thread(target=change, args=(name,))
                   for name in 'ab']
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([], refused[:5])
