"""Programs of their own, for what a start changes holds for a process."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap

from oslotest import base

# Threads that look for themselves, as each line of the log does, while others
# are started: what both need is held for so short a time that they meet by
# chance, so the interpreter changes between them as often as it can.
_LOOKING = textwrap.dedent("""
    from glance import startup
    import os
    import sys
    import threading
    from glance.common import concurrency

    if sys.argv[1] == 'forked':
        pid = os.fork()
        if pid:
            os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

    def look():
        for _number in range(2000):
            threading.current_thread()

    sys.setswitchinterval(1e-6)
    native = concurrency.native.threading
    looking = [native.Thread(target=look, daemon=True) for _ in range(4)]
    for thread in looking:
        thread.start()
    while any(thread.is_alive() for thread in looking):
        concurrency.spawn(int).wait()
    os._exit(0)
    """)


class ThreadsTestCase(base.BaseTestCase):

    def look(self, where):
        program = subprocess.Popen(
            [sys.executable, '-W', 'ignore', '-c', _LOOKING, where],
            start_new_session=True)
        try:
            return program.wait(120)
        finally:
            # Also the child, which may stand still.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
            program.wait()

    def test_nobody_waits_for_ever_for_the_list_of_threads(self):
        self.assertEqual(0, self.look('here'))

    def test_nor_in_a_child(self):
        self.assertEqual(0, self.look('forked'))
