"""Who asks: from the headers of the filters before, never of the client."""

import functools
import json

from oslo_log import log

from glance.api import faults
from glance.api.middleware import base
from glance.api.middleware import request_log
from glance.api import request
from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance import policy

LOG = log.getLogger(__name__)


class _ContextFilter(base.Filter):
    """Puts the caller where handlers, and filters of operators, find it."""

    def __call__(self, environ, start_response):
        try:
            ctxt = self.make_context(environ)
        except Exception as error:
            return self.refuse(error, environ)(environ, start_response)
        environ[request.CONTEXT] = ctxt
        # The name by which filters written for WebOb requests look for it.
        environ.setdefault('webob.adhoc_attrs', {})['context'] = ctxt
        return self.app(environ, start_response)

    def make_context(self, environ):
        raise NotImplementedError()

    def refuse(self, error, environ):
        """:returns: the answer to who is not served, a webob.Response"""
        return faults.response(error, environ)


class ContextMiddleware(_ContextFilter):
    """The caller whom keystonemiddleware has confirmed, or anonymous.

    keystonemiddleware removes these headers from what the client has sent;
    without it the pipeline must only be reachable for a trusted proxy.
    """

    def make_context(self, environ):
        if environ.get('HTTP_X_IDENTITY_STATUS') == 'Confirmed':
            return _confirmed(environ)
        if CONF.allow_anonymous_access:
            return context.RequestContext(
                read_only=True, is_admin=False, roles=[],
                request_id=environ.get(request_log.REQUEST_ID))
        raise exceptions.Unauthorized()


class UnauthenticatedContextMiddleware(_ContextFilter):
    """Everybody is an administrator without a project."""

    def __init__(self, app, **options):
        super().__init__(app, **options)
        _warn_of_open_door()

    def make_context(self, environ):
        return administrator(environ)


@functools.cache
def _warn_of_open_door():
    LOG.warning('Whoever reaches this service is an administrator: the '
                'pipeline has no authentication; [paste_deploy] flavor = '
                'keystone or http_basic has')


def administrator(environ, **identity):
    """A caller who may do everything, whatever the headers say."""
    return context.RequestContext(
        is_admin=True, roles=['admin', 'member', 'reader'],
        request_id=environ.get(request_log.REQUEST_ID), **identity)


def _confirmed(environ):
    ctxt = context.RequestContext.from_environ(
        environ, request_id=environ.get(request_log.REQUEST_ID),
        is_admin=False, roles=_roles(environ.get('HTTP_X_ROLES')),
        service_roles=_roles(environ.get('HTTP_X_SERVICE_ROLES')),
        service_catalog=_catalog(environ.get('HTTP_X_SERVICE_CATALOG')))
    ctxt.is_admin = policy.check(ctxt, 'context_is_admin')
    return ctxt


def _roles(header):
    return [role.strip().lower() for role in (header or '').split(',')
            if role.strip()]


def _catalog(header):
    if not header:
        return None
    try:
        return json.loads(header)
    except ValueError:
        raise exceptions.BadRequest('The service catalog is not valid JSON.')
