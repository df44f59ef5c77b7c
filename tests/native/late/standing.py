"""A writer that stands still at a point of its way, and goes on later.

All that it does beside computing passes a point: its calls of the registry,
those of its stores, and of a write also the making of the file and of its
public name.
"""

import threading

from glance.common import exceptions
from glance.store.drivers.file import part_file

PATIENCE = 60       # seconds
# Without effect for others: nobody has to answer for them.
_READS = ('images.get', 'members.list', 'work.kept', 'locations.is_used')
_STORE = ('write', 'clone', 'copy', 'settle', 'discard', 'delete')


class Way:
    """:param number: the point to stand still at, from 1; 0 for none
    :param is_mute: whether the next call that changes something, or the one
        it stands behind, gets no answer
    :ivar passed: names of the points
    """

    def __init__(self, number=0, is_mute=False):
        self.passed, self._number = [], number
        self._is_mute = is_mute
        self._tester = threading.get_ident()
        self._lock = threading.Lock()
        self.reached, self._woken = threading.Event(), threading.Event()
        # What it hears first when it goes on.
        self.hear = lambda: None

    def is_mine(self):
        """Tests look at the same service meanwhile."""
        return threading.get_ident() != self._tester

    def at(self, name):
        """Pass a point, or stand there."""
        if not self.is_mine():
            return
        with self._lock:
            self.passed.append(name)
            if len(self.passed) == self._number:
                self.reached.set()
        if self.reached.is_set() and not self._woken.wait(PATIENCE):
            raise TimeoutError(name)

    def wake(self):
        self._woken.set()

    def loses_answer(self):
        """:returns: whether this call of the registry has none"""
        with self._lock:
            lost = self._is_mute and self._woken.is_set()
            self._is_mute = self._is_mute and not lost
        return lost


class Registry:
    """The client of the registry, or one of its resources."""

    def __init__(self, api, way, name=''):
        self._api, self._way, self._name = api, way, name

    def __getattr__(self, name):
        found = getattr(self._api, name)
        if not self._name:
            return Registry(found, self._way, name + '.')
        return self._passing(found, self._name + name)

    def _passing(self, method, name):
        def call(*args, **kwargs):
            if not self._way.is_mine():
                return method(*args, **kwargs)
            self._way.at('before ' + name)
            # What was on its way when nobody waited any more is void.
            if name not in _READS and self._way.loses_answer():
                raise exceptions.RegistryUnavailable()
            answer = method(*args, **kwargs)
            self._way.at('after ' + name)
            if name not in _READS and self._way.loses_answer():
                raise exceptions.RegistryUnavailable()
            return answer
        return call


def watch(stores, way):
    """:param stores: `glance.store.backends.Stores` of the writer alone"""
    internal = [stores.internal('os_glance_staging_store')]
    for store in [*stores, *internal]:
        for name in _STORE:
            setattr(store, name, _passing(getattr(store, name), way,
                                          '%s %s' % (name, store.id)))
    return stores


def _passing(method, way, name):
    def call(*args, **kwargs):
        way.at('before ' + name)
        result = method(*args, **kwargs)
        way.at('after ' + name)
        return result
    return call


class PartFile(part_file.PartFile):
    """:cvar way: of the writer
    :cvar attempt: how the names of its attempts end
    """

    way = attempt = None

    def _at(self, name):
        if self.way is not None and self._part.endswith(
                self.attempt + '.part'):
            self.way.at(name)

    def _create(self):
        self._at('before the file is made')
        super()._create()
        self._at('after the file is made')

    def _link(self):
        self._at('before the name is public')
        path = super()._link()
        self._at('after the name is public')
        return path
