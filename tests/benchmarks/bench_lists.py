"""How long one page takes among many images, by engine and kind of query.

    python -m tests.benchmarks.bench_lists [--images N] [URL of a database]
"""

import argparse
import datetime
import random
import statistics
import time
import uuid

from glance.conf import CONF
from glance.db.connect import engine
from glance.db.images import image_list
from glance.db.migrations.upgrade import lock
from glance.db.migrations.upgrade import phases
from glance.db import schema

QUERY = {'filters': [], 'properties': {}, 'tags': [], 'visibility': None,
         'member_status': 'accepted', 'os_hidden': False,
         'sort': [['created_at', 'desc'], ['id', 'desc']], 'marker': None,
         'limit': 25}


def fill(count):
    """Images of a hundred projects, one in fifty public."""
    chance = random.Random(1)
    start = datetime.datetime(2020, 1, 1)
    for first in range(0, count, 5000):
        images, properties, tags, locations = [], [], [], []
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
                           dict(row, name='arch', value='x86_64')]
            tags.append(dict(row, value='tag-%d' % (number % 5000)))
            locations.append(dict(row, value='file:///images/' + image_id,
                                  meta_data='{"store": "file"}',
                                  status='active'))
        with engine.writer() as conn:
            conn.execute(schema.images.insert(), images)
            conn.execute(schema.image_properties.insert(), properties)
            conn.execute(schema.image_tags.insert(), tags)
            conn.execute(schema.image_locations.insert(), locations)
    return images[0]['id']


def median_ms(repeat=9, **query):
    project = query.pop('project', None)
    times = []
    for _ in range(repeat):
        with engine.reader() as conn:
            begun = time.perf_counter()
            image_list.list(conn, dict(QUERY, **query), project or 'admin',
                            project is None)
            times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def make_tables(url):
    CONF(['--config-file', '/dev/null'])
    CONF.set_override('connection', url, 'database')
    with lock.exclusive() as connection:
        phases.sync(connection)


def analyze():
    with engine.writer() as conn:
        if conn.dialect.name == 'postgresql':
            conn.exec_driver_sql('ANALYZE')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('url', nargs='?', default='sqlite:///')
    parser.add_argument('--images', type=int, default=100000)
    args = parser.parse_args()
    make_tables(args.url)
    marker = fill(args.images)
    analyze()
    for name, query in (
            ('admin', {}), ('project', {'project': 'project-7'}),
            ('project that sees little', {'project': 'nobody'}),
            ('admin, marker', {'marker': marker}),
            ('project, by name', {
                'project': 'project-7',
                'sort': [['name', 'asc'], ['created_at', 'desc'],
                         ['id', 'desc']]}),
            ('admin, by name', {
                'sort': [['name', 'asc'], ['created_at', 'desc'],
                         ['id', 'desc']]}),
            ('admin, tag', {'tags': ['tag-77']}),
            ('admin, property', {'properties': {'os': 'os-77'}}),
            ('project, property', {'project': 'project-7',
                                   'properties': {'os': 'os-77'}})):
        print('%-28s %8.2f ms' % (name, median_ms(**query)))


if __name__ == '__main__':
    main()
