"""Forget uses of images that ended long ago."""

from glance.conductor.periodic import run as runs

_MOST = 1000


def do(run: runs.Run) -> runs.Outcome:
    """:returns: {"forgotten": how many}"""
    forgotten = 0
    while True:
        run.check()
        count = run.registry.usage.fold(run.ctxt, _MOST)
        forgotten += count
        if not count:
            return {'forgotten': forgotten}
