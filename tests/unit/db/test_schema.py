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


def _plain(kind):
    """Without the display widths MariaDB gives integers."""
    return re.sub(r'^BOOL$', 'TINYINT',
                  re.sub(r'INT(EGER)?\((\d+)\)', r'INT\1', kind))


class TestMySQL(base.BaseTestCase):
    """What only tables of MySQL and MariaDB have."""

    def tables(self):
        script = alembic_script.ScriptDirectory.from_config(
            lineages._config(lineages.OWN))
        made = [one.module._metadata for one in script.walk_revisions()
                if hasattr(one.module, '_metadata')]
        self.assertLessEqual(5, len(made))
        for metadata in (own_schema.metadata, *made):
            yield from metadata.tables.values()

    def test_each_table_is_of_one_kind(self):
        for table in self.tables():
            text = str(sa.schema.CreateTable(table).compile(
                dialect=_DIALECTS['mysql']))
            self.assertIn('ENGINE=InnoDB', text)
            self.assertRegex(text, r'CHARSET=utf8mb4\b')

    def test_projects_are_told_apart_by_case(self):
        for table in self.tables():
            for dialect in mysql.dialect(), mariadb.MariaDBDialect():
                text = str(sa.schema.CreateTable(table).compile(
                    dialect=dialect))
                if table.name == 'project_locks':
                    self.assertIn('COLLATE utf8mb4_bin', text)
