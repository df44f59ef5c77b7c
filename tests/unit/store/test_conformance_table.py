"""The conformance table names all there is, and nothing that there is not."""

import ast
import itertools
import pathlib

from oslotest import base

from glance.store import backends
from tests.stores import conformance
from tests.stores import table

_ROOT = pathlib.Path(__file__).parents[3]
# Of the suites: what is one kind's own business, or of no row.
_OTHERS = {'test_large_data', 'test_discard_spares_newer_attempts',
           'test_same_attempt_discarded_without_its_url'}


def _classes(path):
    """:returns: {name: (names of bases, names of methods)}"""
    tree = ast.parse((_ROOT / path).read_text())
    return {one.name: (
        [base.attr if isinstance(base, ast.Attribute) else base.id
         for base in one.bases],
        set(_names(one)))
        for one in tree.body if isinstance(one, ast.ClassDef)}


def _names(tree):
    """Of what a class defines, or takes from another by its name."""
    for one in tree.body:
        if isinstance(one, ast.FunctionDef):
            yield one.name
        elif isinstance(one, ast.Assign):
            yield from (target.id for target in one.targets)


_SUITES = {**_classes('tests/functional/store/conformance.py'),
           # Their classes say `base.Suite` and mean this one.
           'Suite of stores': _classes('tests/stores/base.py')['Suite']}


def _methods(classes, name):
    """:returns: names of methods of a class, with those of the suites"""
    if name not in classes:
        bases, own = _SUITES.get(name, ((), set()))
        if name == 'Suite':
            own = own | _SUITES['Suite of stores'][1] | (
                _SUITES['WritableSuite'][1])
    else:
        bases, own = classes[name]
    return own.union(*(_methods(classes, one) for one in bases
                       if one != name))


class TestTable(base.BaseTestCase):

    def cells(self):
        return [(kind, case) for kind in conformance.KINDS
                for case in conformance.CASES]

    def test_each_kind_of_store_is_a_column(self):
        self.assertEqual({*backends._BUILT_IN, *backends._ADAPTED},
                         {name.split()[0] for name in conformance.KINDS})

    def test_each_test_of_the_suites_belongs_to_a_case(self):
        there = {name for _bases, own in _SUITES.values() for name in own
                 if name.startswith('test_')}
        named = {name for names in conformance.CASES.values()
                 for name in names}
        # These two are of classes of their own.
        self.assertEqual(there - _OTHERS, named - {
            'test_gone_while_reading', 'test_gone_while_writing',
            'test_a_slow_link'})

    def test_each_test_that_is_named_is_there(self):
        for kind, case in self.cells():
            for one in conformance.tests(kind, case):
                module, name, method = one.rsplit('.', 2)
                classes = _classes(module.replace('.', '/') + '.py')
                self.assertIn(method, _methods(classes, name), one)

    def test_each_cell_has_tests_or_says_why_not(self):
        for kind, case in self.cells():
            self.assertEqual(1, sum(map(bool, (
                conformance.tests(kind, case),
                conformance.WITHOUT.get(kind, {}).get(case)))), (kind, case))

    def test_each_story_is_there(self):
        classes = _classes('tests/stores/test_stories.py')
        for kind, step in itertools.product(conformance.STORIES,
                                            conformance.STORY):
            name, method = conformance.story(kind, step).split('.')[-2:]
            self.assertIn(method, _methods(classes, name), (kind, step))
        self.assertEqual({'http', 'cinder on NFS'}, conformance.KINDS.keys()
                         - conformance.STORIES.keys())

    def test_the_page_has_each_kind_and_each_row(self):
        page = table.PATH.read_text()
        for word in (*conformance.KINDS, *conformance.CASES,
                     *conformance.STORY):
            self.assertIn('- %s\n' % word, page)

    def test_a_cell_tells_what_has_become_of_its_tests(self):
        names = conformance.tests('s3', 'ranges')

        def told(*outcome):
            return table.cell('s3', 'ranges', dict(zip(names, outcome)), [])
        self.assertEqual([table.GOOD, table.BAD, table.BAD, table.SKIPPED],
                         [told(True, True), told(True, False), told(False),
                          told(True)])
