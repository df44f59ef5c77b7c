"""Callers that read at the same time share calls, of a bounded size."""

import threading

from oslotest import base

from glance.common import context
from glance.common import exceptions
from glance.registry.rpcapi import images


class Bus:
    """Keeps calls waiting until all callers have come."""

    def __init__(self):
        self.sizes = []
        self.go = threading.Event()

    def call(self, ctxt, namespace, method, version, items):
        self.sizes.append(len(items))
        self.go.wait(30)
        return [None for _item in items]


class TestSharedReads(base.BaseTestCase):

    def test_no_call_is_for_very_many(self):
        bus = Bus()
        api = images.Images(bus)
        ctxt = context.RequestContext(project_id='p')

        def get(number):
            self.assertRaises(exceptions.ImageNotFound, api.get, ctxt,
                              str(number))
        callers = [threading.Thread(target=get, args=[number])
                   for number in range(100)]
        for caller in callers:
            caller.start()
        while len(api._reads._pending) < 98:
            threading.Event().wait(0.01)
        bus.go.set()
        for caller in callers:
            caller.join()
        self.assertEqual(100, sum(bus.sizes))
        self.assertEqual(16, max(bus.sizes))
