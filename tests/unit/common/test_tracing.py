"""A trace goes on behind the bus, and ends there."""

import fixtures
from osprofiler import notifier
from osprofiler import profiler

from glance.common import exceptions
from tests.unit.rpc import base
from tests.unit.rpc import endpoints


class TracingTestCase(base.BusTestCase):

    def setUp(self):
        super().setUp()
        self.collected = []
        self.addCleanup(notifier.set, notifier.get())
        notifier.set(self.collected.append)
        self.things = self.serve_things()
        self.rpc = self.client()

    def call(self, method, **arguments):
        return self.rpc.call(endpoints.a_context(), 'things', method,
                             **arguments)

    def trace(self):
        profiler.init('key')
        self.addCleanup(profiler.clean)
        return profiler.get().get_base_id()

    def test_a_call_and_what_it_causes(self):
        base_id = self.trace()
        self.call('echo', value=1)
        begun, served, done, ended = self.collected
        self.assertEqual(['rpc-call-start', 'rpc-start', 'rpc-stop',
                          'rpc-call-stop'],
                         [one['name'] for one in self.collected])
        self.assertEqual({base_id},
                         {one['base_id'] for one in self.collected})
        self.assertEqual(begun['trace_id'], served['parent_id'])
        self.assertEqual('things.echo', served['info']['method'])

    def test_what_fails(self):
        self.trace()
        self.assertRaises(exceptions.Conflict, self.call, 'refuse',
                          name='Conflict', message='no')
        self.assertIn('Conflict', self.collected[-1]['info']['etype'])

    def test_nothing_stays_in_the_threads_of_the_server(self):
        for value in range(5):
            base_id = self.trace()
            self.call('echo', value=value)
            profiler.clean()
            self.assertEqual({base_id},
                             {one['base_id'] for one in self.collected})
            del self.collected[:]

    def test_no_trace_costs_nothing(self):
        self.useFixture(fixtures.MonkeyPatch(
            'osprofiler.profiler.Trace', None))
        self.assertEqual(1, self.call('echo', value=1))
