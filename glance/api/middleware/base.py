"""How paste makes a filter of ours."""


class Filter:
    """A WSGI application in front of the next one.

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
