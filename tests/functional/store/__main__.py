"""Run the conformance suite on a store: TYPE [OPTION=VALUE...]

The type is one of `enabled_backends`, of a driver of anybody; the options are
those of its section.
"""

import sys

from glance import startup  # noqa: F401 isort: skip

from oslotest import base
from testtools import run

from tests.fixtures import stores
from tests.functional.store import conformance


def main(kind, *pairs):
    values = dict(pair.split('=', 1) for pair in pairs)

    class StoreTestCase(conformance.WritableSuite, base.BaseTestCase):
        def setUp(self):
            super().setUp()
            self.store = self.useFixture(stores.Stores(
                {'one': kind}, {'one': values})).all.default

    globals()['StoreTestCase'] = StoreTestCase
    run.main([sys.argv[0], __name__ + '.StoreTestCase'], sys.stdout)


if __name__ == '__main__':
    main(*sys.argv[1:])
