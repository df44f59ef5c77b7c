"""The name under which paste files know the v2 application."""

from collections.abc import Mapping

from glance.api import app
from glance.api.openapi import document
from glance.api import routes


class API:
    """Not an application itself, only where its factory is found."""

    @classmethod
    def factory(cls, global_conf: Mapping[str, str], **local_conf: str
                ) -> app.Application:
        """Paste application factory."""
        return app.Application(described(routes.ROUTES))


def described(table: Mapping[str, object]
              ) -> dict[str, object]:
    """:returns: the table, with the operation that describes it"""
    table = dict(table)
    table[document.PATH] = {'GET': document.handler(table)}
    return table
