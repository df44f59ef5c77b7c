"""Databases of real releases: loading them, and what must hold afterwards."""

import contextlib
import gzip
import hashlib
import json
import os
import sqlite3
import subprocess
from urllib import parse

import fixtures
import sqlalchemy as sa

from tests.fixtures.servers import mariadb
from tests.fixtures.servers import postgresql

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(
    __file__))), 'data', 'old_databases')
ENGINES = ('mariadb', 'postgresql', 'sqlite')


def names():
    """POINT.ENGINE of every stored database."""
    return sorted(name.removesuffix('.json') for name in os.listdir(FOLDER)
                  if name.endswith('.json'))


def manifest(name):
    with open(os.path.join(FOLDER, name + '.json'),
              encoding='utf-8') as file:
        return json.load(file)


class EmptyDatabase(fixtures.Fixture):
    """`url` of a new database on the engine, for the time of a test."""

    def __init__(self, engine, charset=None):
        super().__init__()
        self.engine = engine
        self.charset = charset

    def _setUp(self):
        if self.engine == 'sqlite':
            self.url = 'sqlite:///%s/glance.sqlite' % (
                self.useFixture(fixtures.TempDir()).path)
        elif self.engine == 'mariadb':
            server = self.useFixture(mariadb.MariaDB())
            self.url = server.create_database('old', self.charset)
        else:
            server = self.useFixture(postgresql.PostgreSQL())
            self.url = server.create_database('old')


class OldDatabase(EmptyDatabase):
    """A stored database, loaded anew."""

    def __init__(self, name):
        self.name = name
        self.manifest = manifest(name)
        super().__init__(self.manifest['engine'],
                         self.manifest['database_charset'])

    def _setUp(self):
        super()._setUp()
        path = os.path.join(FOLDER, self.name + '.sql.gz')
        with gzip.open(path, 'rb') as file:
            _LOADERS[self.engine](parse.urlsplit(self.url), file.read())


def _load_sqlite(url, dump):
    with contextlib.closing(sqlite3.connect(url.path[1:])) as connection:
        connection.executescript(dump.decode())


def _load_mariadb(url, dump):
    subprocess.run(
        ['mariadb', '--no-defaults', '-h', url.hostname, '-P',
         str(url.port), '-u', url.username, '--password=%s' % url.password,
         '--default-character-set=utf8mb4', url.path[1:]],
        input=dump, check=True)


def _load_postgresql(url, dump):
    subprocess.run(
        ['psql', '-q', '-v', 'ON_ERROR_STOP=1', '-h', url.hostname, '-p',
         str(url.port), '-U', url.username, '-d', url.path[1:]],
        input=dump, check=True, stdout=subprocess.DEVNULL)


_LOADERS = {'sqlite': _load_sqlite, 'mariadb': _load_mariadb,
            'postgresql': _load_postgresql}


def counts(connection):
    """Rows of each table."""
    return {name: connection.scalar(
        sa.select(sa.func.count()).select_from(sa.table(name)))
        for name in sa.inspect(connection).get_table_names()}


def visibilities(connection):
    """Images of each visibility."""
    column = sa.column('visibility')
    return dict(connection.execute(
        sa.select(column, sa.func.count()).select_from(sa.table('images'))
        .group_by(column)).all())


def broken_facts(connection, facts):
    """The probes of a manifest that do not hold, with what is there."""
    broken = {}
    for probe in facts:
        found = _measure(connection, probe)
        if found != _wanted(probe):
            broken[probe['fact']] = found
    return broken


def _wanted(probe):
    if 'count' in probe:
        return probe['count']
    if 'sha256' in probe:
        return probe['length'], probe['sha256']
    return probe['expect']


def _measure(connection, probe):
    table = sa.Table(probe['table'], sa.MetaData(),
                     autoload_with=connection, resolve_fks=False)
    where = [table.c[name].is_(None) if value is None
             else table.c[name] == value
             for name, value in probe['where'].items()]
    if 'count' in probe:
        return connection.scalar(sa.select(sa.func.count())
                                 .select_from(table).where(*where))
    value = connection.scalar(
        sa.select(table.c[probe['column']]).where(*where))
    if 'sha256' in probe:
        return len(value), hashlib.sha256(value.encode()).hexdigest()
    if probe.get('json'):
        return json.loads(value)
    return bool(value) if isinstance(probe['expect'], bool) else value
