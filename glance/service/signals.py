"""Signals of a serving process, received where greenlets or threads wait."""

import os
import select
import signal

# From the supervisor: others serve now, what moves may go on.
DRAIN = signal.SIGUSR1


class Inbox:
    """Collects signals until somebody takes them."""

    def __init__(self, *signals):
        self._reader, writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(writer, False)
        # wakes up also who waits in the poll of a hub
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        for signum in signals:
            signal.signal(signum, lambda *args: None)

    def wait(self, *also):
        """:param also: file descriptors that end the wait when readable
        :returns: the next signal, None when one of `also` is readable
        """
        ready, _, _ = select.select([self._reader, *also], [], [])
        if self._reader in ready:
            return signal.Signals(os.read(self._reader, 1)[0])
        return None


def is_hangup_final():
    """Whether SIGHUP means that the terminal is gone, not a reload."""
    try:
        return os.tcgetpgrp(1) == os.getpgrp()
    except OSError:
        return False
