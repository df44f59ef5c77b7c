"""Write the conformance table of the stores from what test runs have noted.

    python -m tests.stores.table .tox/results/py3 .tox/results/functional \
        .tox/results/stores

Each argument is a repository of stestr; its latest run counts. A cell whose
tests have not all run says so: nothing is taken from a table of before.
"""

import pathlib
import sys

from stestr.repository import util
import subunit
import testtools

from tests.stores import conformance

PATH = pathlib.Path(__file__).parents[2] / (
    'doc/source/contributor/store-conformance.rst')
GOOD, BAD, SKIPPED = 'yes', '**no**', 'not run'
_HEAD = """\
What each store was seen to do
==============================

Written by ``python -m tests.stores.table`` from the results of test runs; not
to be changed by hand. ``tests/stores/conformance.py`` says which tests a cell
stands for.

* yes: all its tests have passed
* **no**: one has failed
* not run: one was not among the results
* a number: there is nothing to show, for the reason below

"""


class _Outcomes(testtools.StreamResult):
    """:ivar found: {id of a test: whether it has passed}"""

    def __init__(self):
        super().__init__()
        self.found = {}

    def status(self, test_id=None, test_status=None, **_others):
        if test_id and test_status in ('success', 'fail', 'uxsuccess'):
            self.found[test_id] = test_status == 'success'


def outcomes(*repositories):
    """:returns: {id of a test: whether it has passed}"""
    result = _Outcomes()
    for path in repositories:
        run = util.get_repo_open(repo_url=path).get_latest_run()
        subunit.ByteStreamToStreamResult(
            run.get_subunit_stream(), non_subunit_name='output').run(result)
    return result.found


def cell(kind, case, found, reasons):
    """:param reasons: to which a new one is added
    :returns: the text of a cell
    """
    reason = conformance.WITHOUT.get(kind, {}).get(case)
    if reason:
        if reason not in reasons:
            reasons.append(reason)
        return str(reasons.index(reason) + 1)
    return _outcome(conformance.tests(kind, case), found)


def _outcome(tests, found):
    """:returns: what they show together"""
    outcome = [found.get(one) for one in tests]
    if False in outcome:
        return BAD
    return SKIPPED if None in outcome else GOOD


def _table(kinds, rows):
    """:param rows: lists, the first cell is the name of a row"""
    lines = ['.. list-table::', '   :header-rows: 1', '']
    for row in (['', *kinds], *rows):
        lines += ['   %s - %s' % (' ' if number else '*', text)
                  for number, text in enumerate(row)]
    return lines


def _story(found):
    """:returns: lines: what the whole service did with each kind of store"""
    kinds = list(conformance.STORIES)
    return ['Through the whole service:', '', *_table(kinds, [
        [step, *(_outcome([conformance.story(kind, step)], found)
                 for kind in kinds)] for step in conformance.STORY])]


def render(found):
    """:returns: the page"""
    reasons, kinds = [], list(conformance.KINDS)
    lines = _table(kinds, [
        [case, *(cell(kind, case, found, reasons) for kind in kinds)]
        for case in conformance.CASES])
    lines += ['', 'Why there is nothing to show:', '']
    lines += ['#. %s' % reason for reason in reasons]
    lines += ['', *_story(found)]
    lines += ['', 'What was asked:', '']
    lines += ['* %s: %s' % (kind, conformance.KINDS[kind][0])
              for kind in kinds]
    return _HEAD + '\n'.join(line.rstrip() for line in lines) + '\n'


def main(*repositories):
    PATH.write_text(render(outcomes(*repositories)))


if __name__ == '__main__':
    main(*sys.argv[1:])
