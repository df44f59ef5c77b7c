"""What the filters share: how paste makes them, how their errors answer."""

from glance.api import faults


class Filter:
    """A WSGI filter; `process` returns what is to answer the request.

    :param app: the next application
    :param options: what the section of the paste file says
    """

    def __init__(self, app, **options):
        self.app = app
        self.options = options

    @classmethod
    def factory(cls, global_conf, **local_conf):
        """Paste filter factory."""
        return lambda app: cls(app, **local_conf)

    def process(self, environ):
        """:returns: a WSGI application, by default the next one

        :raises GlanceError: becomes the answer
        """
        return self.app

    def __call__(self, environ, start_response):
        try:
            app = self.process(environ)
        except Exception as error:
            app = faults.response(error, environ)
        return app(environ, start_response)
