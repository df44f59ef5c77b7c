"""The description of the API knows every route, and only those."""

import jsonschema
from oslo_config import fixture as config
from oslotest import base

from glance.api.openapi import document
from glance.api.openapi import operations
from glance.api import routes
from glance.api.schemas import image
from glance.api.v2 import router
from glance.conf import CONF


class TestDocument(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.conf = self.useFixture(config.Config(CONF))
        image.reset()
        self.addCleanup(image.reset)
        self.table = router.described(routes.ROUTES)
        self.document = document.document(self.table)

    def test_operations_are_those_of_the_routes(self):
        known = {path: set(verbs) for path, verbs
                 in operations.OPERATIONS.items()}
        self.assertEqual({path: set(verbs) for path, verbs
                          in self.table.items()}, known)

    def test_each_reference_leads_somewhere(self):
        def references(value):
            if isinstance(value, dict):
                if isinstance(value.get('$ref'), str):
                    yield value['$ref']
                value = list(value.values())
            if isinstance(value, list):
                for item in value:
                    yield from references(item)
        schemas = self.document['components']['schemas']
        found = set(references(self.document))
        self.assertGreater(len(found), 30)
        for reference in found:
            name = reference.removeprefix('#/components/schemas/')
            self.assertIn(name, schemas)
        used = {reference.rpartition('/')[2] for reference in found}
        self.assertEqual(set(schemas), used)

    def test_schemas_are_schemas(self):
        for schema in self.document['components']['schemas'].values():
            jsonschema.Draft202012Validator.check_schema(schema)

    def test_identifiers_of_operations_are_unique(self):
        identifiers = [
            operation['operationId']
            for path in self.document['paths'].values()
            for name, operation in path.items() if name != 'parameters']
        self.assertEqual(len(set(identifiers)), len(identifiers))

    def test_formats_are_those_of_the_deployment(self):
        self.conf.config(group='image_format', disk_formats=['raw', 'own'])
        image.reset()
        schemas = document.document(self.table)['components']['schemas']
        for name in ('Image', 'NewImage'):
            self.assertEqual(
                [None, 'raw', 'own'],
                schemas[name]['properties']['disk_format']['enum'])
