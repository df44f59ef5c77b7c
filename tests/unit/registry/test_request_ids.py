"""Reads that share a call name all the requests that wanted them."""

import threading

from oslotest import base

from glance.common import concurrency
from glance.common import context
from glance.registry.rpcapi import images


class Bus:
    """Stands for the guarded client; the first call waits for the others."""

    def __init__(self):
        self.named = []
        self.gate = threading.Event()

    def can_send(self, version):
        return False

    def call(self, ctxt, namespace, method, version, items):
        self.named.append(ctxt.request_id)
        if len(self.named) <= 2:
            self.gate.wait(10)
        return [{'id': item[0], 'properties': {}} for item in items]


class RequestIdsTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.bus = Bus()
        self.addCleanup(self.bus.gate.set)
        self.images = images.Images(self.bus)

    def get(self, image_id, request_id):
        ctxt = context.RequestContext(request_id=request_id)
        return concurrency.spawn(self.images.get, ctxt, image_id)

    def test_a_call_for_one_request_has_its_id(self):
        self.bus.gate.set()
        self.get('a', 'req-1').wait(10)
        self.assertEqual(['req-1'], self.bus.named)

    def test_a_shared_call_has_the_ids_of_all(self):
        tasks = [self.get('a', 'req-1'), self.get('b', 'req-2')]
        for _ in range(500):
            if len(self.bus.named) == 2:
                break
            threading.Event().wait(0.01)
        tasks += [self.get(image_id, request_id) for image_id, request_id in
                  (('c', 'req-3'), ('d', 'req-4'), ('c', 'req-5'),
                   ('d', 'req-3'))]
        threading.Event().wait(0.1)
        self.bus.gate.set()
        self.assertEqual(['a', 'b', 'c', 'd', 'c', 'd'],
                         [task.wait(10)['id'] for task in tasks])
        self.assertEqual(['req-1', 'req-2', 'req-3,req-5,req-4'],
                         self.bus.named)
