"""Forget uses of images that ended long ago, and note which images have none.
"""

from glance.conductor.periodic import run as runs

_MOST = 1000


def do(run: runs.Run) -> runs.Outcome:
    """:returns: {"changed": how many}"""
    changed = 0
    while True:
        run.check()
        count = run.registry.usage.fold(run.ctxt, _MOST)
        changed += count
        if not count:
            return {'changed': changed}
