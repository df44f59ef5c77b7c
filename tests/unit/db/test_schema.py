"""The tables that queries are built from are those of the contract."""

import re

from alembic import script as alembic_script
from oslotest import base
import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects.mysql import mariadb
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite
import testscenarios

from glance.db.migrations.upgrade import lineages
from glance.db.migrations.upstream import artifacts
from glance.db import own_schema
from glance.db import schema
from tests.fixtures import database_shape

_DIALECTS = {'mysql': mysql.dialect(), 'postgresql': postgresql.dialect(),
             'sqlite': sqlite.dialect()}


class TestSchema(testscenarios.WithScenarios, base.BaseTestCase):

    scenarios = [(name, {'engine': name}) for name in _DIALECTS]

    def test_columns_are_those_of_the_contract(self):
        for name, table in self.agreed().items():
            found = schema.metadata.tables[name]
            self.assertEqual(
                [(column, _plain(kind), nullable) for column, (
                    kind, nullable, default) in table['columns'].items()],
                [(column.name, self.type_name(column), column.nullable)
                 for column in found.columns], name)

    def test_defaults_are_what_the_service_fills_in(self):
        """What the service fills in; the last are given by each statement."""
        given = {('image_locations', 'meta_data'), ('images', 'id'),
                 ('metadef_objects', 'json_schema'), ('tasks', 'id'),
                 ('metadef_properties', 'json_schema')}
        tables = database_shape.contract()['tables']
        for table in schema.metadata.tables.values():
            self.assertEqual(
                {column['name']: column.get('app_default')
                 for column in tables[table.name]['columns']
                 if (table.name, column['name']) not in given},
                {column.name: _default(column) for column in table.columns
                 if (table.name, column.name) not in given})

    def test_keys_are_those_of_the_contract(self):
        for name, table in self.agreed().items():
            found = schema.metadata.tables[name]
            self.assertEqual(table['primary_key'],
                             [column.name for column in found.primary_key])
            self.assertEqual(
                sorted(target for columns, target
                       in table['foreign_keys'].values()),
                sorted('%s(%s)' % (key.column.table.name, key.column.name)
                       for key in found.foreign_keys), name)

    def test_every_table_is_an_attribute(self):
        for name, table in schema.metadata.tables.items():
            self.assertIs(table, getattr(schema, name))
        self.assertEqual(set(self.agreed()), set(schema.metadata.tables))

    def agreed(self):
        tables = database_shape.agreed(self.engine)
        del tables['alembic_version']
        return tables

    def type_name(self, column):
        if column.name == 'visibility' and self.engine != 'sqlite' and (
                column.table is schema.images):
            return 'ENUM(%s)' % ', '.join(column.type.enums)
        return _plain(column.type.compile(_DIALECTS[self.engine]))


def _columns(table, dialect):
    """Each as the database is told of it."""
    text = str(sa.schema.CreateTable(table).compile(dialect=dialect))
    return [line.strip().rstrip(',') for line in text.split('\n')[2:]
            if line.startswith('\t')]


def _default(column):
    if column.default is None:
        return None
    return ('current UTC time' if column.default.is_callable
            else column.default.arg)


def _plain(kind):
    """Without the display widths MariaDB gives integers."""
    return re.sub(r'^BOOL$', 'TINYINT',
                  re.sub(r'INT(EGER)?\((\d+)\)', r'INT\1', kind))


def _made(lineage):
    """The tables that the steps of a lineage make."""
    script = alembic_script.ScriptDirectory.from_config(
        lineages._config(lineage))
    found = [one.module._metadata for one in script.walk_revisions()
             if hasattr(one.module, '_metadata')]
    return [table for metadata in found for table in metadata.tables.values()]


class TestMySQL(base.BaseTestCase):
    """What only tables of MySQL and MariaDB have."""

    def tables(self):
        made = _made(lineages.OWN)
        self.assertLessEqual(5, len(made))
        yield from (*own_schema.metadata.tables.values(), *made)

    def said(self, table, dialect=mysql.dialect()):
        return str(sa.schema.CreateTable(table).compile(dialect=dialect))

    def test_each_table_is_of_one_kind(self):
        for table in self.tables():
            text = self.said(table)
            self.assertIn('ENGINE=InnoDB', text)
            self.assertRegex(text, r'CHARSET=utf8mb4\b')

    def test_upstream_tables_have_three_bytes_a_character(self):
        tables = [*_made(lineages.UPSTREAM),
                  *artifacts.metadata.tables.values()]
        self.assertLess(20, len(tables))
        for table in tables:
            text = self.said(table)
            self.assertIn('ENGINE=InnoDB', text)
            self.assertRegex(text, r'CHARSET=utf8\b')

    def test_projects_are_told_apart_by_case(self):
        for table in self.tables():
            for dialect in mysql.dialect(), mariadb.MariaDBDialect():
                if table.name == 'project_locks':
                    self.assertIn('COLLATE utf8mb4_bin',
                                  self.said(table, dialect))


class TestUpstreamSteps(base.BaseTestCase):

    def test_types_of_each_engine(self):
        for name, dialect in _DIALECTS.items():
            agreed = database_shape.agreed(name)
            for table in _made(lineages.UPSTREAM):
                wanted = agreed[table.name]['columns']
                self.assertEqual(
                    {column: _plain(kind) for column, (
                        kind, _nullable, _default) in wanted.items()
                     if column in table.c},
                    {column.name: _plain(column.type.compile(dialect))
                     for column in table.c if column.name in wanted})


class TestOwnSchema(base.BaseTestCase):

    def test_columns_are_those_that_migrations_make(self):
        for table in _made(lineages.OWN):
            now = own_schema.metadata.tables[table.name]
            for dialect in _DIALECTS.values():
                self.assertLessEqual(set(_columns(table, dialect)),
                                     set(_columns(now, dialect)))

    def test_what_the_database_numbers(self):
        """The ids of locations and nodes are given by other tables."""
        self.assertEqual({'outbox.seq', 'cache_queue.id'}, {
            str(column) for table in own_schema.metadata.tables.values()
            for column in table.columns
            if column is table.autoincrement_column})
