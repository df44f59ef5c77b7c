"""How calls end, as they are counted."""

from oslotest import base

from glance.common import exceptions
from glance.metrics import calls
from glance.metrics import counters


class CallTestCase(base.BaseTestCase):

    def call(self, method, error=None):
        """:returns: (outcomes that were counted, calls that were timed)"""
        try:
            with calls.Call(counters.RPC_CALLS, counters.RPC_SECONDS, 's',
                            method):
                if error is not None:
                    raise error
        except type(error or ()):
            pass
        found = {sample.labels['outcome']: sample.value
                 for family in counters.RPC_CALLS.collect()
                 for sample in family.samples
                 if sample.labels['method'] == method}
        return found

    def test_each_outcome_is_counted_by_its_error(self):
        self.assertEqual({'ok': 1}, self.call('a'))
        self.assertEqual({'refused': 1}, self.call(
            'b', exceptions.NotFound()))
        self.assertEqual({'unavailable': 1}, self.call(
            'c', exceptions.RegistryUnavailable()))
        self.assertEqual({'failed': 1}, self.call(
            'd', exceptions.GlanceError()))
        self.assertEqual({'failed': 1}, self.call('e', ZeroDivisionError()))

    def test_each_is_timed(self):
        self.call('f')
        self.call('f', exceptions.NotFound())
        child = counters.RPC_SECONDS.labels('s', 'f')
        self.assertEqual(2, sum(bucket.get() for bucket in child._buckets))
