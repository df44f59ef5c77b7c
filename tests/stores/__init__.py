"""Real stores, each through its driver and through the whole service.

They need servers: `tox -e stores` by tools/test.sh starts them.
"""

from importlib import util
import os


def load_tests(loader, tests, pattern):
    """Only that environment has the libraries of all stores."""
    if util.find_spec('os_brick') is None:
        return tests
    tests.addTests(loader.discover(os.path.dirname(__file__), pattern,
                                   os.getcwd()))
    return tests
