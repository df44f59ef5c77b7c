"""The same promises hold for greenlets and for native threads."""

import os
import subprocess
import sys
import textwrap
import threading
import time
import uuid

import fixtures
from oslotest import base

from glance.common import concurrency

native = concurrency.native


class RunBlockingTestCase(base.BaseTestCase):

    def test_result_and_arguments(self):
        self.assertEqual({'a': 1}, concurrency.run_blocking(dict, a=1))

    def test_an_error_is_raised_to_the_caller(self):
        self.assertRaises(ZeroDivisionError, concurrency.run_blocking,
                          divmod, 1, 0)

    def test_no_more_threads_than_allowed(self):
        """A process of its own, since it holds before the first call."""
        program = textwrap.dedent("""
            from glance import startup
            from glance.common import concurrency
            native = concurrency.native
            concurrency.limit_blocking(3)
            most = 3 if concurrency.is_green() else 12
            # Each call waits for as many as may go on beside it.
            beside = native.threading.Barrier(most, timeout=120)
            seen = set()
            def call(number):
                beside.wait()
                seen.add(native.threading.get_ident())
                beside.wait()
            tasks = [concurrency.spawn(concurrency.run_blocking, call, n)
                     for n in range(12)]
            for task in tasks:
                task.wait()
            print(len(seen), most)""")
        count, most = map(int, subprocess.check_output(
            [sys.executable, '-W', 'ignore', '-c', program],
            text=True).split())
        self.assertEqual(most, count)

    def test_others_go_on_meanwhile(self):
        ticks = []

        def tick():
            for _ in range(10):
                ticks.append(1)
                time.sleep(0.01)
        task = concurrency.spawn(tick)
        concurrency.run_blocking(native.time.sleep, 0.4)
        self.assertEqual(10, len(ticks))
        task.wait(1)

    def test_within_a_native_thread_it_is_a_plain_call(self):
        worker = concurrency.Worker()
        self.addCleanup(worker.stop)
        ident = native.threading.get_ident
        self.assertEqual(
            worker.run(ident),
            worker.run(lambda: concurrency.run_blocking(ident)))


class ImportNativeTestCase(base.BaseTestCase):

    def load(self, text):
        """:returns: a new module, loaded for native threads"""
        folder = self.useFixture(fixtures.TempDir()).path
        name = 'module_%s' % uuid.uuid4().hex
        with open(os.path.join(folder, name + '.py'), 'w') as file:
            file.write(text)
        sys.path.insert(0, folder)
        self.addCleanup(sys.path.remove, folder)
        self.addCleanup(sys.modules.pop, name, None)
        module = concurrency.import_native(name)
        self.assertIs(module, concurrency.import_native(name))
        return module

    def test_has_the_library_as_it_was(self):
        before = dict(sys.modules)
        module = self.load('import queue, select, socket, ssl, threading\n'
                           'import time\nfrom threading import Lock')
        for name in ('queue', 'select', 'socket', 'threading', 'time'):
            self.assertIs(getattr(native, name), getattr(module, name))
        self.assertIs(native.threading.Lock, module.Lock)
        self.assertIs(native.socket.socket, module.ssl.SSLSocket.__base__)
        for name in ('queue', 'select', 'selectors', 'socket', 'ssl',
                     'threading', 'time', '_thread'):
            self.assertIs(before.get(name), sys.modules.get(name), name)

    def test_what_cannot_be_imported(self):
        before = dict(sys.modules)
        self.assertRaises(ImportError, self.load, 'import no_such_module')
        self.assertIs(before['socket'], sys.modules['socket'])


class TaskTestCase(base.BaseTestCase):

    def test_the_result_is_given_to_who_waits(self):
        self.assertEqual(3, concurrency.spawn(max, 1, 3).wait(5))

    def test_an_error_is_raised_to_who_waits(self):
        self.assertRaises(ZeroDivisionError,
                          concurrency.spawn(divmod, 1, 0).wait, 5)

    def test_not_yet(self):
        task = concurrency.spawn(time.sleep, 0.3)
        self.assertRaises(TimeoutError, task.wait, 0.05)
        self.assertIsNone(task.wait(5))


class HandoverTestCase(base.BaseTestCase):

    def test_from_a_native_thread(self):
        handover = concurrency.Handover()
        thread = native.threading.Thread(target=handover.give, args=(7,))
        thread.start()
        self.assertEqual(7, handover.wait(5))
        thread.join()

    def test_others_go_on_while_one_waits_for_a_native_thread(self):
        handover = concurrency.Handover()

        def later():
            native.time.sleep(0.3)
            handover.give('late')
        native.threading.Thread(target=later).start()
        quick = concurrency.spawn(time.sleep, 0.01)
        quick.wait(0.2)
        self.assertEqual('late', handover.wait(5))

    def test_nothing_comes(self):
        self.assertRaises(TimeoutError, concurrency.Handover().wait, 0.05)

    def test_first_value_counts(self):
        handover = concurrency.Handover()
        handover.give(1)
        handover.give(2)
        self.assertEqual(1, handover.wait(1))

    def test_many_at_once(self):
        handovers = [concurrency.Handover() for _ in range(200)]
        for number, handover in enumerate(handovers):
            native.threading.Thread(target=handover.give,
                                    args=(number,)).start()
        self.assertEqual(list(range(200)),
                         [handover.wait(5) for handover in handovers])

    def test_one_native_thread_waits_for_another(self):
        worker = concurrency.Worker()
        self.addCleanup(worker.stop)

        def swap():
            handover = concurrency.Handover()
            native.threading.Thread(target=handover.give, args=(9,)).start()
            return handover.wait(5)
        self.assertEqual(9, worker.run(swap))


class CallInHubTestCase(base.BaseTestCase):

    def test_from_a_native_thread(self):
        concurrency.prepare_hub()
        event = threading.Event()
        native.threading.Thread(target=concurrency.call_in_hub,
                                args=(event.set,)).start()
        self.assertTrue(event.wait(5))

    def test_in_place(self):
        called = []
        concurrency.call_in_hub(called.append, 1)
        self.assertEqual([1], called)


class WorkerTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.worker = concurrency.Worker()
        self.addCleanup(self.worker.stop)

    def test_result_and_error(self):
        self.assertEqual(5, self.worker.run(max, 2, 5))
        self.assertRaises(ZeroDivisionError, self.worker.run, divmod, 1, 0)

    def test_always_the_same_thread(self):
        ident = native.threading.get_ident
        self.assertEqual(1, len({self.worker.run(ident) for _ in range(5)}))

    def test_one_at_a_time(self):
        inside, most = [], []

        def job():
            inside.append(1)
            most.append(len(inside))
            native.time.sleep(0.005)
            inside.pop()
        tasks = [concurrency.spawn(self.worker.run, job) for _ in range(10)]
        for task in tasks:
            task.wait(5)
        self.assertEqual({1}, set(most))

    def test_within_itself(self):
        self.assertEqual(
            4, self.worker.run(lambda: self.worker.run(max, 4, 1)))
