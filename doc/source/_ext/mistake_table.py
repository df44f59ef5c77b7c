"""The directive `mistake-table`: what may be wrong, what is said, the cure."""

import pathlib

from docutils.parsers import rst
import yaml

import tables

_TABLE = pathlib.Path(__file__).parents[1] / 'admin' / 'mistakes.yaml'
_WHERE = {'@file@': 'FILE', '@dir@': 'DIR', '@taken@': 'PORT'}


def _said(text):
    for mark, name in _WHERE.items():
        text = text.replace(mark, name)
    return '``%s``' % text.strip()


class MistakeTable(rst.Directive):
    """A table of the mistakes that the test suite makes."""

    def run(self):
        self.state.document.settings.env.note_dependency(str(_TABLE))
        return tables.build(
            self, [('Mistake', 'Program', 'It says', 'Cure'), *(
                (one['mistake'], '``%s``' % one['program'],
                 _said(one['says']), one['cure'])
                for one in yaml.safe_load(_TABLE.read_text()))],
            str(_TABLE), [':widths: 24 16 34 26'])


def setup(app):
    app.add_directive('mistake-table', MistakeTable)
    return {'parallel_read_safe': True}
