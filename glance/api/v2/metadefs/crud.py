"""What handlers of all definitions in a namespace do: ask the policy on the
namespace, then the registry. `kind` is the registry's: objects, properties,
resource_types or tags.
"""

import webob

from glance.api import services
from glance.api.v2.metadefs import access
from glance.common import exceptions


def list_(ctxt, kind, namespace, rule, entry_rule=None, query=None):
    """:param entry_rule: without it no entry is shown
    :param query: see `glance.registry.rpcapi.metadefs.definitions`
    :returns: definitions
    """
    access.check_name(namespace)
    found = services.registry().definitions.list(ctxt, kind, namespace,
                                                 query)
    access.authorize(ctxt, found['namespace'], rule)
    if entry_rule and not access.is_allowed(ctxt, found['namespace'],
                                            entry_rule):
        return []
    return found['items']


def get(ctxt, kind, namespace, name, *rules, resource_type=None):
    """:returns: a definition"""
    access.check_name(namespace)
    access.check_name(name)
    found = services.registry().definitions.get(ctxt, kind, namespace, name,
                                                resource_type)
    access.authorize(ctxt, found['namespace'], *rules)
    if found['item'] is None:
        raise exceptions.NotFound('%s is not among the %s of namespace %s.'
                                  % (name, kind, namespace))
    return found['item']


def create(ctxt, kind, namespace, items, rule, is_replacing=False):
    """:returns: the new definitions"""
    access.get_namespace(ctxt, namespace, rule)
    return services.registry().definitions.create(ctxt, kind, namespace,
                                                  items, is_replacing)


def update(ctxt, kind, namespace, name, item, rule):
    """:returns: the definition that stands in the place of the old one"""
    access.check_name(name)
    access.get_namespace(ctxt, namespace, rule)
    return services.registry().definitions.update(ctxt, kind, namespace, name,
                                                  item)


def delete(ctxt, kind, namespace, name, rule):
    access.check_name(name)
    access.get_namespace(ctxt, namespace, rule)
    services.registry().definitions.delete(ctxt, kind, namespace, name)


def delete_all(ctxt, kind, namespace, *rules):
    access.get_namespace(ctxt, namespace, *rules)
    services.registry().definitions.delete_all(ctxt, kind, namespace)


def created(view):
    """:returns: the response 201"""
    return webob.Response(json_body=view, status=201,
                          content_type='application/json', charset='UTF-8')
