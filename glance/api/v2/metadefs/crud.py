"""What handlers of all definitions in a namespace do: ask the policy on the
namespace, then the registry. `kind` is the registry's: objects, properties,
resource_types or tags.
"""

from collections.abc import Sequence
import typing

import webob

from glance.api import services
from glance.api.v2.metadefs import access
from glance.api import views
from glance.common import context
from glance.common import exceptions
from glance.objects import metadef


def list_(ctxt: context.RequestContext, kind: metadef.Kind, namespace: str,
          rule: str, entry_rule: str | None = None,
          query: metadef.Query | None = None) -> Sequence[typing.Any]:
    """:param entry_rule: without it no entry is shown
    :param query: see `glance.registry.rpcapi.metadefs.definitions`
    :returns: definitions of this kind
    """
    access.check_name(namespace)
    found = services.registry().definitions.list(ctxt, kind, namespace,
                                                 query)
    access.authorize(ctxt, found['namespace'], rule)
    if entry_rule and not access.is_allowed(ctxt, found['namespace'],
                                            entry_rule):
        return []
    return found['items']


def get(ctxt: context.RequestContext, kind: metadef.Kind, namespace: str,
        name: str, *rules: str, resource_type: str | None = None
        ) -> typing.Any:
    """:returns: a definition of this kind"""
    access.check_name(namespace)
    access.check_name(name)
    found = services.registry().definitions.get(ctxt, kind, namespace, name,
                                                resource_type)
    access.authorize(ctxt, found['namespace'], *rules)
    if found['item'] is None:
        raise exceptions.NotFound('%s is not among the %s of namespace %s.'
                                  % (name, kind, namespace))
    return found['item']


def create(ctxt: context.RequestContext, kind: metadef.Kind, namespace: str,
           items: Sequence[metadef.NewDefinition], rule: str,
           is_replacing: bool = False) -> Sequence[typing.Any]:
    """:returns: the new definitions"""
    access.get_namespace(ctxt, namespace, rule)
    return services.registry().definitions.create(ctxt, kind, namespace,
                                                  items, is_replacing)


def update(ctxt: context.RequestContext, kind: metadef.Kind, namespace: str,
           name: str, item: metadef.NewDefinition, rule: str
           ) -> typing.Any:
    """:returns: the definition that stands in the place of the old one"""
    access.check_name(name)
    access.get_namespace(ctxt, namespace, rule)
    return services.registry().definitions.update(ctxt, kind, namespace, name,
                                                  item)


def delete(ctxt: context.RequestContext, kind: metadef.Kind, namespace: str,
           name: str, rule: str) -> None:
    access.check_name(name)
    access.get_namespace(ctxt, namespace, rule)
    services.registry().definitions.delete(ctxt, kind, namespace, name)


def delete_all(ctxt: context.RequestContext, kind: metadef.Kind,
               namespace: str, *rules: str) -> None:
    access.get_namespace(ctxt, namespace, *rules)
    services.registry().definitions.delete_all(ctxt, kind, namespace)


def created(view: views.View) -> webob.Response:
    """:returns: the response 201"""
    return webob.Response(json_body=view, status=201,
                          content_type='application/json', charset='UTF-8')
