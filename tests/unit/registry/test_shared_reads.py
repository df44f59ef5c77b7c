"""Callers that read at the same time share calls, of a bounded size."""

import threading

from oslotest import base

from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.registry.rpcapi import images


class Bus:
    """Images whose id begins with L are large, and can be made to wait.

    :ivar calls: [ids of a call, ...]
    :ivar most: large ones of an answer
    """

    def __init__(self):
        self.calls = []
        self.cap, self.most = '1.9', 100
        self.go, self.go_large = threading.Event(), threading.Event()
        self.value = 'x' * 60000

    def can_send(self, version):
        return version <= self.cap

    def call(self, ctxt, namespace, method, version, items, max_bytes=None):
        ids = [item[0] for item in items]
        self.calls.append(ids)
        is_large = any(one.startswith('L') for one in ids)
        (self.go_large if is_large else self.go).wait(30)
        images = [self.image(one) for one in ids]
        return images if max_bytes is None else self.fitting(ids, images)

    def fitting(self, ids, images):
        left_out = [one for one in ids if one.startswith('L')][self.most:]
        return {'images': {one['id']: one for one in images if one},
                'seen': [one and {'id': one['id'], 'member': 'm' + one['id']}
                         for one in images],
                'left_out': left_out}

    def image(self, image_id):
        if image_id.startswith('absent'):
            return None
        texts = [self.value] * 20 if image_id.startswith('L') else [None]
        return {'id': image_id, 'properties': dict(enumerate(texts))}


class TestSharedReads(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.bus = Bus()
        self.api = images.Images(self.bus)
        self.ctxt = context.RequestContext(project_id='p')

    def start(self, *ids):
        """:returns: callers that wait for these images"""
        return [concurrency.spawn(self.api.get, self.ctxt, one)
                for one in ids]

    def wait_until(self, condition):
        for _number in range(3000):
            if condition():
                return
            threading.Event().wait(0.01)
        self.fail('it does not come')

    def go_on(self, *callers):
        self.bus.go.set()
        self.bus.go_large.set()
        for caller in callers:
            caller.wait()

    def test_no_call_is_for_very_many(self):
        callers = self.start(*map(str, range(100)))
        self.wait_until(lambda: len(self.api._reads._pending) == 98)
        self.go_on(*callers)
        self.assertEqual(100, sum(map(len, self.bus.calls)))
        self.assertEqual(16, max(map(len, self.bus.calls)))

    def test_an_absent_image_is_not_found(self):
        self.bus.go.set()
        self.assertRaises(exceptions.ImageNotFound, self.api.get, self.ctxt,
                          'absent')

    def know(self, *ids):
        self.bus.go_large.set()
        for one in ids:
            self.api.get(self.ctxt, one)
        self.bus.go_large.clear()
        self.bus.calls.clear()

    def test_large_ones_hold_up_nobody(self):
        large = ['L%d' % number for number in range(20)]
        self.know(*large)
        waiting = self.start(*large)
        self.wait_until(lambda: len(self.bus.calls) == 2)
        self.bus.go.set()
        for number in range(20):
            self.assertEqual(str(number),
                             self.api.get(self.ctxt, str(number))['id'])
        self.assertEqual(22, len(self.bus.calls))
        self.go_on(*waiting)
        for ids in self.bus.calls:
            self.assertEqual(1, len({one[0] == 'L' for one in ids}), ids)
            self.assertLessEqual(len(ids), 1 if ids[0][0] == 'L' else 16)

    def test_what_did_not_fit_comes_alone(self):
        """Nobody waits for it, and it is there at the end."""
        self.bus.most = 1
        first = self.start('0', '1')
        self.wait_until(lambda: len(self.bus.calls) == 2)
        mixed = self.start('L1', '2', 'L2', '3', 'absent', 'L3')
        self.wait_until(lambda: len(self.api._reads._pending) == 6)
        self.go_on(*first)
        found = [one.wait() for one in mixed if one is not mixed[4]]
        self.assertRaises(exceptions.ImageNotFound, mixed[4].wait)
        self.assertEqual(['L1', '2', 'L2', '3', 'L3'],
                         [image['id'] for image in found])
        self.assertEqual('m2', found[1]['member'])
        self.assertEqual(6, len(self.bus.calls[2]))
        self.assertEqual([['L2'], ['L3']], sorted(self.bus.calls[3:]))

    def test_registry_of_a_former_release(self):
        self.bus.cap, self.bus.most = '1.8', 0
        self.go_on(*self.start(*'0123', 'L1', 'L2'))
        self.assertEqual(['0', '1'], [ids[0] for ids in self.bus.calls[:2]])
        self.assertEqual(6, sum(map(len, self.bus.calls)))

    def test_what_is_large_no_more(self):
        self.know('L1')
        self.bus.value = 'x'
        self.bus.go_large.set()
        self.api.get(self.ctxt, 'L1')
        self.assertNotIn('L1', self.api._large)

    def test_not_all_are_known_for_ever(self):
        self.bus.go_large.set()
        self.bus.value = 'x' * 20000
        for number in range(1200):
            self.api.get(self.ctxt, 'L%d' % number)
        self.assertLessEqual(len(self.api._large), 1000)
