"""The parent of worker processes: starts, replaces and ends them.

It does nothing else, so that nothing of it can hang: no hub, no threads, no
connections; signals are blocked and taken one by one. On SIGHUP it reads the
configuration, starts a new generation of workers on the same listening socket
and lets the old one drain as soon as the new one serves. When the new one
cannot serve, the old configuration is back.
"""

import os
import signal
import traceback

from oslo_log import log
from oslo_service import systemd

from glance.common import concurrency
from glance import conf
from glance.service import reloading
from glance.service import signals
from glance.service import worker

LOG = log.getLogger(__name__)

_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD}
# how often a worker that cannot start is tried again, in seconds
_RESPAWN_DELAY = 1
# how long a worker may go on after it should have drained
_KILL_AFTER = 5


def _next_signal(timeout):
    """The next of our signals, SIGALRM after so many seconds.

    Not sigtimedwait: where a process goes on (SIGCONT) after it has stood
    still for longer than the timeout, that of CPython gives a signal that
    nobody has sent.
    """
    signal.setitimer(signal.ITIMER_REAL, timeout)
    return signal.sigwaitinfo(_SIGNALS | {signal.SIGALRM})


class _Child:
    def __init__(self, pid, generation, place, ready):
        self.pid, self.generation, self.place = pid, generation, place
        self._ready = ready
        self.born = concurrency.native.time.monotonic()
        self.signalled = self.deadline = None
        self.serves = False

    def check(self):
        """Whether it has said that it serves; asks without waiting."""
        if not self.serves:
            try:
                # That of eventlet waits in a hub, until there is something.
                self.serves = bool(concurrency.native.os.read(self._ready, 1))
            except BlockingIOError:
                pass
            if self.serves:
                LOG.info('Worker %d serves', self.pid)
        return self.serves

    def signal(self, signum, timeout):
        """:param timeout: seconds until it is killed, None for never"""
        self.signalled = signum
        self.deadline = (concurrency.native.time.monotonic() + timeout
                         if timeout else float('inf'))
        os.kill(self.pid, signum)

    def close(self):
        os.close(self._ready)


class Supervisor:
    """Runs `count()` workers until told to stop.

    :param parts: what each worker runs, see `glance.service.worker.run`
    :param count: function that gives the number of workers
    :param release: called once when no more workers will be started
    """

    def __init__(self, parts, count, release=lambda: None):
        self._parts, self._count, self._release = parts, count, release
        self._children = {}
        self._generation = self._newest = 0
        self._proven = (0, reloading.snapshot())
        self._ever_served = self._stopping = False
        self._status = 0
        self._alive, self._keep = os.pipe()
        self._next_spawn = 0

    def run(self):
        """:returns: the exit status"""
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK,
                                            _SIGNALS | {signal.SIGALRM})
        while not (self._stopping and not self._children):
            self._fill_up()
            self._look_at_children()
            got = _next_signal(self._patience())
            self._handle(got.si_signo, got.si_pid)
            self._reap()
            self._end_overdue()
        return self._status

    def _patience(self):
        settled = (not self._stopping and all(
            child.serves and child.signalled in (None, signals.DRAIN)
            for child in self._children.values())
            and len(self._current()) >= self._count())
        if not settled:
            return 0.1
        now = concurrency.native.time.monotonic()
        return min([60] + [max(0.1, child.deadline - now)
                           for child in self._children.values()
                           if child.signalled is not None])

    def _handle(self, signum, sender):
        if signum == signal.SIGHUP and not signals.is_hangup_final():
            self._reload()
        elif signum not in (signal.SIGCHLD, signal.SIGALRM):
            LOG.info('Ending, as process %d has said by signal %d', sender,
                     signum)
            self._stop()

    def _reload(self):
        if self._stopping:
            return
        LOG.info('Reading the configuration again and replacing the workers')
        if not reloading.read_again():
            return
        self._newest += 1
        self._generation = self._newest
        self._next_spawn = 0

    def _give_up_newest(self):
        """Those that are proven to work go on with what they have read."""
        LOG.error('The new configuration is not used, no worker can start '
                  'with it')
        self._generation, before = self._proven
        reloading.give_back(before)
        for child in self._children.values():
            if (child.generation != self._generation
                    and child.signalled is None):
                self._end(child)

    def _current(self):
        return [child for child in self._children.values()
                if child.generation == self._generation
                and child.signalled is None]

    def _fill_up(self):
        now = concurrency.native.time.monotonic()
        if self._stopping or now < self._next_spawn:
            return
        for _ in range(self._count() - len(self._current())):
            self._spawn()

    def _spawn(self):
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        place = self._free_place()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            self._be_child(place, writer)
        os.close(writer)
        self._children[pid] = _Child(pid, self._generation, place, reader)

    def _free_place(self):
        """:returns: the lowest number that no running worker has"""
        taken = {child.place for child in self._children.values()}
        return min(set(range(len(taken) + 1)) - taken)

    def _be_child(self, place, writer):
        """Never returns."""
        status = 1
        try:
            os.close(self._keep)
            for child in self._children.values():
                child.close()
            signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
            worker.after_fork(place)
            status = worker.run(self._parts, parent=self._alive,
                                ready=lambda: os.write(writer, b'.'))
        except BaseException:
            traceback.print_exc()
        finally:
            worker.leave(status)

    def _look_at_children(self):
        """Once the newest generation serves, the older ones may go."""
        for child in self._children.values():
            child.check()
        newest = self._current()
        serving = sum(child.serves for child in newest)
        self._note_first(serving)
        if serving < self._count():
            return
        if self._proven[0] != self._generation:
            self._proven = (self._generation, reloading.snapshot())
        for child in self._children.values():
            if child.generation != self._generation:
                self._retire(child)
        for child in newest[self._count():]:
            self._retire(child)

    def _note_first(self, serving):
        if serving and not self._ever_served:
            self._ever_served = True
            systemd.notify_once()

    def _retire(self, child):
        """It serves no more, and goes on with transfers that move."""
        if child.signalled is None:
            child.signal(signals.DRAIN, conf.CONF.transfer_drain_timeout
                         + conf.CONF.graceful_shutdown_timeout + _KILL_AFTER)

    def _end(self, child):
        if child.signalled in (None, signals.DRAIN):
            timeout = conf.CONF.graceful_shutdown_timeout
            child.signal(signal.SIGTERM, timeout and timeout + _KILL_AFTER)

    def _end_overdue(self):
        now = concurrency.native.time.monotonic()
        for child in self._children.values():
            if child.deadline is not None and now > child.deadline:
                LOG.error('Worker %d does not end and is killed', child.pid)
                child.deadline = float('inf')
                os.kill(child.pid, signal.SIGKILL)

    def _stop(self):
        if not self._stopping:
            self._stopping = True
            self._release()
        for child in self._children.values():
            self._end(child)

    def _reap(self):
        for pid in list(self._children):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                self._buried(self._children.pop(pid), status)

    def _buried(self, child, status):
        served = child.check()
        child.close()
        if child.signalled is not None:
            return
        ending = os.waitstatus_to_exitcode(status)
        LOG.error('Worker %d ended unexpectedly (%s)', child.pid, ending)
        if served or child.generation != self._generation:
            return
        # Somebody else has killed it, which says nothing of what it has read.
        if ending == -signal.SIGKILL:
            self._try_again_later()
            return
        # Before the first one serves, too: what was read first may be right.
        if self._generation != self._proven[0]:
            self._give_up_newest()
        elif not self._ever_served:
            LOG.error('No worker can start, giving up')
            self._status = 1
            self._stop()
        else:
            self._try_again_later()

    def _try_again_later(self):
        self._next_spawn = (concurrency.native.time.monotonic()
                            + _RESPAWN_DELAY)
