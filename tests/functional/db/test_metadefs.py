"""Metadata definitions that upstream has written are read as they were."""

from oslotest import base
import testscenarios

from glance.db.connect import engine
from glance.db.metadefs import loading
from glance.db.migrations.upgrade import lock
from glance.db.migrations.upgrade import phases
from tests.native.upgrades import environment
from tests.native.upgrades import old_databases


class TestOldDefinitions(testscenarios.WithScenarios, base.BaseTestCase):

    scenarios = [(name, {'engine': name}) for name in old_databases.ENGINES]

    def setUp(self):
        super().setUp()
        self.useFixture(environment.OldService('2024.1-28.%s' % self.engine))
        with lock.exclusive() as connection:
            phases.sync(connection)
        with engine.reader() as connection:
            self.found = {document['namespace']: document for document
                          in loading.export(connection)}

    def test_all_namespaces_are_found_with_their_flags(self):
        self.assertEqual(36, len(self.found))
        # Upstream's loader leaves these empty.
        shown = self.found['OS::OperatingSystem']
        self.assertEqual(('private', True), (shown['visibility'],
                                             shown['protected']))
        self.assertEqual(shown['created_at'], shown['updated_at'])
        self.assertIs(False, self.found['OS::Compute::CPUMode']['protected'])

    def test_objects_keep_what_they_require(self):
        objects = self.found['Own::\xdcn\xef']['objects']
        self.assertEqual([('obj', ['a', 'b'], {'a', 'b'})], [
            (item['name'], item['required'], set(item['properties']))
            for item in objects])
        self.assertEqual([[]], [item['required'] for item
                                in self.found['Api::Own']['objects']])
