"""Every counter has labels, and may be used in any thread."""

from oslotest import base
from prometheus_client import metrics
from prometheus_client import values

from glance.common import concurrency
from glance.metrics import counters

native = concurrency.native


def defined():
    return [value for value in vars(counters).values()
            if isinstance(value, metrics.MetricWrapperBase)]


class CountersTestCase(base.BaseTestCase):

    def test_nothing_exists_before_it_is_counted(self):
        for one in defined():
            self.assertTrue(one._labelnames, one)

    def test_native_threads_count_beside_greenlets(self):
        """A green lock would be left locked by this."""
        counter = counters.STORE_ERRORS.labels('s', 'threads')
        before = counter._value.get()
        threads = [native.threading.Thread(target=lambda: [
            counters.STORE_ERRORS.labels('s', 'threads').inc()
            for _ in range(2000)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(2000):
            counters.STORE_ERRORS.labels('s', 'threads').inc()
        for thread in threads:
            thread.join(30)
        self.assertEqual(10000, counter._value.get() - before)

    def test_locks_are_native(self):
        for module in (metrics, values):
            self.assertIs(native.threading.Lock, module.Lock)
