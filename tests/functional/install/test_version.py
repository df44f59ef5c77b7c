"""Programs tell which release they are."""

import importlib.metadata

from oslotest import base
import testscenarios

from tests.fixtures import programs


class TestVersion(testscenarios.WithScenarios, base.BaseTestCase):

    scenarios = [(name, {'name': name}) for name in (
        'glance-api', 'glance-registry', 'glance-conductor',
        'glance-standalone', 'glance-manage', 'glance-control',
        'glance-replicator')]

    def test_each_program_tells_that_of_the_package(self):
        self.assertEqual(importlib.metadata.version('glance'),
                         programs.run(self.name, '--version').strip())
