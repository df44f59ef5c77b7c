"""A program in the background, found again by a file with its process id."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time

_OPEN_FILES = 32768
_STOP_WAIT = 15
# Exit status of `status`, as of init scripts.
STOPPED = 3
# a program that ends sooner than this, so many times in a row, cannot run at
# all; once may mean that workers of the one before still have its port
_TOO_SOON, _MOST = 1, 5


class ControlError(Exception):
    """The user is told, and the exit status is 1."""


def config_arguments(paths):
    """How the programs take files and folders of configuration."""
    arguments = []
    for path in paths:
        option = '--config-dir' if os.path.isdir(path) else '--config-file'
        arguments += [option, path]
    return arguments


class Daemon:
    """:param name: of the program
    :param pid_file: path
    :param arguments: of the program
    :param await_child: seconds to watch it after its start
    :param capture: whether its output goes to syslog
    :param respawn: whether it is started again when it ends unasked
    """

    def __init__(self, name, pid_file, arguments, await_child=0,
                 capture=False, respawn=False):
        self.name, self._pid_file = name, pid_file
        self._arguments = arguments
        self._await_child, self._capture = await_child, capture
        self._respawn = respawn

    def pid(self):
        """:returns: the id of the running process, or None"""
        try:
            with open(self._pid_file) as file:
                pid = int(file.read())
            with open('/proc/%d/cmdline' % pid, 'rb') as file:
                command = file.read()
        except (OSError, ValueError):
            return None
        # The id may be somebody else's by now; a zombie has no command.
        ours = (self.name.encode(), b'glance-control')
        return pid if any(name in command for name in ours) else None

    def start(self):
        if self.pid():
            print('%s is running already (pid %d).' % (self.name, self.pid()))
            return 0
        command = [self._executable(), *self._arguments]
        os.makedirs(os.path.dirname(self._pid_file) or '.', exist_ok=True)
        _raise_file_limit()
        print('Starting %s.' % self.name)
        if self._respawn:
            return self._start_keeper(command)
        child = self._spawn(command)
        self._note(child.pid)
        return self._watch(child)

    def _executable(self):
        """Beside us, or in the path."""
        folder = os.path.dirname(os.path.abspath(sys.argv[0]))
        found = (shutil.which(self.name, path=folder)
                 or shutil.which(self.name))
        if found is None:
            raise ControlError('%s is not installed.' % self.name)
        return found

    def _spawn(self, command):
        output = subprocess.DEVNULL
        if self._capture:
            output = self._syslog()
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True)
        if self._capture:
            output.close()
        return child

    def _syslog(self):
        """:returns: what to write to; ends with the last who writes"""
        return subprocess.Popen(
            ['logger', '-t', self.name], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True).stdin

    def _watch(self, child):
        """:returns: the exit status of this command"""
        if not self._await_child:
            return 0
        try:
            status = child.wait(self._await_child)
        except subprocess.TimeoutExpired:
            return 0
        self._forget()
        print('%s has ended with %d.' % (self.name, status))
        return status if status >= 0 else 128 - status

    def _start_keeper(self, command):
        keeper = os.fork()
        if keeper:
            self._note(keeper)
            return 0
        try:
            os.setsid()
            nothing = os.open(os.devnull, os.O_RDWR)
            for number in range(3):
                os.dup2(nothing, number)
            self._keep(command)
        finally:
            os._exit(0)

    def _keep(self, command):
        """Start the program again and again until told to stop."""
        told, in_vain = [], 0
        child = None

        def hand_on(number, _frame):
            if number != signal.SIGHUP:
                told.append(number)
            if child is not None:
                child.send_signal(number)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, hand_on)
        while not told and in_vain < _MOST:
            born = time.monotonic()
            child = self._spawn(command)
            if told:
                child.terminate()
            child.wait()
            if time.monotonic() - born >= _TOO_SOON:
                in_vain = 0
            elif not told:
                in_vain += 1
                time.sleep(_TOO_SOON)
        self._forget()

    def _note(self, pid):
        with open(self._pid_file, 'w') as file:
            file.write('%d\n' % pid)

    def _forget(self):
        try:
            os.unlink(self._pid_file)
        except FileNotFoundError:
            pass

    def stop(self):
        """Let it finish what it has begun; wait for that, for a while."""
        if self._signal(signal.SIGTERM, 'Stopping'):
            self._wait_for_end()
        return 0

    def shutdown(self):
        """As `stop`, without waiting."""
        self._signal(signal.SIGTERM, 'Stopping')
        return 0

    def _wait_for_end(self):
        deadline = time.monotonic() + _STOP_WAIT
        while self.pid():
            if time.monotonic() > deadline:
                print('%s still finishes what it has begun.' % self.name)
                return
            time.sleep(0.1)
        self._forget()

    def restart(self):
        self.stop()
        self._forget()
        return self.start()

    def reload(self):
        if not self._signal(signal.SIGHUP, 'Reloading'):
            return 1
        return 0

    def status(self):
        pid = self.pid()
        print('%s (pid %d) is running.' % (self.name, pid) if pid
              else '%s is stopped.' % self.name)
        return 0 if pid else STOPPED

    def _signal(self, number, doing):
        """:returns: whether there was somebody to signal"""
        pid = self.pid()
        if pid is None:
            print('%s is stopped.' % self.name)
            return False
        print('%s %s (pid %d).' % (doing, self.name, pid))
        os.kill(pid, number)
        return True


def _raise_file_limit():
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(
        _OPEN_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
