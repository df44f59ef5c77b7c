"""Whole namespaces into the database and out of it."""

from oslotest import base

from glance.db.connect import engine
from glance.db.metadefs import loading
from glance.db.metadefs import resource_types
from glance.db import schema
from tests.fixtures import database


def document(name='N', description='old', **kinds):
    return dict({
        'namespace': name, 'display_name': None, 'description': description,
        'visibility': 'public', 'protected': True, 'owner': 'admin',
        'objects': [], 'properties': [], 'tags': [], 'resource_types': []},
        **kinds)


def property_(name, title='old'):
    return {'name': name, 'schema': {'type': 'string', 'title': title}}


def link(name, prefix='old'):
    return {'name': name, 'prefix': prefix, 'properties_target': None}


OLD = document(properties=[property_('a'), property_('b')],
               resource_types=[link('R')])
NEW = document(description='new', tags=[{'name': 't'}],
               properties=[property_('b', 'new'), property_('c', 'new')],
               resource_types=[link('R', 'new'), link('S', 'new')])


class LoadingTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(database.Database())
        self.load(document('other', tags=[{'name': 'stays'}]))

    def load(self, *args, **kwargs):
        with engine.writer() as conn:
            return loading.load(conn, *args, **kwargs)

    def found(self):
        """Description, properties, prefixes and tags of the namespace."""
        with engine.reader() as conn:
            first, other = loading.export(conn)
        self.assertEqual(('N', 'other'), (first['namespace'],
                                          other['namespace']))
        self.assertEqual(['stays'], [tag['name'] for tag in other['tags']])
        return (first['description'],
                {one['name']: one['schema']['title']
                 for one in first['properties']},
                {one['name']: one['prefix']
                 for one in first['resource_types']},
                [tag['name'] for tag in first['tags']])

    def check(self, expected, **how):
        self.assertTrue(self.load(OLD))
        self.assertTrue(self.load(NEW, merge=True, **how))
        self.assertEqual(expected, self.found())

    def test_what_is_there_stays(self):
        self.assertTrue(self.load(OLD))
        for how in {}, {'prefer_new': True}, {'overwrite': True}:
            self.assertFalse(self.load(NEW, **how))
        self.assertEqual(('old', {'a': 'old', 'b': 'old'}, {'R': 'old'}, []),
                         self.found())

    def test_what_is_missing_is_added(self):
        self.check(('old', {'a': 'old', 'b': 'old', 'c': 'new'},
                    {'R': 'old', 'S': 'new'}, ['t']))

    def test_what_is_new_is_preferred(self):
        self.check(('new', {'a': 'old', 'b': 'new', 'c': 'new'},
                    {'R': 'new', 'S': 'new'}, ['t']), prefer_new=True)

    def test_nothing_of_the_old_is_kept(self):
        self.check(('new', {'b': 'new', 'c': 'new'},
                    {'R': 'new', 'S': 'new'}, ['t']), overwrite=True)

    def test_attributes_come_out_as_they_went_in(self):
        self.load(OLD)
        with engine.reader() as conn:
            found = loading.export(conn)[0]
        self.assertEqual(
            (None, 'public', True, 'admin'), tuple(
                found[name] for name in ('display_name', 'visibility',
                                         'protected', 'owner')))

    def test_resource_types_of_files_are_protected(self):
        self.load(OLD)
        with engine.reader() as conn:
            row, = conn.execute(schema.metadef_resource_types.select()).all()
        self.assertEqual(('R', True), (row.name, row.protected))

    def test_nothing_is_left_after_unloading(self):
        self.load(NEW)
        with engine.writer() as conn:
            loading.unload(conn)
            self.assertEqual([], loading.export(conn))
            self.assertEqual([], resource_types.list(conn))
        for name, table in schema.metadata.tables.items():
            if name.startswith('metadef_'):
                with engine.reader() as conn:
                    self.assertEqual([], conn.execute(table.select()).all())
