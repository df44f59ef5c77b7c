"""Namespaces of metadata definitions."""

from collections.abc import Sequence

from glance.common import context
from glance.objects import metadef
from glance.registry.rpcapi import base


class Namespaces(base.Resource):
    """Namespaces, with the definitions of some kinds."""

    namespace = 'namespaces'
    version = '1.2'

    def list(self, ctxt: context.Caller,
             query: metadef.NamespaceQuery) -> metadef.NamespacePage:
        """A page of the namespaces the caller may see; since 1.2.

        :raises NotFound: unknown marker
        """
        # Registries of former releases know of no bound, and give a list.
        answer = self._call(ctxt, 'list', query=query)
        if isinstance(answer, list):
            return {'namespaces': answer, 'is_cut': False}
        return answer

    def get(self, ctxt: context.Caller, name: str,
            parts: Sequence[metadef.Kind]) -> metadef.Namespace:
        """One namespace; since 1.2.

        :param parts: kinds of the definitions that are wanted with it
        :raises NotFound: absent, or not visible for the caller
        """
        return self._call(ctxt, 'get', name=name, parts=parts)

    def create(self, ctxt: context.Caller,
               values: metadef.NewNamespace) -> metadef.Namespace:
        """A new namespace with definitions of all kinds; since 1.2.

        :returns: it, with all its definitions
        :raises Duplicate: a name is in use
        """
        return self._write(ctxt, 'create', values=values)

    def update(self, ctxt: context.Caller, name: str,
               values: metadef.Attributes) -> metadef.Namespace:
        """Set all attributes; its definitions stay; since 1.2.

        :returns: the namespace without its definitions
        :raises NotFound, Duplicate:
        """
        return self._write(ctxt, 'update', name=name, values=values)

    def delete(self, ctxt: context.Caller, name: str) -> None:
        """Delete a namespace with all its definitions; since 1.2.

        :raises NotFound:
        :raises Forbidden: protected
        """
        self._write(ctxt, 'delete', name=name)
