"""What is defined in a namespace, of any kind."""

from glance.registry.rpcapi import base


class Definitions(base.Resource):
    """Definitions have a `name`, times, and by their kind

    * objects: "description", "required" [names], "properties" {name: schema}
    * properties: "schema"
    * tags: nothing more
    * resource_types, associations of the namespace with them: "prefix",
      "properties_target"
    """

    namespace = 'definitions'
    version = '1.2'

    def list(self, ctxt, kind, namespace_name, query):
        """Definitions of one kind; since 1.2.

        :param query: null for all; objects, properties and tags also
            {"sort": [column, "asc" or "desc"], "marker": name or null,
            "limit": number or null}
        :returns: {"namespace": without definitions, "items": [definition]}
        :raises NotFound: the namespace is absent or not visible for the
            caller; unknown marker
        """
        return self._call(ctxt, 'list', kind=kind,
                          namespace_name=namespace_name, query=query)

    def get(self, ctxt, kind, namespace_name, name, resource_type):
        """One definition; since 1.2.

        :param resource_type: when not null, the name begins with the prefix
            that properties have for this resource type
        :returns: {"namespace": without definitions, "item": definition or
            null}
        :raises NotFound: the namespace is absent or not visible
        """
        return self._call(ctxt, 'get', kind=kind,
                          namespace_name=namespace_name, name=name,
                          resource_type=resource_type)

    def create(self, ctxt, kind, namespace_name, items, is_replacing):
        """New definitions; since 1.2.

        :param is_replacing: whether all others of the kind go
        :returns: [definition]
        :raises NotFound: the namespace is absent
        :raises Duplicate: a name is in use
        """
        return self._write(ctxt, 'create', kind=kind,
                           namespace_name=namespace_name, items=items,
                           is_replacing=is_replacing)

    def update(self, ctxt, kind, namespace_name, name, item):
        """Put a definition in the place of another; since 1.2.

        :returns: the new definition
        :raises NotFound: no such namespace or definition
        :raises Duplicate: the new name is in use
        """
        return self._write(ctxt, 'update', kind=kind,
                           namespace_name=namespace_name, name=name, item=item)

    def delete(self, ctxt, kind, namespace_name, name):
        """Delete a definition; since 1.2.

        :raises NotFound: no such namespace or definition
        :raises Forbidden: the namespace is protected
        """
        self._write(ctxt, 'delete', kind=kind, namespace_name=namespace_name,
                    name=name)

    def delete_all(self, ctxt, kind, namespace_name):
        """Delete all definitions of a kind; since 1.2.

        :raises NotFound: no such namespace
        :raises Forbidden: the namespace is protected
        """
        self._write(ctxt, 'delete_all', kind=kind,
                    namespace_name=namespace_name)

    def list_resource_types(self, ctxt):
        """Every resource type of the cloud that is known; since 1.2.

        :returns: [{"name", "created_at", "updated_at"}]
        """
        return self._call(ctxt, 'list_resource_types')
