"""A conductor that dies where it is told to; tests run it as a program.

    python -m tests.native.killed.dying

Each line of the standard input, "<number> <before|after> OPTIONS.json
REPORT.json", makes a child that is a conductor. It kills itself by SIGKILL
before or after that call of the registry, of those in which a flow notes what
it has done; with number 0 it goes on until there is no work. The answer is a
line with its exit status, and the calls it made are in the report. With
`in_use` in the options the stores keep all data, since something uses it, and
with `readers` they note beside the data who may read it.
"""

import json
import os
import signal
import sys
import threading
import time

from glance import startup  # noqa: F401

from glance.common import exceptions
from glance.conductor import manager
from glance.conf import CONF
from glance.db.connect import engine
from glance.db import own_schema
from glance.notifications import bus
from glance.registry import manager as registry_manager  # noqa: F401
from glance.registry import rpcapi
from glance.service import parts
from glance.store import backends as stores
from glance.store.drivers.file import filesystem
from glance.store import options as store_options

DIED = -signal.SIGKILL
# All that flows write; the others are reads, signs of life, and what is done
# now and then.
_COUNTED = ('work.advance', 'work.finish', 'work.hand_back', 'work.put_back',
            'work.data_deleted', 'tasks.finish', 'tasks.fail', 'uploads.fail',
            'stages.fail', 'audits.failed', 'audits.healed')
_ALL_COUNTED = ('imports', 'locations')
_READS = ('locations.is_used',)
_PATIENCE = 60


class Dying:
    """The registry's client; counts the calls that note something."""

    def __init__(self, api, number, when, report):
        self._api, self._number, self._when = api, number, when
        self._report, self._calls, self._ended = report, [], 0
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
        with self._lock:
            self._ended += 1

    def is_at_rest(self):
        """No call is on its way."""
        with self._lock:
            return self._ended == len(self._calls)

    def _die(self, number, when):
        if (number, when) == (self._number, self._when):
            os.kill(os.getpid(), signal.SIGKILL)


class _Resource:

    def __init__(self, resource, name, dying):
        self._resource, self._name, self._dying = resource, name, dying

    def __getattr__(self, name):
        method = getattr(self._resource, name)
        full = '%s.%s' % (self._name, name)
        if full in _READS or (full not in _COUNTED
                              and self._name not in _ALL_COUNTED):
            return method

        def call(*args, **kwargs):
            number = self._dying.begin(_described(full, args))
            try:
                return method(*args, **kwargs)
            finally:
                self._dying.end(number)
        return call


def _described(name, args):
    """Of a note how far a flow is also where it goes on."""
    if name != 'work.advance':
        return name
    progress = args[3]
    return '%s %s%s' % (name, 'undo ' if progress['reason'] else '',
                        progress['next'])


def configure(path):
    with open(path) as file:
        groups = json.load(file)
    CONF([], project='glance', default_config_files=[],
         default_config_dirs=[])
    bus.register_opts(CONF)
    for group in groups['stores']:
        store_options.register_native(CONF, group, filesystem.Driver)
    if groups['in_use']:
        filesystem.Driver.delete = _keep
    if groups['readers']:
        filesystem.Driver.has_readers = True
        filesystem.Driver.set_readers = _note_readers
    for group, values in groups['options'].items():
        for name, value in values.items():
            CONF.set_override(name, value,
                              None if group == 'DEFAULT' else group)


def _keep(self, url, context=None):
    raise exceptions.InUseByStore()


def _note_readers(self, url, projects):
    with open(url.removeprefix('file://') + '.readers', 'w') as file:
        json.dump(projects, file)


def is_idle():
    work = own_schema.work
    with engine.reader() as conn:
        return conn.execute(work.select().where(
            work.c.kind != 'staged')).first() is None


def conduct(number, when, options, report):
    configure(options)
    parts.registry().start()
    api = Dying(rpcapi.connect(), int(number), when, report)
    manager.Manager(api, stores.load(CONF)).start()
    deadline = time.monotonic() + _PATIENCE
    while not (is_idle() and api.is_at_rest()):
        if time.monotonic() > deadline:
            return 1
        time.sleep(0.02)
    return 0


def main():
    # The children find this, and all modules, loaded.
    store_options.of_driver(filesystem.Driver)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                os._exit(conduct(*line.split()))
            finally:
                os._exit(2)
        _pid, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == '__main__':
    main()
