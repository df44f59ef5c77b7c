"""Tell the conductors that something is to be done."""

from oslo_log import log as logging

from glance.api import services
from glance.common import exceptions

LOG = logging.getLogger(__name__)


def wake(ctxt):
    """Let them look at once; what is to be done is written down."""
    try:
        services.conductor().wake(ctxt)
    except exceptions.ServiceUnavailable as error:
        LOG.debug('No conductor is told of its work: %s', error)
