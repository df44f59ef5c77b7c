"""Forget ended tasks whose time is over."""

from glance.conductor.periodic import run as runs

_MOST = 1000


def do(run: runs.Run) -> runs.Outcome:
    """:returns: {"expired": how many}"""
    expired = 0
    while True:
        run.check()
        count = run.registry.tasks.expire(run.ctxt, _MOST)
        expired += count
        if count < _MOST:
            return {'expired': expired}
