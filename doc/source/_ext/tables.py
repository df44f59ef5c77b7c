"""Tables that directives make of the code."""

from docutils import nodes
from docutils import statemachine


def build(directive, rows, source, options=()):
    """:param rows: [[text of each column]], the first one is the header
    :param source: the file to name where a text is wrong
    :param options: further ones of `list-table`
    :returns: what the directive gives
    """
    lines = ['.. list-table::', '   :header-rows: 1',
             *('   ' + option for option in options), '']
    for first, *others in rows:
        lines.append('   * - ' + first)
        lines += ['     - ' + text for text in others]
    container = nodes.container()
    directive.state.nested_parse(
        statemachine.StringList(lines, source=source),
        directive.content_offset, container)
    return container.children
