"""Two callers change one image at the same time: both hold."""

import concurrent.futures
import threading

from tests.functional.resilience import base

ROUNDS = 250


class ConcurrentPatchTest(base.TestCase):

    def test_both_changes_hold(self):
        cloud = self.useFixture(base.TrustedCallers())
        image_id = base.Caller(cloud.url).create()
        barrier = threading.Barrier(2)
        refused = []

        def change(name):
            caller = base.Caller(cloud.url)
            for number in range(ROUNDS):
                barrier.wait(base.PATIENCE)
                response = caller.patch(image_id, {
                    'op': 'add', 'path': '/' + name, 'value': str(number)})
                if response.status_code != 200:
                    refused.append(response.text)
                # The last of both looks, while nobody changes anything.
                if barrier.wait(base.PATIENCE) == 0:
                    check(caller, number)
                barrier.wait(base.PATIENCE)

        def check(caller, number):
            image = caller.show(image_id)
            found = image.get('a'), image.get('b')
            if found != (str(number), str(number)):
                refused.append('round %d: %s and %s hold' % (number, *found))

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(change, 'ab'))
        self.assertEqual([], refused[:5])
