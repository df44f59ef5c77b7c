"""See that the data of images deleted with delay is removed in the end.

A deleted image has work for each of its locations, which any conductor claims
when the time is over. Images that another release has deleted have none yet,
and the time may have become shorter.
"""

from glance.conductor.periodic import run as runs

_MOST = 100


def do(run: runs.Run) -> runs.Outcome:
    """:returns: {"begun": images whose work waits no longer}"""
    begun = 0
    while True:
        run.check()
        count = run.registry.deletions.begin_due(run.ctxt, _MOST)
        begun += count
        if count < _MOST:
            return {'begun': begun}
