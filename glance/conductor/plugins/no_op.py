"""no_op: a plugin that changes nothing."""

from glance.conductor.plugins import staged_data


class Plugin:

    def run(self, staged: staged_data.Staged) -> None:
        pass
