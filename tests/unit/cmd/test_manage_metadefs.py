"""Metadata definitions: from the shipped files into the database and back."""

import json
import os
import pathlib
import sys

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base
import sqlalchemy as sa
import yaml

from glance.cmd import manage_metadefs
from glance.conf import CONF
from glance.db.connect import engine
from glance.db.metadefs import loading
from glance.db.migrations.upgrade import errors
from glance.db import schema
from tests.fixtures import database

_ROOT = pathlib.Path(__file__).parents[3]
SHIPPED = _ROOT / 'etc' / 'metadefs'
CONTRACT = _ROOT / 'tests' / 'data' / 'contract' / 'metadefs.yaml'
_FOR_PEOPLE = ('title', 'description', 'display_name')


def facts(value):
    """A document without the texts for people."""
    return {key: item for key, item in value.items()
            if key not in _FOR_PEOPLE}


class TestFiles(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.contract = yaml.safe_load(CONTRACT.read_text())['namespaces']

    def test_shipped_files_agree_with_the_contract(self):
        found = {}
        for path in SHIPPED.iterdir():
            document = json.loads(path.read_text())
            found[document['namespace']] = self.facts_of(path.name, document)
        self.assertEqual(self.contract, found)

    def facts_of(self, file, document):
        found = facts(document)
        found.pop('namespace')
        found['file'] = file
        found.setdefault('visibility', None)
        for items in [found, *found.get('objects', ())]:
            if 'properties' in items:
                items['properties'] = {
                    name: facts(item) for name, item
                    in items['properties'].items()}
        if 'objects' in found:
            found['objects'] = {
                item.pop('name'): facts(item) for item in found['objects']}
        return found

    def test_texts_for_people(self):
        for path in SHIPPED.iterdir():
            document = json.loads(path.read_text())
            self.assertTrue(document['display_name'])
            groups = [document, *document.get('objects', ())]
            for group in groups:
                self.assertTrue(group['description'], path.name)
                for item in group.get('properties', {}).values():
                    self.assertTrue(item['title'] and item['description'],
                                    path.name)


class TestActions(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(self.make_database())
        self.folder = self.useFixture(fixtures.TempDir()).path

    def make_database(self):
        return database.Database()

    def count(self):
        with engine.reader() as conn:
            return {table.name: conn.execute(
                sa.select(sa.func.count()).select_from(table)).scalar()
                for table in schema.metadata.sorted_tables
                if table.name.startswith('metadef_')}

    def documents(self):
        with engine.reader() as conn:
            found = loading.export(conn)
        return {document['namespace']: document for document in found}

    def write(self, name='one.json', **document):
        path = os.path.join(self.folder, name)
        with open(path, 'w') as file:
            json.dump(dict({'namespace': 'N'}, **document), file)
        return path

    def test_shipped_files_are_loaded_and_unloaded_whole(self):
        self.assertIsNone(manage_metadefs.load(str(SHIPPED)))
        counts = yaml.safe_load(CONTRACT.read_text())[
            'counts_after_loading_into_a_database']
        self.assertEqual(counts, self.count())
        self.assertEqual({'admin'}, {document['owner'] for document
                                     in self.documents().values()})
        with engine.reader() as conn:
            self.assertEqual({True}, set(conn.execute(sa.select(
                schema.metadef_resource_types.c.protected)).scalars()))
        manage_metadefs.unload()
        self.assertEqual({0}, set(self.count().values()))

    def test_exported_files_load_again(self):
        manage_metadefs.load(str(SHIPPED))
        manage_metadefs.load(self.write(
            display_name='CPU topology', tags=[{'name': 't'}], owner='p1',
            objects=[{'name': 'o', 'required': ['a', 'b'], 'properties': {
                'a': {'type': 'integer', 'default': 0, 'title': ''}}}]))
        before = self.documents()
        folder = os.path.join(self.folder, 'new')
        manage_metadefs.export(folder)
        self.assertEqual(33, len(os.listdir(folder)))
        self.assertIn('CPUtopology.json', os.listdir(folder))
        manage_metadefs.unload()
        manage_metadefs.load(folder)
        self.assertEqual(_timeless(before), _timeless(self.documents()))
        self.assertEqual(['a', 'b'],
                         self.documents()['N']['objects'][0]['required'])

    def test_a_namespace_that_is_there_stays(self):
        manage_metadefs.load(self.write(description='old'))
        manage_metadefs.load(self.write(description='new', tags=[
            {'name': 't'}]))
        document = self.documents()['N']
        self.assertEqual(('old', []),
                         (document['description'], document['tags']))

    def merged(self, **how):
        old = {'properties': {'a': {'type': 'string', 'title': 'old'},
                              'b': {'type': 'string', 'title': 'old'}},
               'resource_type_associations': [{'name': 'R', 'prefix': 'o'}]}
        new = {'properties': {'a': {'type': 'string', 'title': 'new'},
                              'c': {'type': 'string', 'title': 'new'}},
               'resource_type_associations': [{'name': 'R', 'prefix': 'n'}]}
        manage_metadefs.load(self.write(description='old', **old))
        manage_metadefs.load(self.write(description='new', **new), **how)
        document = self.documents()['N']
        return (document['description'],
                document['resource_types'][0]['prefix'],
                {item['name']: item['schema']['title']
                 for item in document['properties']})

    def test_merging_keeps_the_old_and_adds_the_new(self):
        self.assertEqual(('old', 'o', {'a': 'old', 'b': 'old', 'c': 'new'}),
                         self.merged(merge=True))

    def test_prefer_new(self):
        self.assertEqual(('new', 'n', {'a': 'new', 'b': 'old', 'c': 'new'}),
                         self.merged(merge='True', prefer_new='True'))

    def test_overwriting_keeps_nothing_of_the_old(self):
        self.assertEqual(('new', 'n', {'a': 'new', 'c': 'new'}),
                         self.merged(merge=True, overwrite=True))

    def test_flags_that_do_not_fit_change_nothing(self):
        path = self.write()
        for how in ({'prefer_new': True}, {'overwrite': True},
                    {'merge': True, 'prefer_new': True, 'overwrite': True}):
            self.assertRaises(errors.UpgradeError, manage_metadefs.load,
                              path, **how)
        self.assertEqual({}, self.documents())

    def test_nothing_to_load(self):
        for folder in self.folder, self.folder + '/none':
            self.assertRaises(errors.UpgradeError, manage_metadefs.load,
                              folder)

    def test_what_was_installed_is_found(self):
        installed = os.path.join(self.folder, 'etc', 'glance', 'metadefs')
        os.makedirs(installed)
        self.useFixture(fixtures.MockPatchObject(sys, 'prefix', self.folder))
        named = os.path.join(self.folder, 'named')
        self.useFixture(config_fixture.Config(CONF)).config(
            metadata_source_path=named)
        self.assertEqual(installed, manage_metadefs._source())
        os.mkdir(named)
        self.assertEqual(named, manage_metadefs._source())

    def test_a_bad_file_is_told_and_the_others_load(self):
        self.write('good.json')
        for name, text in (('a.json', '{'), ('b.json', '[]'),
                           ('c.json', '{"namespace": ""}'),
                           ('d.json', '{"namespace": "x", "tags": 5}'),
                           ('e.json', '{"namespace": "x", "objects": [5]}'),
                           ('f.json', '{"namespace": "x", "owner": 5}'),
                           ('g.json', '\udcff')):
            with open(os.path.join(self.folder, name), 'w',
                      errors='surrogateescape') as file:
                file.write(text)
        self.assertEqual(1, manage_metadefs.load(self.folder))
        self.assertEqual(['N'], list(self.documents()))

    def test_export_into_a_file_is_refused(self):
        self.assertRaises(errors.UpgradeError, manage_metadefs.export,
                          self.write() + '/below')


def _timeless(documents):
    if isinstance(documents, dict):
        return {key: _timeless(item) for key, item in documents.items()
                if key not in ('created_at', 'updated_at')}
    if isinstance(documents, list):
        return [_timeless(item) for item in documents]
    return documents
