"""Who may do what with a namespace and the definitions in it.

What a caller may not see does not exist for it (404); what it sees but may
not do is forbidden (403).
"""

from collections.abc import Iterable
import typing

from glance.api.schemas import metadef_requests
from glance.api.schemas import texts
from glance.api import services
from glance.common import context
from glance.common import exceptions
from glance.objects import metadef
from glance import policy

_SEE = 'get_metadef_namespace'


def get_namespace(ctxt: context.RequestContext, name: str, *rules: str,
                  parts: Iterable[metadef.Kind] = ()) -> metadef.Namespace:
    """Fetch a namespace and ask the policy.

    :param rules: policy rules that have to hold, asked in this order
    :param parts: kinds of the definitions that are wanted with it
    :raises NotFound: absent, or not for the eyes of the caller
    :raises Forbidden: visible, but a rule denies
    """
    check_name(name)
    namespace = services.registry().namespaces.get(ctxt, name, list(parts))
    authorize(ctxt, namespace, *rules)
    return namespace


def authorize(ctxt: context.RequestContext, namespace: metadef.Namespace,
              *rules: str) -> None:
    """See `get_namespace`.

    :param namespace: as the registry gives it
    """
    for rule in rules:
        if not is_allowed(ctxt, namespace, rule):
            _refuse(ctxt, namespace, rule)


def is_allowed(ctxt: context.RequestContext, namespace: metadef.Namespace,
               rule: str) -> bool:
    return policy.check(ctxt, rule, _target(namespace))


def check_name(name: str) -> None:
    """:raises NotFound: nothing can have this name"""
    if len(name) > metadef_requests.MAX_NAME or not texts.is_storable(name):
        raise exceptions.NotFound('Nothing is called %s.' % ascii(name[:64]))


def _refuse(ctxt: context.RequestContext, namespace: metadef.Namespace,
            rule: str) -> None:
    # A token that is for no project is told so, see `authorize_image`.
    if (ctxt.system_scope or ctxt.domain_id
            or is_allowed(ctxt, namespace, _SEE)):
        policy.authorize(ctxt, rule, _target(namespace))
    raise exceptions.NotFound('There is no metadata definition namespace %s.'
                              % namespace['namespace'])


def _target(namespace: metadef.Namespace) -> dict[str, typing.Any]:
    owner = namespace['owner'] or ''
    return {'namespace': namespace['namespace'],
            'visibility': namespace['visibility'], 'owner': owner,
            'project_id': owner, 'tenant': owner,
            'protected': namespace['protected']}
