"""A page of a list looks at few images, however many there are."""

import datetime

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base as testcase

from glance.conf import CONF
from glance.db.connect import engine
from glance.db.images import image_list
from glance.db import own_schema
from glance.db import schema
from glance.db.usage import unused
from tests.fixtures import database
from tests.fixtures.servers import mariadb
from tests.unit.registry import base

_IMAGES = 3000
_LIMIT = 10
# Rows that a statement may read for a page: with those of other tables, and
# of the other ways that it does not take.
_MOST = 1000
_START = datetime.datetime(2024, 1, 1)


def _by(key, direction='asc'):
    return {'sort': [[key, direction], ['id', direction]]}


_NAME = {'sort': [['name', 'asc'], ['created_at', 'asc'], ['id', 'asc']]}
_QUERIES = {
    'the newest': {}, 'by name': _NAME,
    'a common property': {'properties': {'p': 'common'}},
    'a common property by name': {'properties': {'p': 'common'}, **_NAME},
    'a rare property': {'properties': {'p': 'rare'}},
    'a common tag': {'tags': ['common']},
    'of one visibility': {'visibility': 'public'},
    'last used': _by('os_last_used_at', 'desc'),
    'never used': _by('os_last_used_at'),
    'most used': _by('os_usage_count', 'desc'),
    'used by none': {'filters': [['os_usage_count', 'eq', 0]]},
    'used by some': {'filters': [['os_usage_count', 'gt', 0]]}}


class ListPlansTest(testcase.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(config_fixture.Config(CONF)).config(
            enabled=True, group='usage')
        self.useFixture(database.Database(database.shared(
            self.useFixture(mariadb.MariaDB()))))
        self.useFixture(fixtures.MonkeyPatch(
            'glance.db.images.list_filters.FEW', 30))
        with engine.writer() as conn:
            _fill(conn)
        with engine.writer() as conn:
            unused.fill(conn)
        with engine.writer() as conn:
            for name in ('images', 'image_properties', 'image_tags',
                         'image_members', 'image_usage'):
                conn.exec_driver_sql('ANALYZE TABLE ' + name).all()

    def rows_read(self, conn):
        return sum(int(row[1]) for row in conn.exec_driver_sql(
            "SHOW SESSION STATUS LIKE 'Handler_read%%'")
            if row[0] != 'Handler_read_rnd_deleted')

    def check(self, project, is_admin):
        with engine.reader() as conn:
            for name, query in _QUERIES.items():
                with self.subTest(name):
                    self.check_one(conn, project, is_admin, query)

    def check_one(self, conn, project, is_admin, query):
        query = dict(base.QUERY, limit=_LIMIT, **query)
        page = self.check_page(conn, query, project, is_admin)
        self.assertEqual(_LIMIT, len(page['images']))
        marker = page['images'][-1]['id']
        self.check_page(conn, dict(query, marker=marker), project, is_admin)

    def check_page(self, conn, query, *who):
        before = self.rows_read(conn)
        page = image_list.list(conn, query, *who)
        self.assertLess(self.rows_read(conn) - before, _MOST, query)
        return page

    def test_an_administrator_reads_few_rows(self):
        self.check('admin', True)

    def test_a_project_reads_few_rows(self):
        self.check('p', False)


def _fill(conn):
    numbers = range(_IMAGES)
    rows = [{'created_at': _START + datetime.timedelta(minutes=number),
             'updated_at': _START, 'deleted': False} for number in numbers]
    ids = ['image %04d' % (number * 7 % _IMAGES) for number in numbers]
    conn.execute(schema.images.insert(), [
        dict(row, id=one, status='active', name='name %d' % number,
             owner='p' if number % 3 else 'q',
             visibility='public' if number % 4 == 0 else 'shared')
        for number, (one, row) in enumerate(zip(ids, rows))])
    conn.execute(schema.image_properties.insert(), [
        dict(row, image_id=one, name='p',
             value='common' if number % 5 else 'rare' if number % 125 == 0
             else 'another') for number, (one, row) in enumerate(
                 zip(ids, rows))])
    conn.execute(schema.image_tags.insert(), [
        dict(row, image_id=one, value='common')
        for one, row in zip(ids[::2], rows)])
    conn.execute(own_schema.image_usage.insert(), [
        {'image_id': one, 'use_count': number % 11 % 3,
         'last_used_ms': 1000 * number + 1000}
        for number, one in enumerate(ids) if number % 7 < 4])
