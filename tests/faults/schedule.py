"""Which fault comes when: all of it follows from the seed."""

import collections
import random
import threading
import traceback

from tests.faults import cloud
from tests.faults import parts

# Seconds that a fault lasts, and that lie between two; a lease is 6. A call
# whose answer is missing is sent again after 10 seconds, and given up after
# 20: some faults last longer than that.
_LASTS, _LASTS_LONG = (1, 7.5), (11, 22)
_LONG = 0.08
# Longer than a lease, and than others take to see that it has run out.
_LASTS_OVER = (7.5, 14)
_PAUSE = (0.5, 1.5)
RPC_QUEUES = ('glance-registry', 'glance-conductor')
PARTS = ('api', 'registry', 'conductor', 'rabbit', 'bus link', 'database',
         'database link', 'queue', 'object store link', 'lease')
_MODES = ('cut', 'hole', 'half', 'slow')


class Schedule(threading.Thread):
    """:param only: parts to which something happens, all when empty
    :ivar counts: {part: faults so far}
    :ivar broken: what could not be put right again
    """

    def __init__(self, running, journal, seed, only=()):
        super().__init__(daemon=True, name='schedule')
        self._cloud, self._journal = running, journal
        self._random = random.Random(seed)
        self._stopping = threading.Event()
        self._parts, self._order = only or PARTS, []
        self.counts = collections.Counter()
        self.broken = []

    def run(self):
        while not self._stopping.wait(self._random.uniform(*_PAUSE)):
            part, what, fault = self._next()
            seconds = self._random.uniform(*self._lasts(part))
            self._journal.note('schedule', what, seconds=round(seconds, 1))
            try:
                with fault:
                    self._stopping.wait(seconds)
            except Exception:
                self.broken.append('%s: %s' % (what, traceback.format_exc()))
                return
            self._journal.note('schedule', 'end of ' + what)
            self.counts[part] += 1

    def _lasts(self, part):
        """:returns: least and most seconds"""
        if part == 'lease':
            return _LASTS_OVER
        return _LASTS_LONG if self._random.random() < _LONG else _LASTS

    def stop(self):
        """Put right what is broken at the moment, and end."""
        self._stopping.set()
        if self.is_alive():
            self.join()

    def _next(self):
        """Each part in its turn, in an order that changes.

        :returns: (part, what happens to it, the fault)
        """
        if not self._order:
            self._order = self._random.sample(self._parts, len(self._parts))
        part = self._order.pop()
        what, fault = getattr(self, '_' + part.replace(' ', '_'))()
        return part, what, fault

    def _program(self, kind):
        name = self._pick([name for name in self._cloud.programs
                           if name.startswith(kind)])
        program = self._cloud.programs[name]
        make = self._pick((parts.killed, parts.frozen, parts.worker_killed,
                           parts.restarted))
        return '%s %s' % (name, make.__name__), make(program)

    def _api(self):
        return self._program('api')

    def _registry(self):
        return self._program('registry')

    def _conductor(self):
        return self._program('conductor')

    def _lease(self):
        """Who works stands still until others have taken over."""
        name = self._pick([name for name in self._cloud.programs
                           if not name.startswith('registry')])
        return name + ' frozen over its lease', parts.frozen(
            self._cloud.programs[name])

    def _rabbit(self):
        nodes = self._cloud.rabbit.nodes
        kind = self._pick(('one', 'one', 'two', 'frozen'))
        if kind == 'frozen':
            return 'a node frozen', parts.frozen(self._pick(nodes).process)
        chosen = self._random.sample(nodes, 2 if kind == 'two' else 1)
        return kind + ' of the nodes killed', parts.nodes_killed(chosen)

    def _bus_link(self):
        mode = self._pick(_MODES)
        if self._random.random() < 0.4:
            number = self._random.randrange(len(self._cloud.rabbit.nodes))
            names, where = self._cloud.node_links(number), 'node %d' % number
        else:
            where = self._pick(sorted(self._cloud.programs))
            names = self._cloud.bus_links(where)
        return 'bus of %s: %s' % (where, mode), parts.links_in(
            self._cloud.links, names, mode)

    def _database(self):
        make = self._pick((parts.killed, parts.frozen, parts.restarted))
        return 'database ' + make.__name__, make(self._cloud.database.process)

    def _database_link(self):
        mode = self._pick(_MODES)
        name = self._pick([name for name in self._cloud.programs
                           if name.startswith('registry')])
        return 'database of %s: %s' % (name, mode), parts.links_in(
            self._cloud.links, [name + '-database'], mode)

    def _object_store_link(self):
        mode = self._pick(_MODES)
        return 'object store: ' + mode, parts.links_in(
            self._cloud.links, [cloud.OBJECT_STORE], mode)

    def _queue(self):
        name = self._pick(RPC_QUEUES)
        return 'queue %s deleted' % name, parts.queue_deleted(
            self._cloud.rabbit, name)

    def _pick(self, choice):
        return self._random.choice(choice)
