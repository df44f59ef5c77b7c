"""Runs of `dog`, the program that speaks with a Sheepdog cluster.

There is no shell, and of the environment only where programs are. A run that
stands still is killed. Everything here waits natively, so that native threads
beside a hub may use it; the module `subprocess` would wait in the hub.
"""

from collections.abc import Iterator, Sequence
import contextlib
import fcntl
import os
import re
import select
import shutil
import signal

from glance.common import concurrency
from glance.store.transfer import threads

native = concurrency.native

PATIENCE = 60       # seconds in which a run has to move
_PIPE = 1 << 20     # bytes
_HEARD = 1024       # bytes of what it complains of
_NEVER = float('inf')
_CLOSED = -1        # no descriptor


class Failed(Exception):
    """A run has not done what it was for.

    :ivar reason: one line for the log
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def find() -> str:
    """:returns: the path of the program
    :raises ImportError: it is not installed
    """
    path = shutil.which('dog')
    if path is None:
        raise ImportError('the program dog is not in the PATH')
    return os.path.abspath(path)


class Process:
    """A run with pipes; whoever makes one closes it, whatever happens.

    :param command: path of the program and arguments
    :param sends: whether data goes to it; else data comes from it
    :param limit: seconds in which it has to be over, None where that is up
        to who gives or takes the data
    :raises Failed: it cannot be started
    """

    def __init__(self, command: Sequence[str], sends: bool = False,
                 limit: float | None = None) -> None:
        self._status: int | None = None
        self._heard, self._listens = b'', True
        self._lock = native.threading.Lock()
        self._limit = _NEVER if limit is None else _now() + limit
        self._pid, self._data, self._errors = _spawn(command, sends)

    def send(self, view: memoryview) -> None:
        """:raises Failed: it does not take all
        """
        while view:
            self._wait(self._data, select.POLLOUT)
            try:
                view = view[native.os.write(self._data, view):]
            except BlockingIOError:
                pass
            except BrokenPipeError:
                self.finish()
                raise Failed('it has not read all data') from None

    def read(self, size: int) -> bytes:
        """:returns: so many bytes, fewer at the end of what it says"""
        pieces = []
        while size:
            self._wait(self._data, select.POLLIN)
            pieces.append(native.os.read(self._data, size))
            size -= len(pieces[-1])
            if not pieces[-1]:
                break
        return b''.join(pieces)

    def lines(self) -> Iterator[str]:
        """Yield what it says line by line."""
        rest = b''
        while data := self.read(_PIPE):
            *lines, rest = (rest + data).split(b'\n')
            yield from (line.decode('utf-8', 'replace') for line in lines)
        if rest:
            yield rest.decode('utf-8', 'replace')

    def finish(self) -> None:
        """Wait for its end, when it has got all data, or given all.

        :raises Failed: it ends badly, or not in time
        """
        self._data = _close(self._data)
        self._limit = min(self._limit, _now() + PATIENCE)
        while self._listens:
            self._wait(None)
        status = self._reap(self._limit)
        if status is None:
            raise Failed('it does not end')
        if status:
            raise Failed('it ended with %d: %s' % (status, self._complaint()))

    def _wait(self, wanted: int | None, event: int = 0) -> None:
        """Until one can go on with a pipe, or something else is heard."""
        poll = native.select.poll()
        if wanted is not None:
            poll.register(wanted, event)
        if self._listens:
            poll.register(self._errors, select.POLLIN)
        until = min(self._limit, _now() + PATIENCE)
        while (left := until - _now()) > 0:
            ready = dict(poll.poll(left * 1000))
            if self._errors in ready and not self._hear():
                poll.unregister(self._errors)
            if wanted in ready or (ready and wanted is None):
                return
        raise Failed('it stands still')

    def _hear(self) -> bool:
        """:returns: whether there may be more"""
        data = native.os.read(self._errors, 65536)
        self._heard = (self._heard + data)[:_HEARD]
        self._listens = bool(data)
        return self._listens

    def _complaint(self) -> str:
        """:returns: the first line, without the address of a daemon"""
        lines = self._heard.decode('ascii', 'replace').split('\n')
        line = re.sub(r'\S+:[0-9]+\b', 'the daemon', lines[0])
        return re.sub('[^ -~]', '?', line)[:200] or 'no reason given'

    def kill(self) -> None:
        """Another thread may be in the midst of any other method."""
        with self._lock:
            if self._status is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._pid, signal.SIGKILL)

    def close(self) -> None:
        """It ends, if it has not; the hub does not wait for that."""
        self.kill()
        self._data, self._errors = _close(self._data), _close(self._errors)
        if concurrency.is_green() and not concurrency.in_native_thread():
            threads.start(self._reap, _now() + PATIENCE)
        else:
            self._reap(_now() + PATIENCE)

    def _reap(self, until: float) -> int | None:
        """:returns: its exit status, None if it has not ended until then"""
        pause = 0.0005
        while (status := self._look()) is None and _now() < until:
            native.time.sleep(pause)
            pause = min(2 * pause, 0.05)
        return status

    def _look(self) -> int | None:
        with self._lock:
            if self._status is None:
                pid, status = native.os.waitpid(self._pid, os.WNOHANG)
                if pid:
                    self._status = os.waitstatus_to_exitcode(status)
            return self._status


def _now() -> float:
    return native.time.monotonic()


def _close(descriptor: int) -> int:
    """:returns: what stands for a closed one"""
    if descriptor != _CLOSED:
        os.close(descriptor)
    return _CLOSED


def _spawn(command: Sequence[str], sends: bool) -> tuple[int, int, int]:
    """:returns: id of the process, our ends of its data and its complaints"""
    errors, its_errors = os.pipe()
    data, its_data = reversed(os.pipe()) if sends else os.pipe()
    with contextlib.suppress(OSError):
        # Without room for more there is less at a time.
        fcntl.fcntl(data, fcntl.F_SETPIPE_SZ, _PIPE)
    os.set_blocking(data, False)
    try:
        return os.posix_spawn(
            command[0], list(command), _environment(),
            setsigdef=[signal.SIGPIPE],
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_DUP2, its_data, 0 if sends else 1),
                (os.POSIX_SPAWN_DUP2, its_errors, 2)]), data, errors
    except (OSError, ValueError) as error:
        _close(data)
        _close(errors)
        raise Failed('it cannot be started (%s)'
                     % type(error).__name__) from None
    finally:
        _close(its_data)
        _close(its_errors)


def _environment() -> dict[str, str]:
    return {'PATH': os.environ.get('PATH', os.defpath), 'LC_ALL': 'C'}
