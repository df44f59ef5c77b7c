"""A lease kept alive while its holder works."""

import contextlib
import threading

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions
from glance.conf import CONF

LOG = log.getLogger(__name__)


@contextlib.contextmanager
def held(registry, ctxt, units):
    """Renew the leases of units of work until the block ends.

    :param units: what is still to be done; the block takes out what is done

    A lease that was lost is noticed by the registry's answer to whatever the
    block does next under the same attempt.
    """
    done = threading.Event()
    task = concurrency.spawn(_renew, registry, ctxt, units, done)
    try:
        yield
    finally:
        done.set()
        task.wait()


def _renew(registry, ctxt, units, done):
    while not done.wait(CONF.work.lease / 3):
        for unit in list(units):
            try:
                registry.work.renew(ctxt, unit['id'], unit['attempt'])
            except exceptions.GlanceError as error:
                LOG.warning('The lease of %s of image %s was not renewed: '
                            '%s', unit['kind'], unit['image_id'], error)
