"""Namespaces of metadata definitions."""

from glance.registry.rpcapi import base


class Namespaces(base.Resource):
    """Namespaces: {"namespace": name, "display_name", "description",
    "visibility": public or private, "protected", "owner", "created_at",
    "updated_at"}, with the definitions of some kinds: "resource_types",
    "objects", "tags" and "properties" (see `definitions`).
    """

    namespace = 'namespaces'
    version = '1.2'

    def list(self, ctxt, query):
        """A page of the namespaces the caller may see; since 1.2.

        :param query: {"visibility": null, public or private,
            "resource_types": [any of these names, if not empty],
            "sort": [column, "asc" or "desc"], "marker": name or null,
            "limit": number, "max_bytes": of the texts of the page, unless its
            first namespace has more}
        :returns: {"namespaces": [namespace with its `resource_types`],
            "is_cut": whether there are fewer than the limit since they are
            large}
        :raises NotFound: unknown marker
        """
        # Registries of former releases know of no bound, and give a list.
        answer = self._call(ctxt, 'list', query=query)
        if isinstance(answer, dict):
            return answer
        return {'namespaces': answer, 'is_cut': False}

    def get(self, ctxt, name, parts):
        """One namespace; since 1.2.

        :param parts: kinds of the definitions that are wanted with it
        :raises NotFound: absent, or not visible for the caller
        """
        return self._call(ctxt, 'get', name=name, parts=parts)

    def create(self, ctxt, values):
        """A new namespace with definitions of all kinds; since 1.2.

        :param values: its attributes, and a list for each kind
        :returns: it, with all its definitions
        :raises Duplicate: a name is in use
        """
        return self._write(ctxt, 'create', values=values)

    def update(self, ctxt, name, values):
        """Set all attributes; its definitions stay; since 1.2.

        :param values: all its attributes
        :returns: the namespace without its definitions
        :raises NotFound, Duplicate:
        """
        return self._write(ctxt, 'update', name=name, values=values)

    def delete(self, ctxt, name):
        """Delete a namespace with all its definitions; since 1.2.

        :raises NotFound:
        :raises Forbidden: protected
        """
        self._write(ctxt, 'delete', name=name)
