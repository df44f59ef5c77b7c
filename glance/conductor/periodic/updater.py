"""Find out what the records of old images do not say of their data.

Images of older releases may lack the size, the hashes or the virtual size. The
data is read as the auditor reads it, and compared with what is known.
"""

from glance.conductor.periodic import auditor
from glance.conductor.periodic import run as runs

_MOST = 50


def do(run: runs.Run) -> runs.Outcome:
    """:returns: {result: how many locations}"""
    return auditor.look_through(
        run, lambda last: run.registry.audits.list_unknown(
            run.ctxt, last['location']['id'] if last else 0, _MOST))
