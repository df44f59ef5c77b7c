"""The leases of jobs under way, kept alive, and their progress, told."""

import threading

from oslo_log import log

from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.conf import CONF

LOG = log.getLogger(__name__)


class Keeper:
    """:param jobs: the set of jobs under way"""

    def __init__(self, jobs):
        self._jobs = jobs
        self._ended = threading.Event()
        self._task = None

    def start(self):
        self._task = concurrency.spawn(self._run)

    def stop(self):
        self._ended.set()
        self._task.wait()

    def _run(self):
        while not self._ended.wait(min(CONF.work.progress_interval,
                                       CONF.work.lease / 3)):
            for job in list(self._jobs):
                self._tell(job)

    @staticmethod
    def _tell(job):
        context.log_as(job.ctxt)
        try:
            job.tell()
        except exceptions.GlanceError as error:
            LOG.warning('The lease of %s of image %s was not renewed: %s',
                        job.kind, job.image_id, error)
        except Exception:
            LOG.exception('Telling of %s of image %s', job.kind, job.image_id)
