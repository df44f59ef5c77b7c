"""Compare who uses images with what nova and cinder have."""

from oslo_log import log

from glance.conductor.periodic import run as runs
from glance.conductor.usage.sync import credentials
from glance.conf import CONF

LOG = log.getLogger(__name__)


def is_wanted() -> bool:
    """Whether there is somebody to ask, and a wish to."""
    options = CONF['usage']
    return bool(options.enabled and options.sync_interval
                and credentials.problem() is None)


def tell() -> None:
    """Say in the log why there is no such duty where one is expected."""
    if CONF['usage'].sync_interval and credentials.are_given() and (
            problem := credentials.problem()):
        LOG.warning('Uses of images are not compared with nova and cinder: '
                    '%s', problem)


def do(run: runs.Run) -> runs.Outcome:
    """:returns: see `glance.conductor.usage.sync.walk.Outcome`"""
    # The library takes 40 MB, which others have no need of.
    from glance.conductor.usage.sync import walk
    return {**walk.Walk(run.ctxt, run.registry, run.check, LOG.debug).do()}
