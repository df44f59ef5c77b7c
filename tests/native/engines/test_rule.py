"""Each case runs on each server: once, or with both kinds of threads."""

from oslotest import base

from tests.functional.db import test_engines
from tests.native.engines import again
from tests.native.engines import http_cases
from tests.native.engines import registry_cases
from tests.native.engines import test_http
from tests.native.engines import test_registry


def _names(module):
    return {name for name in vars(module)
            if name.startswith(('MariaDB', 'PostgreSQL'))}


class TestRule(base.BaseTestCase):

    def test_every_case_is_in_one_place(self):
        cases = registry_cases.CASES + http_cases.CASES
        wanted = {True: set(), False: set()}
        for case in cases:
            wanted[again.has_threads(case)] |= {
                server + case.__name__ for server in ('MariaDB', 'PostgreSQL')}
        self.assertEqual(wanted[True], _names(test_engines))
        self.assertEqual(wanted[False],
                         _names(test_registry) | _names(test_http))
        self.assertEqual(2 * len(cases), sum(map(len, wanted.values())))

    def test_threads_are_seen(self):
        found = {case.__name__ for case in registry_cases.CASES
                 if again.has_threads(case)}
        self.assertIn('ConcurrencyTest', found)
        self.assertNotIn('BadRowsTest', found)
