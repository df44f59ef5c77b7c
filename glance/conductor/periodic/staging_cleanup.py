"""Remove files of this host's staging area that nobody will ask for."""

import os

from oslo_log import log

from glance.common import concurrency
from glance.conductor.periodic import run as runs
from glance.conf import CONF
from glance.store import staging

LOG = log.getLogger(__name__)

_MOST = 1000


def do(run: runs.Run) -> runs.Outcome:
    """:returns: {"removed": how many}"""
    if not os.path.isdir(staging.folder()):
        return {'removed': 0}
    found = concurrency.run_blocking(staging.old_files,
                                     CONF.conductor.staging_grace)
    ids, removed = sorted(found), 0
    for start in range(0, len(ids), _MOST):
        run.check()
        for image_id in run.registry.stages.unknown(
                run.ctxt, ids[start:start + _MOST]):
            removed += concurrency.run_blocking(_remove, found[image_id])
    return {'removed': removed}


def _remove(paths: list[str]) -> int:
    """:returns: how many are gone"""
    gone = 0
    for path in paths:
        LOG.info('The staged file %s belongs to nothing and is removed',
                 os.path.basename(path))
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass
        except OSError as error:
            # A folder, or another user's: the others go all the same.
            LOG.warning('The staged file %s stays: %s',
                        os.path.basename(path), error.strerror)
            continue
        gone += 1
    return gone
