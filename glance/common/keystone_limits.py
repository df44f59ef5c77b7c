"""Limits that an operator has registered in the identity service.

oslo.limit finds our endpoint and its limits; what it would check itself is
checked by the registry, under a lock. Limits are asked for each time, so that
a new one is in force at once: two requests to the identity service.
"""

import threading

from keystoneauth1 import exceptions as ksa_exceptions
from openstack import exceptions as sdk_exceptions
from oslo_limit import exception as limit_exceptions
from oslo_limit import limit
from oslo_log import log

from glance.common import exceptions

LOG = log.getLogger(__name__)

_UNREACHABLE = (ksa_exceptions.ConnectFailure, ksa_exceptions.ConnectTimeout,
                ksa_exceptions.DiscoveryFailure, ksa_exceptions.HttpError)
_lock = threading.Lock()
_enforcer = None


def of_project(project_id, resources):
    """:returns: {resource: limit}; 0 for one that nobody has registered"""
    try:
        enforcer = _get_enforcer()
        found = dict(enforcer.get_registered_limits(None))
        found.update(enforcer.get_project_limits(project_id, None))
    except (*_UNREACHABLE, sdk_exceptions.SDKException,
            limit_exceptions.SessionInitError, ValueError) as error:
        LOG.error('The limits of project %s cannot be read from the identity '
                  'service: %s', project_id, error)
        raise _explained(error) from None
    return {name: found.get(name, 0) for name in resources}


def _get_enforcer():
    global _enforcer
    if _enforcer is None:
        with _lock:
            if _enforcer is None:
                _enforcer = limit.Enforcer(_no_usage, cache=False)
    return _enforcer


def _no_usage(project_id, resources):
    """oslo.limit wants to be told; nobody asks it."""
    return {}


def _explained(error):
    if isinstance(error, _UNREACHABLE) or isinstance(
            error.__context__, _UNREACHABLE):
        return exceptions.ServiceUnavailable(
            'The limits of the project cannot be read at the moment.')
    return exceptions.GlanceError(
        'The limits of the project cannot be read.')
