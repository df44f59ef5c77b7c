"""Which tests run which lines, learned from one run of all of them."""

import json
import pathlib
import sys
import time
import unittest

import coverage

from tests.mutants import trial


class Tests:
    """:param folder: pathlib.Path of a copy of the tree
    :param names: files and folders of tests
    :raises SystemExit: a test fails although nothing was changed
    """

    def __init__(self, folder, names):
        # {id: [module, seconds]}
        self._tests = _unchanged(folder, lambda: _run(folder, names))
        data = coverage.CoverageData(str(folder / 'lines'))
        data.read()
        self._by_line = {
            str(pathlib.Path(path).relative_to(folder)):
            data.contexts_by_lineno(path) for path in data.measured_files()}
        # Third-party modules are loaded once, for all that are forked.
        trial.preload(json.loads((folder / 'modules.json').read_text()))
        self._control(folder)

    def _control(self, folder):
        """All tests once more, in the way that mutants are tried."""
        tests = [(self._tests[name][0], name)
                 for name in self._quick_first(self._tests.keys())]
        _unchanged(folder, lambda: (None, trial.not_passed(tests)))

    def chosen(self, mutant):
        """:returns: ([(module, id)] of the tests to run, seconds they take)

        Those that run the changed lines. What runs once, when a module is
        loaded or a fixture is made, has its effect in every test: then those
        follow that run others of the file, and the rest. Of each kind the
        quick ones come first.
        """
        lines = self._by_line.get(mutant.path, {})
        wanted = set().union(*(lines.get(line, ()) for line in mutant.lines))
        if not wanted:
            return [], 0
        near = rest = set()
        if '' in wanted or len(wanted) == 1:
            near = set().union(*lines.values()) - wanted
            rest = self._tests.keys() - near - wanted
        order = [name for names in (wanted, near, rest)
                 for name in self._quick_first(names)]
        return ([(self._tests[name][0], name) for name in order],
                sum(self._tests[name][1] for name in order))

    def _quick_first(self, names):
        return sorted(names - {''}, key=lambda name: self._tests[name][1])


def _unchanged(folder, function):
    """:param function: runs tests, returns an answer and ids that failed
    :returns: the answer
    """
    found = folder / 'unchanged.json'
    found.write_text('[null, []]')

    def write():
        answer, failed = function()
        found.write_text(json.dumps([answer, failed]))
        return not failed

    end = trial.run_apart(folder, write, 1800)
    answer, failed = json.loads(found.read_text())
    if end != trial.SURVIVED:
        sys.exit('Tests fail with nothing changed, so no mutant counts '
                 '(%s):\n%s' % (end, '\n'.join(failed)))
    return answer


def _run(folder, names):
    measured = coverage.Coverage(data_file=str(folder / 'lines'),
                                 source=[str(folder / 'glance')],
                                 config_file=False)
    measured.start()
    suite = unittest.TestSuite([test for name in names
                                for test in trial.each(_load(folder, name))])
    _make_shared()
    result = _Result(measured)
    suite.run(result)
    measured.stop()
    measured.save()
    (folder / 'modules.json').write_text(json.dumps(sorted(sys.modules)))
    for test, text in result.failures + result.errors:
        print(test.id(), text)
    return result.tests, trial.failed(result)


def _make_shared():
    """What the first test that needs it would make, for all others too."""
    database = sys.modules.get('tests.fixtures.database')
    if database is not None:
        database._template()


def _load(folder, name):
    path = folder / name
    if path.suffix:
        return unittest.TestLoader().loadTestsFromName(
            name.removesuffix('.py').replace('/', '.'))
    return unittest.TestLoader().discover(str(path), top_level_dir=str(folder))


class _Result(unittest.TestResult):

    def __init__(self, measured):
        super().__init__()
        self._measured = measured
        self.tests = {}

    def startTest(self, test):
        super().startTest(test)
        self._measured.switch_context(test.id())
        self._started = time.monotonic()

    def stopTest(self, test):
        self.tests[test.id()] = [type(test).__module__,
                                 time.monotonic() - self._started]
        self._measured.switch_context('')
        super().stopTest(test)
