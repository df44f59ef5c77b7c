"""Native threads are kept for the next transfer."""

from oslotest import base

from glance.store.transfer import threads


def _ident(seen):
    seen.append(threads.native.threading.get_ident())


def _fail():
    raise RuntimeError('on purpose')


class StartTest(base.BaseTestCase):

    def _run(self, fn, *args):
        job = threads.start(fn, *args)
        job.join()
        # It is idle a moment after its job has ended.
        for _ in range(1000):
            if threads._idle:
                return
            threads.native.time.sleep(0.001)
        self.fail('the thread is not kept')

    def test_one_after_the_other_in_one_thread(self):
        seen = []
        for _ in range(20):
            self._run(_ident, seen)
        self.assertEqual(20, len(seen))
        self.assertEqual(1, len(set(seen)))

    def test_side_by_side_in_two(self):
        gate = threads.native.queue.SimpleQueue()
        seen = []
        waiting = threads.start(lambda: (_ident(seen), gate.get()))
        self._run(_ident, seen)
        gate.put(None)
        waiting.join()
        self.assertEqual(2, len(set(seen)))

    def test_failure_does_not_end_it(self):
        seen = []
        self._run(_ident, seen)
        self._run(_fail)
        self._run(_ident, seen)
        self.assertEqual(1, len(set(seen)))
