"""Swift where each project keeps its images in its own account.

Requests of users come with their tokens. Conductors act for nobody: they use
the account of the service, whose role has to allow it to write to others'.
"""

from collections.abc import Iterator, Sequence
import typing

import glance_store
from glance_store._drivers.swift import utils
from keystoneauth1 import exceptions as keystone_errors
from keystoneauth1 import identity
from keystoneauth1 import plugin
from keystoneauth1 import session as keystone_session
from oslo_config import cfg

from glance.common import context

_WITH_TOKENS = ('keystone', 'trusted-auth')


def problem(conf: cfg.ConfigOpts, options: typing.Any) -> str | None:
    """:returns: what such a store lacks, None if nothing"""
    flavor = conf.paste_deploy.flavor
    # Conductors have none.
    if flavor and not any(word in flavor for word in _WITH_TOKENS):
        return ('swift_store_multi_tenant needs the tokens of users: '
                '[paste_deploy] flavor knows no Keystone')
    missing = [name for name in ('auth_address', 'user', 'key')
               if not getattr(options, 'swift_store_' + name)]
    if missing:
        return ('swift_store_multi_tenant needs an account of the service to '
                'remove data; missing: %s' % ', '.join(
                    'swift_store_' + name for name in missing))
    return None


def address(store: glance_store.Store, options: typing.Any) -> str:
    """Where the accounts of this store are: no token goes anywhere else.

    :returns: URL of an account
    """
    if store.conf_endpoint:
        return store.conf_endpoint
    return _account(store, service_context(store, options))


def _account(store: glance_store.Store, caller: context.RequestContext) -> str:
    [entry] = caller.service_catalog
    [endpoint] = entry['endpoints']
    return endpoint[store.endpoint_type]


def service_context(store: glance_store.Store, options: typing.Any
                    ) -> context.RequestContext:
    """:returns: a context that acts as the service itself"""
    return _context(store, _session(store, options))


def accounts(store: glance_store.Store, options: typing.Any
             ) -> Iterator[context.RequestContext] | None:
    """Contexts in which the service acts in the accounts of all projects.

    Swift lists its accounts to nobody; Keystone tells whose there may be.

    :returns: None where Keystone lets the service list no projects, or the
        address of an account does not say whose it is
    """
    session = _session(store, options)
    own = _context(store, session)
    if store.conf_endpoint:
        # All have this one.
        return iter([own])
    url = _account(store, own)
    projects = _projects(session) if own.project_id in url else None
    if projects is None:
        return None
    return (_with_account(store, url.replace(own.project_id, project),
                          own.auth_token, project) for project in projects)


def _projects(session: keystone_session.Session) -> Sequence[str] | None:
    """:returns: their ids, None when not all of them are told"""
    try:
        found = session.get('/projects', endpoint_filter={
            'service_type': 'identity', 'interface': plugin.AUTH_INTERFACE,
            'version': (3, 0)}).json()
    except keystone_errors.Forbidden:
        return None
    if found.get('truncated'):
        return None
    return [one['id'] for one in found['projects']]


def _session(store: glance_store.Store, options: typing.Any
             ) -> keystone_session.Session:
    reference = utils.SwiftParams(
        store.conf, backend=store.backend_group).params[
            options.default_swift_reference]
    project, _colon, user = reference['user'].partition(':')
    return keystone_session.Session(identity.V3Password(
        auth_url=reference['auth_address'], username=user,
        password=reference['key'], project_name=project,
        user_domain_id=reference['user_domain_id'],
        user_domain_name=reference['user_domain_name'],
        project_domain_id=reference['project_domain_id'],
        project_domain_name=reference['project_domain_name']),
        verify=store.ks_verify)


def _context(store: glance_store.Store, session: keystone_session.Session
             ) -> context.RequestContext:
    url = session.get_endpoint(
        service_type=store.service_type, interface=store.endpoint_type,
        region_name=store.region)
    return _with_account(store, url, session.get_token(),
                         session.get_project_id())


def _with_account(store: glance_store.Store, url: str, token: str,
                  project: str) -> context.RequestContext:
    return context.RequestContext(
        service_catalog=[{'type': store.service_type, 'endpoints': [
            {'region': store.region, store.endpoint_type: url}]}],
        auth_token=token, project_id=project)
