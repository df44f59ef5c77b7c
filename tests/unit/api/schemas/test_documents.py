"""The served schema documents are those clients know."""

import pathlib

import fixtures
from oslotest import base
import yaml

from glance.api.schemas import image
from glance.api.schemas import member
from glance.api.schemas import metadef
from glance.api.schemas import task
from glance.common import exceptions
from glance.conf import CONF

CONTRACT = (pathlib.Path(__file__).parents[3] / 'data' / 'contract'
            / 'image.yaml')


def without_descriptions(value, names_are_data=False):
    if isinstance(value, dict):
        return {
            key: without_descriptions(
                item, key == 'properties' and not names_are_data)
            for key, item in value.items()
            if names_are_data or key != 'description'}
    if isinstance(value, list):
        return [without_descriptions(item) for item in value]
    return value


class TestDocuments(base.BaseTestCase):

    maxDiff = None

    def setUp(self):
        super().setUp()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        image.reset()
        self.addCleanup(image.reset)

    def test_as_upstream(self):
        contract = yaml.safe_load(CONTRACT.read_text())
        ours = {'metadefs/' + name: document
                for name, document in metadef.documents().items()}
        ours.update(image=image.image(), images=image.images(),
                    member=member.member(), members=member.members(),
                    task=task.task(), tasks=task.tasks())
        # Tasks that only we have, after those of the contract.
        for document in (ours['task'], ours['tasks']['properties']['tasks'][
                'items']):
            types = document['properties']['type']['enum']
            self.assertEqual(['export', 'clone'], types[3:])
            del types[3:]
        for document in ours.values():
            # Sets by nature; the order is not part of the contract.
            document['links'] = document.get('links', [])
        self.assertEqual(
            {name: dict(document, links=document.get('links', []))
             for name, document in
             contract['served_schemas_without_descriptions'].items()},
            without_descriptions(ours))

    def test_site_file(self):
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        (folder / 'glance-api.conf').write_text('')
        (folder / 'schema-image.json').write_text(
            '{"kernel_id": {"type": "string", "pattern": "^[0-9]*$"}}')
        CONF([], project='glance', default_config_dirs=[],
             default_config_files=[str(folder / 'glance-api.conf')])
        image.reset()
        document = image.image()['properties']['kernel_id']
        self.assertIs(False, document['is_base'])
        image.check_values({'kernel_id': '12'})
        self.assertRaises(exceptions.BadRequest, image.check_values,
                          {'kernel_id': 'x'})
