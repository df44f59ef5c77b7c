"""The directive `room-table`: the packages of the code, in their own words."""

import pkgutil

from docutils import nodes
from docutils.parsers import rst
from docutils import statemachine


def _rooms():
    """(name, the first sentence that it says of itself) of each package."""
    import glance
    for found in pkgutil.walk_packages(glance.__path__, 'glance.'):
        if found.ispkg and not found.name.endswith('.versions'):
            text = __import__(found.name, fromlist=['_']).__doc__
            yield found.name, ' '.join(text.split('\n\n')[0].split())


class RoomTable(rst.Directive):
    """A table of packages and what they are for."""

    def run(self):
        lines = ['.. list-table::', '   :header-rows: 1',
                 '   :widths: 32 68', '', '   * - Room', '     - Holds']
        for name, text in _rooms():
            lines += ['   * - ``%s``' % name.replace('.', '/'),
                      '     - %s' % text.replace('`', '``')]
        container = nodes.container()
        self.state.nested_parse(
            statemachine.StringList(lines, source='glance/__init__.py'),
            self.content_offset, container)
        return container.children


def setup(app):
    app.add_directive('room-table', RoomTable)
    return {'parallel_read_safe': True}
