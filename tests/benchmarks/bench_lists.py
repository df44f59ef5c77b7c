"""What one page takes among few images and among many, by kind of query.

    python -m tests.benchmarks.bench_lists [--images FEW MANY] URL URL

An empty database is filled first; one that is not is measured as it is. All
kinds take turns, so that whatever else the machine does falls on each alike.
"""

import argparse
import collections
import datetime
import itertools
import os
import pathlib
import random
import statistics
import time
import uuid

import sqlalchemy as sa

from glance.conf import CONF
from glance.db.connect import engine
from glance.db.connect import mariadb
from glance.db.images import image_list
from glance.db.migrations.upgrade import lock
from glance.db.migrations.upgrade import phases
from glance.db import schema

QUERY = {'filters': [], 'properties': {}, 'tags': [], 'visibility': None,
         'member_status': 'accepted', 'os_hidden': False,
         'sort': [['created_at', 'desc'], ['id', 'desc']], 'marker': None,
         'limit': 25}
_BY_NAME = {'sort': [['name', 'asc'], ['created_at', 'asc'], ['id', 'asc']]}
_COMMON = {'properties': {'digit': '7'}}
_QUERIES = {
    '': {}, ', by name': _BY_NAME, ', property of 1 in 11': _COMMON,
    ', the same by name': dict(_COMMON, **_BY_NAME),
    ', property of 20': {'properties': {'os': 'os-77'}},
    ', tag of 20': {'tags': ['tag-77']},
    ', public': {'visibility': 'public'}, ', shared': {'visibility': 'shared'},
    ', private': {'visibility': 'private'},
    ', by size': {'sort': [['size', 'asc'], ['id', 'asc']]}}


def fill(count):
    """Images of a hundred projects, one in fifty public, each shared with
    another project.
    """
    chance = random.Random(1)
    start = datetime.datetime(2020, 1, 1)
    for first in range(0, count, 5000):
        images, properties, tags, locations = [], [], [], []
        members = []
        for number in range(first, min(first + 5000, count)):
            image_id = str(uuid.UUID(int=chance.getrandbits(128)))
            moment = start + datetime.timedelta(minutes=number)
            row = {'created_at': moment, 'updated_at': moment,
                   'deleted': False}
            images.append(dict(
                row, id=image_id, name='image-%d' % number,
                status='active', size=number, disk_format='qcow2',
                container_format='bare', owner='project-%d'
                % chance.randrange(100), min_disk=0, min_ram=0,
                protected=False, os_hidden=False,
                visibility='public' if number % 50 == 0 else 'shared'))
            row['image_id'] = image_id
            properties += [dict(row, name='os', value='os-%d'
                                % (number % 5000)),
                           dict(row, name='arch', value='x86_64'),
                           dict(row, name='digit', value=str(number % 11))]
            members.append(dict(row, member='project-%d' % (number % 97),
                                can_share=False, status='accepted'))
            tags.append(dict(row, value='tag-%d' % (number % 5000)))
            locations.append(dict(row, value='file:///images/' + image_id,
                                  meta_data='{"store": "file"}',
                                  status='active'))
        with engine.writer() as conn:
            conn.execute(schema.images.insert(), images)
            conn.execute(schema.image_properties.insert(), properties)
            conn.execute(schema.image_tags.insert(), tags)
            conn.execute(schema.image_members.insert(), members)
            conn.execute(schema.image_locations.insert(), locations)


def make_tables(url):
    CONF(['--config-file', '/dev/null'])
    CONF.set_override('connection', url, 'database')
    engine.configure()
    with lock.exclusive() as connection:
        phases.sync(connection)


def analyze():
    with engine.writer() as conn:
        if conn.dialect.name == 'postgresql':
            conn.exec_driver_sql('ANALYZE')


def server(conn):
    """Who does the work of a connection: a process on this machine."""
    if conn.dialect.name == 'sqlite':
        return os.getpid()
    if conn.dialect.name == 'postgresql':
        return conn.scalar(sa.text('SELECT pg_backend_pid()'))
    path = pathlib.Path(conn.exec_driver_sql('SELECT @@pid_file').scalar())
    return int(path.read_text())


def cpu_ms(process):
    tasks = pathlib.Path('/proc/%d/task' % process).iterdir()
    return sum(int((one / 'schedstat').read_text().split()[0])
               for one in tasks) / 1e6


def kinds():
    """{name: (query, project or None for the administrator)}"""
    found = {}
    for who, project in (('admin', None), ('project', 'project-7')):
        found.update({'%s%s' % (who, name): (query, project)
                      for name, query in _QUERIES.items()})
    found['project that sees little'] = {}, 'nobody'
    return found


def measure(conn, query, project):
    """:returns: milliseconds, CPU-ms of the database"""
    process = server(conn)
    cpu, begun = cpu_ms(process), time.perf_counter()
    image_list.list(conn, dict(QUERY, **query), project or 'admin',
                    project is None)
    return (time.perf_counter() - begun) * 1000, cpu_ms(process) - cpu


def prepared(url, images):
    """:returns: connection to a database with so many images, which are made
        if there is none
    """
    make_tables(url)
    with engine.reader() as conn:
        first = conn.execute(schema.images.select().limit(1)).first()
    if first is None:
        fill(images)
        analyze()
    conn = engine.get_engine().connect()
    conn.execution_options(**{mariadb.ALONE: True})
    return conn


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('small')
    parser.add_argument('large')
    parser.add_argument('--images', type=int, nargs=2, default=(1000, 100000))
    parser.add_argument('--rounds', type=int, default=9)
    args = parser.parse_args()
    conns = [prepared(*one) for one in zip((args.small, args.large),
                                           args.images)]
    found = collections.defaultdict(list)
    for _round, (name, kind), (number, conn) in itertools.product(
            range(args.rounds), kinds().items(), enumerate(conns)):
        found[name, number].append(measure(conn, *kind))
        conn.rollback()
    for name in kinds():
        small, large = ([statistics.median(column) for column in
                         zip(*found[name, number])] for number in (0, 1))
        print('%-30s %8.2f %8.2f ms %8.2f %8.2f CPU-ms %6.1f' % (
            name, small[0], large[0], small[1], large[1],
            large[1] / (small[1] or 1)), flush=True)


if __name__ == '__main__':
    main()
