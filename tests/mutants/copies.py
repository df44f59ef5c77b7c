"""Copies of the tree: nothing is ever changed in the tree itself."""

import compileall
import multiprocessing
import pathlib
import shutil
import tempfile

_ROOT = pathlib.Path(__file__).parents[2]
_NAMES = ('glance', 'tests', 'etc', 'doc', 'releasenotes', 'tools')


class Copies:
    """:param jobs: how many copies, and processes that use one each
    :ivar folders: the copies, pathlib.Paths
    """

    def __init__(self, jobs):
        self._jobs = jobs

    def __enter__(self):
        self._top = pathlib.Path(tempfile.mkdtemp(prefix='glance-mutants-'))
        self.folders = [self._copy(str(job)) for job in range(self._jobs)]
        return self

    def __exit__(self, *_error):
        shutil.rmtree(self._top, ignore_errors=True)

    def _copy(self, name):
        target = self._top / name
        target.mkdir()
        for path in _ROOT.iterdir():
            if path.name in _NAMES:
                shutil.copytree(path, target / path.name)
            elif path.is_file():
                shutil.copy2(path, target / path.name)
        # Trials write no compiled forms, but use those that are right.
        for name in ('glance', 'tests'):
            compileall.compile_dir(target / name, quiet=2)
        return target

    def map(self, function, items):
        """:param function: takes a folder and what items hold
        :returns: an iterator of what it returns, in the order of items
        """
        free = multiprocessing.Queue()
        for folder in self.folders:
            free.put(folder)
        with multiprocessing.Pool(self._jobs, _take, (free,)) as pool:
            yield from pool.imap(_Here(function), items)


def _take(free):
    global _folder
    _folder = free.get()


class _Here:

    def __init__(self, function):
        self._function = function

    def __call__(self, item):
        return self._function(_folder, *item)
