"""The directive `route-table`: the operations that are served, from the code.
"""

from docutils import nodes
from docutils.parsers import rst
from docutils import statemachine

VERBS = ('GET', 'POST', 'PUT', 'PATCH', 'DELETE')


class RouteTable(rst.Directive):
    """A table of paths and verbs."""

    def run(self):
        from glance.api import routes
        lines = ['.. list-table::', '   :header-rows: 1', '',
                 '   * - Path', '     - Methods']
        for path, verbs in sorted(routes.ROUTES.items()):
            lines += ['   * - ``/v2%s``' % path, '     - %s' % ', '.join(
                verb for verb in VERBS if verb in verbs)]
        container = nodes.container()
        self.state.nested_parse(
            statemachine.StringList(lines, source='glance/api/routes.py'),
            self.content_offset, container)
        return container.children


def setup(app):
    app.add_directive('route-table', RouteTable)
    return {'parallel_read_safe': True}
