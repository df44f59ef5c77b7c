"""One mutant and the tests that have to notice it, in a process of its own."""

import contextlib
import importlib
import os
import signal
import sys
import time
import unittest

import testscenarios

SURVIVED, FAILED, LATE = 'survived', 'failed', 'late'


def run(folder, mutant, tests, seconds):
    """:param tests: [(module, id)]
    :param seconds: how long they take when nothing is changed
    :returns: (mutant, how it ended)
    """
    if not tests:
        return mutant, SURVIVED
    path = folder / mutant.path
    path.write_text(mutant.new, encoding='utf-8')
    try:
        return mutant, run_apart(folder, lambda: _all_pass(tests),
                                 20 + 5 * seconds)
    finally:
        path.write_text(mutant.old, encoding='utf-8')


def run_apart(folder, function, seconds):
    """:param function: is called in a fork that has loaded nothing of ours
    :returns: SURVIVED when it returned True in time
    """
    pid = os.fork()
    if not pid:
        _child(folder, function)
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return SURVIVED if status == 0 else FAILED
            time.sleep(0.02)
        return LATE
    finally:
        # The tests may have started others, too.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)


def _child(folder, function):
    status = 1
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with open(folder / 'log', 'w', encoding='utf-8') as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        os.chdir(folder)
        # An old compiled form must not be taken for the changed file.
        sys.dont_write_bytecode = True
        sys.path.insert(0, str(folder))
        for name in [name for name in sys.modules if is_ours(name)]:
            del sys.modules[name]
        status = 0 if function() else 1
    finally:
        os._exit(status)


def is_ours(name):
    return name.split('.')[0] in ('glance', 'tests')


def preload(names):
    """Load what is not ours, so that each fork has it already."""
    for name in names:
        if not is_ours(name) and name != '__main__':
            with contextlib.suppress(Exception):
                importlib.import_module(name)


def _all_pass(tests):
    return not not_passed(tests, failfast=True)


def not_passed(tests, failfast=False):
    """Run them in this order.

    :param failfast: up to the first that fails
    :returns: ids of those that failed or were not found
    """
    result = unittest.TestResult()
    loaded, lost = {}, []
    for module, name in tests:
        if module not in loaded:
            loaded[module] = _load(module)
        test = loaded[module].get(name)
        if test is None:
            lost.append(name)
        else:
            test.run(result)
        if failfast and (lost or not result.wasSuccessful()):
            break
    return lost + failed(result)


def _load(module):
    """:returns: {id: test}"""
    return {test.id(): test for test in each(
        unittest.TestLoader().loadTestsFromModule(
            importlib.import_module(module)))}


def failed(result):
    """:returns: ids of the tests that failed"""
    return [test.id() for test in (
        *(test for test, _text in result.failures + result.errors),
        *result.unexpectedSuccesses)]


def each(suite):
    """Each test of a suite, one for each of its scenarios.

    A test has the names of its scenarios in its id, but only once it runs.
    """
    return testscenarios.generate_scenarios(suite)
