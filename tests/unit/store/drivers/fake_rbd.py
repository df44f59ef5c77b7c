"""Images in a pool of Ceph, as far as a driver needs them to exist.

As in Ceph, nobody removes an image that somebody has open to change it, and
an open image stays what it is whatever becomes of its name.
"""

import contextlib
import itertools
import types


class ImageNotFound(Exception):
    pass


class ImageExists(Exception):
    pass


class ImageBusy(Exception):
    pass


class InvalidArgument(Exception):
    pass


class ImageHasSnapshots(Exception):
    pass


class ObjectBusy(Exception):
    """Of the module rados: somebody else has the lock."""


class Pool:
    """:ivar names: {name: image}
    :ivar forgets: whether it forgets who has an image open
    :ivar step: called before each step that others can see
    """

    def __init__(self):
        self.names, self._ids = {}, itertools.count(1)
        self.locks = {}
        self.step, self.forgets = (lambda: None), False

    def create(self, name, data=b''):
        self.names[name] = types.SimpleNamespace(
            id='id%d' % next(self._ids), data=data, marks={}, watchers=0)

    def find(self, name):
        self.step()
        try:
            return self.names[name]
        except KeyError:
            raise ImageNotFound() from None

    def lock_exclusive(self, key, name, cookie, duration):
        self.step()
        if self.locks.setdefault((key, name), cookie) != cookie:
            raise ObjectBusy()

    def unlock(self, key, name, cookie):
        if self.locks.get((key, name)) == cookie:
            del self.locks[key, name]

    @contextlib.contextmanager
    def connected(self, *_args, **_kwargs):
        """Stands for `get_connection` of the driver."""
        yield types.SimpleNamespace(
            get_fsid=lambda: 'fsid',
            open_ioctx=lambda name: contextlib.nullcontext(self))


class Image:

    def __init__(self, pool, name, snapshot=None, read_only=False):
        self._pool, self._found = pool, pool.find(name)
        self._watches = not read_only
        self._found.watchers += self._watches

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._found.watchers -= self._watches

    def id(self):
        return self._found.id

    def watchers_list(self):
        self._pool.step()
        return [] if self._pool.forgets else range(self._found.watchers)

    def metadata_set(self, name, value):
        self._pool.step()
        self._found.marks[name] = value

    def metadata_list(self):
        self._pool.step()
        return self._found.marks.items()

    def metadata_remove(self, name):
        self._pool.step()
        del self._found.marks[name]

    def unprotect_snap(self, name):
        self._pool.step()

    remove_snap = create_snap = protect_snap = unprotect_snap


class RBD:

    def rename(self, pool, name, new):
        found = pool.find(name)
        if new in pool.names:
            raise ImageExists()
        del pool.names[name]
        pool.names[new] = found

    def remove(self, pool, name):
        if pool.find(name).watchers and not pool.forgets:
            raise ImageBusy()
        del pool.names[name]
