"""Our indexes, as each engine gets them."""

import types

from alembic import op
import fixtures
from oslotest import base
import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects.mysql import mariadb
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

from glance.db.migrations.own import indexes

_DIALECTS = {'mysql': mysql.dialect(), 'mariadb': mariadb.MariaDBDialect(),
             'postgresql': postgresql.dialect(), 'sqlite': sqlite.dialect()}
_SAME = [
    'images_created_at ON images (created_at, id)',
    'images_owner ON images (owner, created_at, id)',
    'images_visibility ON images (visibility, created_at, id)',
    'image_tags_value ON image_tags (value, image_id)',
    'image_members_member ON image_members (member, image_id, status)']
_NAME = 'images_name ON images (%s, created_at DESC, id DESC)'
_VALUE = 'image_properties_value ON image_properties (name, %s, image_id)'


class TestIndexes(base.BaseTestCase):

    def created(self, dialect):
        said = []

        def create(name, table, columns, **kwargs):
            made = sa.Table(table, sa.MetaData(), *(
                sa.Column(column, sa.String) for column in columns
                if isinstance(column, str) and column.isidentifier()))
            index = sa.Index(name, *(
                made.c[column] if column in made.c else sa.text(str(column))
                for column in map(self.plain, columns)), **kwargs)
            if index.table is None:
                made.append_constraint(index)
            said.append(str(sa.schema.CreateIndex(index).compile(
                dialect=_DIALECTS[dialect])))
        for name, value in (
                ('alembic.op.create_index', create),
                ('alembic.op.get_bind', lambda: types.SimpleNamespace(
                    dialect=_DIALECTS[dialect])),
                ('glance.db.migrations.ensure.has_index',
                 lambda table, name: False)):
            self.useFixture(fixtures.MonkeyPatch(name, value))
        indexes.create()
        self.assertIs(create, op.create_index)
        return [text.removeprefix('CREATE INDEX ix_own_').replace('`', '')
                for text in said]

    @staticmethod
    def plain(column):
        return column if isinstance(column, str) else str(column)

    def test_each_engine(self):
        for dialect, name, value in (
                ('sqlite', 'name', 'value'),
                ('mysql', 'name', 'value(100)'),
                ('mariadb', 'name', 'value(100)'),
                ('postgresql', 'name NULLS FIRST',
                 'substr(value, 1, 100)')):
            self.assertEqual([*_SAME, _NAME % name, _VALUE % value],
                             self.created(dialect))
