"""Swift where each project keeps its images in its own account.

Requests of users come with their tokens. Conductors act for nobody: they use
the account of the service, whose role has to allow it to write to others'.
"""

import typing

import glance_store
from glance_store._drivers.swift import utils
from keystoneauth1 import identity
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
    context = service_context(store, options)
    [entry] = context.service_catalog
    [endpoint] = entry['endpoints']
    return endpoint[store.endpoint_type]


def service_context(store: glance_store.Store, options: typing.Any
                    ) -> context.RequestContext:
    """:returns: a context that acts as the service itself"""
    reference = utils.SwiftParams(
        store.conf, backend=store.backend_group).params[
            options.default_swift_reference]
    project, _colon, user = reference['user'].partition(':')
    session = keystone_session.Session(identity.V3Password(
        auth_url=reference['auth_address'], username=user,
        password=reference['key'], project_name=project,
        user_domain_id=reference['user_domain_id'],
        user_domain_name=reference['user_domain_name'],
        project_domain_id=reference['project_domain_id'],
        project_domain_name=reference['project_domain_name']),
        verify=store.ks_verify)
    url = session.get_endpoint(
        service_type=store.service_type, interface=store.endpoint_type,
        region_name=store.region)
    catalog = [{'type': store.service_type, 'endpoints': [
        {'region': store.region, store.endpoint_type: url}]}]
    return context.RequestContext(
        service_catalog=catalog, auth_token=session.get_token(),
        project_id=session.get_project_id())
