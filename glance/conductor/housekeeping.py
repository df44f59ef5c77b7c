"""What is to be done now and then: expired tasks, forgotten staged files."""

import os
import time

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions
from glance.conf import CONF
from glance.store import staging

LOG = log.getLogger(__name__)

_EXPIRY = 300       # seconds
_SWEEP = 3600
_MOST = 1000        # of each at a time


class Housekeeping:
    """:param registry: `glance.registry.rpcapi.RegistryAPI`"""

    def __init__(self, registry):
        self._registry = registry
        self._duties = [[0, _EXPIRY, self.expire], [0, _SWEEP, self.sweep]]

    def look(self, ctxt):
        """Do what is due; whatever fails is due again in its time."""
        for duty in self._duties:
            due, interval, do = duty
            if time.monotonic() < due:
                continue
            duty[0] = time.monotonic() + interval
            try:
                do(ctxt)
            except exceptions.GlanceError as error:
                LOG.warning('Housekeeping: %s', error)
            except Exception:
                LOG.exception('Housekeeping')

    def expire(self, ctxt):
        """Forget ended tasks whose time is over."""
        while self._registry.tasks.expire(ctxt, _MOST) == _MOST:
            pass

    def sweep(self, ctxt):
        """Remove files of this staging area that nobody will ask for."""
        if not os.path.isdir(staging.folder()):
            return
        found = concurrency.run_blocking(staging.old_files,
                                         CONF.conductor.staging_grace)
        ids = sorted(found)
        for start in range(0, len(ids), _MOST):
            for image_id in self._registry.stages.unknown(
                    ctxt, ids[start:start + _MOST]):
                concurrency.run_blocking(_remove, found[image_id])


def _remove(paths):
    for path in paths:
        LOG.info('The staged file %s belongs to nothing and is removed',
                 os.path.basename(path))
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass
