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
        found = folder / 'tests.json'
        end = trial.run_apart(folder, lambda: _run(folder, names, found), 1800)
        if end != trial.SURVIVED:
            sys.exit('Tests fail with nothing changed.')
        # {id: [module, seconds]}
        self._tests = json.loads(found.read_text())
        data = coverage.CoverageData(str(folder / 'lines'))
        data.read()
        self._by_line = {
            str(pathlib.Path(path).relative_to(folder)):
            data.contexts_by_lineno(path) for path in data.measured_files()}
        # Third-party modules are loaded once, for all that are forked.
        trial.preload(json.loads((folder / 'modules.json').read_text()))

    def chosen(self, mutant):
        """:returns: ([(module, id)] of the tests to run, seconds they take)

        Those that run the changed lines, then those that run others of the
        file, then the rest, each quick ones first: what runs once, when a
        module is loaded or a fixture is made, has its effect in every test.
        """
        lines = self._by_line.get(mutant.path, {})
        wanted = set().union(*(lines.get(line, ()) for line in mutant.lines))
        if not wanted:
            return [], 0
        near = set().union(*lines.values())
        order = [name for names in (wanted, near - wanted,
                                    self._tests.keys() - near - wanted)
                 for name in self._quick_first(names)]
        return ([(self._tests[name][0], name) for name in order],
                sum(self._tests[name][1] for name in order))

    def _quick_first(self, names):
        return sorted(names - {''}, key=lambda name: self._tests[name][1])


def _run(folder, names, found):
    measured = coverage.Coverage(data_file=str(folder / 'lines'),
                                 source=[str(folder / 'glance')],
                                 config_file=False)
    measured.start()
    suite = unittest.TestSuite(_load(folder, name) for name in names)
    result = _Result(measured)
    suite.run(result)
    measured.stop()
    measured.save()
    found.write_text(json.dumps(result.tests))
    (folder / 'modules.json').write_text(json.dumps(sorted(sys.modules)))
    for test, text in result.failures + result.errors:
        print(test.id(), text)
    return result.wasSuccessful()


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
