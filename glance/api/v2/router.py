"""The name under which paste files know the v2 application."""

from glance.api import app
from glance.api import routes


class API:
    """Not an application itself, only where its factory is found."""

    @classmethod
    def factory(cls, global_conf, **local_conf):
        """Paste application factory."""
        return app.Application(routes.ROUTES)
