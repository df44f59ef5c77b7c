"""What is defined in a namespace, of any kind."""

from collections.abc import Sequence

from glance.common import context
from glance.objects import metadef
from glance.registry.rpcapi import base


class Definitions(base.Resource):
    """Definitions of any kind; those of the kind resource_types are the
    associations of the namespace with them.
    """

    namespace = 'definitions'
    version = '1.2'

    def list(self, ctxt: context.Caller, kind: metadef.Kind,
             namespace_name: str,
             query: metadef.Query | None) -> metadef.Definitions:
        """Definitions of one kind; since 1.2.

        :param query: None for all, and for resource_types
        :raises NotFound: the namespace is absent or not visible for the
            caller; unknown marker
        """
        return self._call(ctxt, 'list', kind=kind,
                          namespace_name=namespace_name, query=query)

    def get(self, ctxt: context.Caller, kind: metadef.Kind,
            namespace_name: str, name: str,
            resource_type: str | None) -> metadef.Found:
        """One definition; since 1.2.

        :param resource_type: when not None, the name begins with the prefix
            that properties have for this resource type
        :raises NotFound: the namespace is absent or not visible
        """
        return self._call(ctxt, 'get', kind=kind,
                          namespace_name=namespace_name, name=name,
                          resource_type=resource_type)

    def create(self, ctxt: context.Caller, kind: metadef.Kind,
               namespace_name: str, items: Sequence[metadef.NewDefinition],
               is_replacing: bool) -> Sequence[metadef.Definition]:
        """New definitions; since 1.2.

        :param is_replacing: whether all others of the kind go
        :raises NotFound: the namespace is absent
        :raises Duplicate: a name is in use
        """
        return self._write(ctxt, 'create', kind=kind,
                           namespace_name=namespace_name, items=items,
                           is_replacing=is_replacing)

    def update(self, ctxt: context.Caller, kind: metadef.Kind,
               namespace_name: str, name: str,
               item: metadef.NewDefinition) -> metadef.Definition:
        """Put a definition in the place of another; since 1.2.

        :returns: the new definition
        :raises NotFound: no such namespace or definition
        :raises Duplicate: the new name is in use
        """
        return self._write(ctxt, 'update', kind=kind,
                           namespace_name=namespace_name, name=name, item=item)

    def delete(self, ctxt: context.Caller, kind: metadef.Kind,
               namespace_name: str, name: str) -> None:
        """Delete a definition; since 1.2.

        :raises NotFound: no such namespace or definition
        :raises Forbidden: the namespace is protected
        """
        self._write(ctxt, 'delete', kind=kind, namespace_name=namespace_name,
                    name=name)

    def delete_all(self, ctxt: context.Caller, kind: metadef.Kind,
                   namespace_name: str) -> None:
        """Delete all definitions of a kind; since 1.2.

        :raises NotFound: no such namespace
        :raises Forbidden: the namespace is protected
        """
        self._write(ctxt, 'delete_all', kind=kind,
                    namespace_name=namespace_name)

    def list_resource_types(
            self, ctxt: context.Caller) -> Sequence[metadef.ResourceType]:
        """Every resource type of the cloud that is known; since 1.2."""
        return self._call(ctxt, 'list_resource_types')
