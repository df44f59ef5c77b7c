"""What lists say to PostgreSQL, which unit tests have not."""

import re

from oslotest import base
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

from glance.db.images import image_list

QUERY = {'filters': [], 'properties': {}, 'tags': [], 'visibility': None,
         'member_status': 'accepted', 'os_hidden': False, 'marker': None,
         'sort': [['id', 'asc']], 'limit': 25}
# Columns of images that may be null and that lists are sorted by.
NULLABLE = {'name', 'size', 'disk_format', 'container_format', 'updated_at'}


def said(is_postgresql=True, is_admin=True, **query):
    dialect = postgresql.dialect() if is_postgresql else sqlite.dialect()
    shape = image_list.Shape(dict(QUERY, **query), is_admin, dialect.name)
    text = str(image_list._statement(shape).compile(dialect=dialect))
    return re.sub(r'\s+', ' ', text)


class TestOrder(base.BaseTestCase):

    def test_nulls_come_first_when_ascending(self):
        for key in sorted({*NULLABLE, 'created_at', 'id', 'status'}):
            for direction, words in (('asc', 'ASC NULLS FIRST'),
                                     ('desc', 'DESC NULLS LAST')):
                text = said(sort=[[key, direction]])
                self.assertEqual(key in NULLABLE, words in text, text)
                self.assertNotIn('NULLS', said(
                    is_postgresql=False, sort=[[key, direction]]))


class TestProperties(base.BaseTestCase):

    def test_the_beginning_of_a_value_is_compared_as_the_index_has_it(self):
        text = re.sub(r'%\(\w+\)s(::\w+)?', 'X', said(properties={'a': 'b'}))
        for part in ('substr(image_properties.value, X, 100) = '
                     'substr(X, X, 100)', 'image_properties.value = X'):
            self.assertIn(part, text)
        self.assertNotIn('substr', said(is_postgresql=False,
                                        properties={'a': 'b'}))
