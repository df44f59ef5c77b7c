"""What expressions say to each engine."""

import re

from oslotest import base
import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects.mysql import mariadb
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

from glance.db import types

_DIALECTS = {'mysql': mysql.dialect(), 'mariadb': mariadb.MariaDBDialect(),
             'postgresql': postgresql.dialect(), 'sqlite': sqlite.dialect()}
_table = sa.table('t', sa.column('a', types.Exact(9)),
                  sa.column('b', types.ExactText()),
                  sa.column('n', sa.Integer), sa.column('f', sa.Boolean))


def _said(expression, name):
    text = str(expression.compile(
        dialect=_DIALECTS[name], compile_kwargs={'literal_binds': True}))
    return re.sub(r'\s+', ' ', text)


class ExpressionTest(base.BaseTestCase):

    def check(self, expression, **expected):
        for names, text in expected.items():
            for name in names.split('_'):
                self.assertEqual(text, _said(expression, name), name)

    def test_now_is_the_milliseconds_of_the_server(self):
        self.check(
            types.now_ms(),
            mysql_mariadb="(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', "
                          "UTC_TIMESTAMP(3)) DIV 1000)",
            postgresql='CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 '
                       'AS BIGINT)',
            sqlite="CAST((julianday('now') - 2440587.5) * 86400000 AS "
                   "INTEGER)")

    def test_octets_count_bytes_on_each_engine(self):
        self.check(types.octets(_table.c.a),
                   mysql_mariadb_postgresql='octet_length(t.a)',
                   sqlite='length(t.a)')

    def test_json_functions_have_the_names_of_each_engine(self):
        for kind, in_mysql, in_postgresql, in_sqlite in (
                (types.json_object_agg, 'JSON_OBJECTAGG', 'json_object_agg',
                 'json_group_object'),
                (types.json_array_agg, 'JSON_ARRAYAGG', 'json_agg',
                 'json_group_array'),
                (types.json_row, 'JSON_OBJECT', 'json_build_object',
                 'json_object')):
            self.check(kind(_table.c.a, _table.c.n),
                       mysql_mariadb='%s(t.a, t.n)' % in_mysql,
                       postgresql='%s(t.a, t.n)' % in_postgresql,
                       sqlite='%s(t.a, t.n)' % in_sqlite)

    def test_no_index(self):
        self.check(types.unindexed(_table.c.f), mysql_mariadb='(t.f + 0)',
                   postgresql='t.f', sqlite='+t.f')
        self.check(types.unindexed(_table.c.n), mysql_mariadb='t.n',
                   postgresql='t.n', sqlite='+t.n')

    def test_bytes_decide_where_the_collation_finds(self):
        """Bytes decide, and the collation finds."""
        for column in _table.c.a, _table.c.b:
            name = str(column)
            self.check(
                column == 'x', postgresql_sqlite="(%s = 'x')" % name,
                mysql_mariadb="(%s = 'x' AND CAST(%s AS BINARY) = 'x')"
                              % (name, name))
            self.check(
                column != 'x', postgresql_sqlite="(%s != 'x')" % name,
                mysql_mariadb="(CAST(%s AS BINARY) != 'x')" % name)
            self.check(
                column.in_(['x']), postgresql_sqlite="(%s IN ('x'))" % name,
                mysql_mariadb="(%s IN ('x') AND CAST(%s AS BINARY) IN ('x'))"
                              % (name, name))

    def test_exact_says_nothing_of_the_order(self):
        self.check(_table.c.a > 'x',
                   mysql_mariadb_postgresql_sqlite="t.a > 'x'")
        self.check(_table.c.a.is_(None),
                   mysql_mariadb_postgresql_sqlite='t.a IS NULL')
        self.check(types.by_collation(_table.c.a) == 'x',
                   mysql_mariadb_postgresql_sqlite="t.a = 'x'")

    def test_columns_have_the_types_of_each_engine(self):
        table = sa.Table('x', sa.MetaData(),
                         sa.Column('k', types.BigKey, primary_key=True),
                         sa.Column('l', types.LongText))
        for names, key, text in (
                (('mysql', 'mariadb'), 'BIGINT',
                 'MEDIUMTEXT CHARACTER SET utf8mb4'),
                (('postgresql',), 'BIGSERIAL', 'TEXT'),
                (('sqlite',), 'INTEGER', 'TEXT')):
            for name in names:
                said = _said(sa.schema.CreateTable(table), name)
                self.assertIn('k %s NOT NULL' % key, said)
                self.assertRegex(said, r'l %s[,) ]' % text)


class LenientTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        engine = sa.create_engine('sqlite://')
        self.connection = engine.connect()
        self.addCleanup(engine.dispose)
        self.addCleanup(self.connection.close)

    def read(self, value, kind):
        return self.connection.scalar(sa.select(sa.literal_column(
            value, types.Lenient(*kind))))

    def test_what_is_known(self):
        for value, kind, expected in (
                ("'a'", (sa.Enum('a', 'b'), 'b'), 'a'),
                ('NULL', (sa.Enum('a', 'b'), 'b'), None),
                ('3', (sa.Integer(), 7), 3)):
            self.assertEqual(expected, self.read(value, kind))
        self.assertEqual(2026, self.read("'2026-11-22 02:01:07.000000'",
                                         (sa.DateTime(),)).year)

    def test_what_is_not(self):
        for value, kind, expected in (
                ("'c'", (sa.Enum('a', 'b'), 'b'), 'b'),
                ("'yesterday'", (sa.DateTime(),), None),
                ("'three'", (sa.Integer(), 7), 7), ('5', (sa.DateTime(),),
                                                    None)):
            self.assertEqual(expected, self.read(value, kind))

    def test_copies_are_as_lenient(self):
        table = sa.Table('x', sa.MetaData(), sa.Column(
            'e', types.Lenient(sa.Enum('a'), 'a')))
        copied = table.to_metadata(sa.MetaData()).c.e.type
        self.assertEqual(('a', ['a']), (copied.default, copied.impl.enums))
