"""no_op: a plugin that changes nothing."""


class Plugin:

    def run(self, staged):
        pass
