"""Liberty with both names of a resource type: upgraded once, handed back."""

from oslotest import base
import sqlalchemy as sa
import testscenarios

from glance.db.connect import engine
from glance.db import own_schema
from tests.native.upgrades import manage
from tests.native.upgrades import old_databases

OLD, NEW = 'OS::Nova::Instance', 'OS::Nova::Server'
_TYPES = sa.table('metadef_resource_types', sa.column('id'),
                  sa.column('name', sa.String), sa.column('protected'),
                  sa.column('created_at'))
_USES = sa.table('metadef_namespace_resource_types',
                 sa.column('resource_type_id'), sa.column('namespace_id'),
                 sa.column('properties_target', sa.String),
                 sa.column('prefix', sa.String), sa.column('created_at'))


class TestBothForms(testscenarios.WithScenarios, base.BaseTestCase):
    """As the definitions of a later release, loaded too early, leave it."""

    scenarios = [(name, {'engine': name}) for name in old_databases.ENGINES]

    def setUp(self):
        super().setUp()
        self.old = self.useFixture(old_databases.OldDatabase(
            'liberty-11.' + self.engine))
        self.manage = self.useFixture(manage.Manage(self.old.url))
        self.database = sa.create_engine(
            engine.database_url(self.old.url), poolclass=sa.NullPool)

    def succeed(self, *arguments):
        status, output, errors = self.manage.run(*arguments)
        self.assertEqual(0, status, errors)
        return output

    def associations(self, connection):
        """:returns: sorted (namespace id, type, prefix)"""
        return sorted(map(tuple, connection.execute(
            sa.select(_USES.c.namespace_id, _TYPES.c.name, _USES.c.prefix)
            .join(_TYPES, _TYPES.c.id == _USES.c.resource_type_id))),
            key=str)

    def add_new_form(self, connection):
        """Half of the old one's namespaces have both, two only the new one.
        """
        old = connection.execute(sa.select(_TYPES).where(
            _TYPES.c.name == OLD)).mappings().one()
        new = 1 + connection.scalar(sa.select(sa.func.max(_TYPES.c.id)))
        connection.execute(_TYPES.insert(), {
            'id': new, 'name': NEW, 'protected': old['protected'],
            'created_at': old['created_at']})
        used = connection.scalars(sa.select(_USES.c.namespace_id).where(
            _USES.c.resource_type_id == old['id'])
            .order_by(_USES.c.namespace_id)).all()
        others = connection.scalars(
            sa.select(_USES.c.namespace_id).distinct().where(
                _USES.c.namespace_id.not_in(used))
            .order_by(_USES.c.namespace_id).limit(2)).all()
        connection.execute(_USES.insert(), [
            {'resource_type_id': new, 'namespace_id': namespace,
             'prefix': 'new_', 'created_at': old['created_at']}
            for namespace in (*used[::2], *others)])
        return used, others

    def test_there_and_back(self):
        with self.database.begin() as connection:
            before = self.associations(connection)
            used, others = self.add_new_form(connection)
        self.assertEqual(3, len(used))
        wanted = sorted(
            [one for one in before if one[1] != OLD]
            + [(namespace, NEW, 'new_')
               for namespace in (*used[::2], *others)]
            + [(namespace, NEW, None) for namespace in used[1::2]], key=str)
        self.succeed('db', 'sync')
        self.check(wanted)
        self.succeed('db', 'check')
        self.succeed('db', 'remove_own')
        self.check(wanted)
        with self.database.connect() as connection:
            tables = set(sa.inspect(connection).get_table_names())
            self.assertEqual(set(), tables & {
                *own_schema.metadata.tables, 'glance_own_version'})
            self.assertEqual(['2024_1_contract01'], connection.scalars(
                sa.text('SELECT version_num FROM alembic_version')).all())
        self.succeed('db', 'sync')
        self.check(wanted)

    def check(self, wanted):
        with self.database.connect() as connection:
            names = connection.scalars(sa.select(_TYPES.c.name)).all()
            self.assertEqual(7, len(names), names)
            self.assertNotIn(OLD, names)
            self.assertEqual(wanted, self.associations(connection))
            # Everything else came through as well.
            facts = [probe for probe in self.old.manifest['probes']
                     if not probe.get('informational')]
            self.assertEqual({}, old_databases.broken_facts(connection,
                                                            facts))
            self.assertEqual(self.old.manifest['wanted']['visibility'],
                             old_databases.visibilities(connection))
