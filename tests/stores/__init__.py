"""Real stores, each through its driver and through the whole service.

They need servers: tools/test.sh starts them for the environments `stores` and
`stores-quick`.
"""

from importlib import util
import os

from tests.fixtures.servers import ceph

# Only that environment has the libraries of all stores.
_IS_COMPLETE = util.find_spec('os_brick') is not None

if _IS_COMPLETE:
    # os-brick looks for them when it is imported, and never again.
    ceph.bindings()


def load_tests(loader, tests, pattern):
    if _IS_COMPLETE:
        tests.addTests(loader.discover(os.path.dirname(__file__), pattern,
                                       os.getcwd()))
    return tests
