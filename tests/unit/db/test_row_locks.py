"""A row that is new, on each engine."""

from oslotest import base
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

from glance.db import own_schema
from glance.db import row_locks


class TestInsert(base.BaseTestCase):

    def test_a_row_that_is_there_stays(self):
        for name, dialect, begin, end in (
                ('mysql', mysql, 'INSERT IGNORE INTO', '(%s, %s)'),
                ('mariadb', mysql, 'INSERT IGNORE INTO', '(%s, %s)'),
                ('postgresql', postgresql, 'INSERT INTO',
                 'ON CONFLICT DO NOTHING'),
                ('sqlite', sqlite, 'INSERT INTO',
                 'ON CONFLICT DO NOTHING')):
            insert = row_locks._insert(name, own_schema.project_locks)
            text = str(insert.compile(dialect=dialect.dialect()))
            self.assertTrue(text.startswith(begin + ' project_locks'), text)
            self.assertTrue(text.endswith(end), text)
