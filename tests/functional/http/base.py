"""A whole service for each test."""

import testtools

from tests.fixtures import service


class TestCase(testtools.TestCase):
    """:cvar options: arguments of `tests.fixtures.service.Service`"""

    options = {}

    def setUp(self):
        super().setUp()
        self.service = self.useFixture(service.Service(
            self.make_database(), **self.options))

    def make_database(self):
        """:returns: URL of an empty database, None for SQLite"""
        return None
