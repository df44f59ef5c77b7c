import itertools

from oslotest import base
import sqlalchemy as sa

from glance.db.connect import engine
from glance.db.migrations.upgrade import phases
from glance.db.migrations.upgrade import resource_types
from glance.db import schema
from tests.fixtures import database

OLD, NEW = 'OS::Nova::Instance', 'OS::Nova::Server'
types = schema.metadef_resource_types
associations = schema.metadef_namespace_resource_types


class TestResourceTypes(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(database.Database())

    def fill(self, connection, names, uses):
        """:param uses: {namespace: names of the types it is for}"""
        for table in (associations, types, schema.metadef_namespaces):
            connection.execute(table.delete())
        keys = {}
        for number, name in enumerate(names, 1):
            keys[name] = number
            connection.execute(types.insert(), {
                'id': number, 'name': name, 'protected': False})
        for number, (namespace, used) in enumerate(uses.items(), 1):
            connection.execute(schema.metadef_namespaces.insert(), {
                'id': number, 'namespace': namespace, 'owner': 'o'})
            for name in used:
                connection.execute(associations.insert(), {
                    'resource_type_id': keys[name], 'namespace_id': number})

    def uses(self, connection):
        namespaces = schema.metadef_namespaces
        return sorted(map(tuple, connection.execute(
            sa.select(namespaces.c.namespace, types.c.name)
            .select_from(associations)
            .join(types, types.c.id == associations.c.resource_type_id)
            .join(namespaces,
                  namespaces.c.id == associations.c.namespace_id))))

    def test_whatever_is_there(self):
        """Each set of names, each way to use them."""
        for names in ([OLD], [NEW], [OLD, NEW], [NEW, OLD], ['x']):
            ways = [used for length in range(len(names) + 1)
                    for used in itertools.combinations(names, length)]
            uses = {'n%d' % number: used for number, used in enumerate(ways)}
            with engine.writer() as connection:
                self.fill(connection, names, uses)
                changed = resource_types.convert(connection)
                self.assertEqual(int(OLD in names), changed, names)
                self.assertEqual(0, phases.pending_rows(connection))
                left = connection.scalars(sa.select(types.c.name)).all()
                self.assertEqual(['x'] if names == ['x'] else [NEW], left)
                self.assertEqual(
                    sorted((namespace, left[0]) for namespace, used
                           in uses.items() if used), self.uses(connection))
