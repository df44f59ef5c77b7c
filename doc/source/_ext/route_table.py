"""The directive `route-table`: the operations that are served, from the code.
"""

from docutils.parsers import rst

import tables

VERBS = ('GET', 'POST', 'PUT', 'PATCH', 'DELETE')


class RouteTable(rst.Directive):
    """A table of paths and verbs."""

    def run(self):
        from glance.api import routes
        return tables.build(
            self, [('Path', 'Methods'), *(
                ('``/v2%s``' % path,
                 ', '.join(verb for verb in VERBS if verb in verbs))
                for path, verbs in sorted(routes.ROUTES.items()))],
            'glance/api/routes.py')


def setup(app):
    app.add_directive('route-table', RouteTable)
    return {'parallel_read_safe': True}
