"""One bad row, whatever is in it, hides no other row of a page."""

import uuid

from oslo_db import exception as db_exc
import sqlalchemy as sa

from glance.db.connect import engine
from glance.db.images import locations
from glance.db import own_schema
from glance.db import schema
from glance.db import stored
from glance.registry.endpoints import audits
from glance.registry.endpoints.metadefs import definitions
from glance.registry.endpoints.metadefs import namespaces
from glance.registry.endpoints import tasks
from tests.unit.registry import base

_JUNK = ("NULL", "''", "'{'", "'[]'", "'9999-99-99 00:00:00'", "'infinity'",
         "'99999-01-01 00:00:00'", "CAST(X'ff' AS CHAR)")
# By these rows are found; the rest of a row may be anything.
_KEYS = ('id', 'image_id', 'task_id', 'namespace_id', 'resource_type_id',
         'deleted', 'owner', 'namespace', 'member')


class BadRowsTest(base.RegistryTestCase):

    # SQLite keeps a text in a column of numbers, and gives it back.
    are_answers_checked = False

    def setUp(self):
        super().setUp()
        self.namespaces = namespaces.NamespacesEndpoint()
        self.definitions = definitions.DefinitionsEndpoint()
        self.tasks = tasks.TasksEndpoint()
        self.audits = audits.AuditsEndpoint()
        for name in ('good', 'bad'):
            self.make(name)

    def make(self, name):
        image_id = self.create(name=name, tags=['t'], properties={'p': 'v'},
                               visibility='private')['id']
        self.upload(image_id, 'file:///%s' % name)
        self.members.create(self.owner, image_id=image_id, member_id='m',
                            limit=-1)
        self.tasks.create(self.owner, task={
            'id': str(uuid.uuid4()), 'type': 'import', 'owner': 'owner',
            'image_id': image_id, 'request_id': 'r', 'user_id': 'u',
            'input': {'a': 1}}, plan={'kind': 'import', 'input': {}})
        item = {'name': name, 'description': None, 'required': [],
                'properties': {}, 'schema': {}, 'prefix': None,
                'properties_target': None}
        self.namespaces.create(self.owner, values=dict({
            'namespace': name, 'display_name': None, 'description': None,
            'visibility': 'public', 'protected': False, 'owner': 'owner'},
            **dict.fromkeys(('resource_types', 'objects', 'tags',
                             'properties'), [item])))

    def test_each_column(self):
        for table in (schema.images, schema.image_properties,
                      schema.image_tags, schema.image_locations,
                      schema.image_members, schema.tasks, schema.task_info,
                      *(table for name, table in
                        schema.metadata.tables.items()
                        if name.startswith('metadef_'))):
            for column in table.columns:
                if column.name not in _KEYS:
                    for value in _JUNK:
                        self.check(table, column, value)

    def check(self, table, column, value):
        key = list(table.primary_key)[0]
        with engine.reader() as conn:
            was = conn.execute(sa.select(key, sa.type_coerce(
                column, sa.types.NullType)).order_by(key.desc())).first()
        at = ' WHERE %s = :key' % key.name
        statement = 'UPDATE %s SET %s = ' % (table.name, column.name)
        try:
            with engine.writer() as conn:
                if conn.dialect.name == 'mysql':
                    # As old servers did, take anything.
                    conn.exec_driver_sql("SET SESSION sql_mode = ''")
                conn.execute(sa.text(statement + value + at), {'key': was[0]})
        except (db_exc.DBError, sa.exc.DBAPIError):
            # This database would not hold it.
            return
        try:
            self.check_pages_with(table)
        except Exception as error:
            self.fail('%s = %s: %r' % (column, value, error))
        with engine.writer() as conn:
            conn.execute(sa.text(statement + ':was' + at),
                         {'key': was[0], 'was': was[1]})

    def check_pages_with(self, table):
        """The pages that a row of this table is shown in, or looked up for."""
        if table.name.startswith('metadef_'):
            self.check_namespaces()
            return
        if table.name in ('tasks', 'task_info'):
            self.check_tasks()
        self.check_images()
        self.audits.list_due(self.admin, after=0, limit=5, seconds=1,
                             bad_seconds=1)
        with engine.reader() as conn:
            for one in locations.list_all(conn):
                self.assertIsInstance(one['metadata'], dict)

    def check_images(self):
        for ctxt in (self.owner, self.admin):
            images = self.images.list(ctxt, query=dict(
                base.QUERY, visibility='all', max_bytes=1 << 20))['images']
            # What a value says may hide its own row.
            self.assertIn(len(images), (1, 2))
        # The administrator sees all that the owner does.
        for image in images:
            self.assertIsNotNone(self.get(self.admin, image['id']))
            self.members.list(self.owner, image_id=image['id'])
            self.tasks.list_of_image(self.owner, image_id=image['id'])

    def check_tasks(self):
        self.assertIn(len(self.tasks.list(self.owner, query={
            'filters': {}, 'sort_key': 'created_at', 'sort_dir': 'desc',
            'marker': None, 'limit': 5})), (1, 2))

    def check_namespaces(self):
        found = self.namespaces.list(self.owner, query={
            'visibility': None, 'resource_types': [],
            'sort': ['created_at', 'asc'], 'marker': None, 'limit': 5})
        self.assertEqual(2, len(found))
        for one in found:
            self.namespaces.get(self.owner, name=one['namespace'],
                                parts=['objects', 'properties', 'tags',
                                       'resource_types'])
        self.definitions.list_resource_types(self.owner)

    def test_what_work_has_noted(self):
        for text in ('', '{', '[1]', '5', '"x"', 'null'):
            with engine.writer() as conn:
                conn.execute(own_schema.work.update().values(progress=text))
            self.check_tasks()
            for image in self.images.list(self.admin, query=base.QUERY):
                for task in self.tasks.list_of_image(
                        self.admin, image_id=image['id']):
                    self.assertIsNone(task['progress'])
                    self.assertIsNone(self.tasks.get(
                        self.admin, task_id=task['id'])['progress'])

    def test_one_warning(self):
        with engine.writer() as conn:
            conn.execute(schema.image_locations.update().values(meta_data=''))
        stored._warn.cache_clear()
        with self.assertLogs('glance.db.stored', 'WARNING') as logged:
            for _time in range(3):
                found = self.images.list(self.admin, query=base.QUERY)
        self.assertEqual([{}, {}], [one['locations'][0]['metadata']
                                    for one in found])
        self.assertEqual(2, len(logged.output))
