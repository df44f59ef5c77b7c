"""The directive `room-table`: the packages of the code, in their own words."""

import pkgutil

from docutils.parsers import rst

import tables


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
        return tables.build(
            self, [('Room', 'Holds'), *(
                ('``%s``' % name.replace('.', '/'), text.replace('`', '``'))
                for name, text in _rooms())],
            'glance/__init__.py', [':widths: 32 68'])


def setup(app):
    app.add_directive('room-table', RoomTable)
    return {'parallel_read_safe': True}
