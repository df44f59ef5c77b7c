"""What may happen to each part, and how it is put right again.

Each kind of fault is a context manager: the fault lasts as long as its block.
"""

import contextlib
import os
import signal
import subprocess
import time

import amqp


def _signal(process, number):
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


@contextlib.contextmanager
def killed(process):
    """kill -9 of a program with all its processes."""
    process.kill()
    try:
        yield
    finally:
        process.start()


@contextlib.contextmanager
def frozen(process):
    """It lives, and does nothing: as a host that swaps, or a paused VM."""
    _signal(process, signal.SIGSTOP)
    try:
        yield
    finally:
        _signal(process, signal.SIGCONT)


@contextlib.contextmanager
def worker_killed(process):
    """kill -9 of what serves; its parent starts another one."""
    for pid in children(process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    yield


@contextlib.contextmanager
def restarted(process):
    """As an operator does it."""
    process.stop()
    try:
        yield
    finally:
        process.start()


@contextlib.contextmanager
def nodes_killed(nodes):
    """kill -9 of nodes of the broker."""
    for node in nodes:
        node.kill()
    try:
        yield
    finally:
        # Those that go last may have to be there for the others to start.
        for node in nodes:
            node.process.spawn()
        for node in nodes:
            node.process.wait_ready()


@contextlib.contextmanager
def links_in(links, names, mode):
    for name in names:
        links.set(name, mode)
    try:
        yield
    finally:
        for name in names:
            links.set(name, 'pass')


@contextlib.contextmanager
def queue_deleted(cluster, name):
    """A queue that programs read from is gone, with what is in it."""
    for last in (False, False, True):
        try:
            with cluster.connect() as connection:
                connection.ensure_connection(max_retries=10, interval_max=1)
                connection.channel().queue_delete(name)
            break
        except (OSError, amqp.AMQPError):
            # The node that was asked has just been killed, or comes back.
            if last:
                raise
            time.sleep(1)
    yield


def children(pid):
    return [int(child) for child in subprocess.run(
        ['ps', '-o', 'pid=', '--ppid', str(pid)], capture_output=True,
        text=True).stdout.split()]
