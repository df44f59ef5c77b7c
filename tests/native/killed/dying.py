"""A conductor that dies where it is told to; tests run it as a program.

    python -m tests.native.killed.dying OPTIONS.json REPORT.json

Each line of the standard input, "<number> <before|after>", makes a child that
is a conductor. It ends without any farewell before or after that call of the
registry, of those in which a flow notes what it has done; with number 0 it
goes on until there is no work. The answer is a line with its exit status, and
the calls it made are in the report.
"""

import json
import os
import sys
import threading
import time

from glance import startup  # noqa: F401

from glance.conductor import manager
from glance.conf import CONF
from glance.db import engine
from glance.db import own_schema
from glance.notifications import bus
from glance.registry import rpcapi
from glance.service import parts
from glance.store.drivers import filesystem
from glance.store import options as store_options
from glance.store import registry as stores

DIED = 9
_COUNTED = ('work.advance', 'work.finish', 'work.hand_back', 'tasks.finish',
            'tasks.fail')
_PATIENCE = 60


class Dying:
    """The registry's client; counts the calls that note something."""

    def __init__(self, api, number, when, report):
        self._api, self._number, self._when = api, number, when
        self._report, self._calls = report, []
        self._lock = threading.Lock()

    def __getattr__(self, name):
        return _Resource(getattr(self._api, name), name, self)

    def begin(self, name):
        with self._lock:
            self._calls.append(name)
            number = len(self._calls)
            with open(self._report, 'w') as report:
                json.dump(self._calls, report)
        self._die(number, 'before')
        return number

    def end(self, number):
        self._die(number, 'after')

    def _die(self, number, when):
        if (number, when) == (self._number, self._when):
            os._exit(DIED)


class _Resource:

    def __init__(self, resource, name, dying):
        self._resource, self._name, self._dying = resource, name, dying

    def __getattr__(self, name):
        method = getattr(self._resource, name)
        full = '%s.%s' % (self._name, name)
        if full not in _COUNTED and self._name != 'imports':
            return method

        def call(*args, **kwargs):
            number = self._dying.begin(full)
            result = method(*args, **kwargs)
            self._dying.end(number)
            return result
        return call


def configure(path):
    with open(path) as file:
        groups = json.load(file)
    CONF([], project='glance', default_config_files=[],
         default_config_dirs=[])
    bus.register_opts(CONF)
    for group in groups['stores']:
        store_options.register_native(CONF, group, filesystem.Driver)
    for group, values in groups['options'].items():
        for name, value in values.items():
            CONF.set_override(name, value,
                              None if group == 'DEFAULT' else group)


def is_idle():
    work = own_schema.work
    with engine.reader() as conn:
        return conn.execute(work.select().where(
            work.c.kind != 'staged')).first() is None


def conduct(number, when, report):
    parts.registry().start()
    api = Dying(rpcapi.connect(), number, when, report)
    manager.Manager(api, stores.load(CONF)).start()
    deadline = time.monotonic() + _PATIENCE
    while not is_idle():
        if time.monotonic() > deadline:
            return 1
        time.sleep(0.05)
    # The last call may be on its way back.
    time.sleep(0.2)
    return 0


def main(options, report):
    configure(options)
    for line in sys.stdin:
        number, when = line.split()
        child = os.fork()
        if not child:
            try:
                os._exit(conduct(int(number), when, report))
            finally:
                os._exit(2)
        _pid, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == '__main__':
    main(*sys.argv[1:])
