"""What lists by the use of images, pages of uses and merging cost, by engine.

    python -m tests.benchmarks.bench_usage [--images N] [--uses N] URL

An empty database is filled first; one that is not is measured as it is.
All kinds of query take turns, so that whatever else the machine does falls on
each alike, and are compared with a first page of images without usage.
"""

import argparse
import datetime
import itertools
import random
import statistics
import time
import uuid

import sqlalchemy as sa

from glance.conf import CONF
from glance.db.connect import engine
from glance.db.images import image_list
from glance.db import own_schema
from glance.db import schema
from glance.db.usage import pages
from glance.db.usage import unused
from glance.db.usage import uses
from tests.benchmarks import bench_lists

_BATCH = 100
_HOUR = 3600 * 1000
_BY_LAST = {'sort': [['os_last_used_at', 'desc'], ['id', 'desc']]}
_BY_FIRST = {'sort': [['os_last_used_at', 'asc'], ['id', 'asc']]}


def fill(images, number, unused):
    """Uses of all images but the last `unused`, a fiftieth of one image; half
    of them go on.

    :param images: ids
    """
    chance = random.Random(2)
    now = int(time.time() * 1000)
    used = images[:len(images) - unused]
    sums = {}
    for first in range(0, number, 10000):
        rows = []
        for one in range(first, min(first + 10000, number)):
            image_id = (used[0] if one % 50 == 0
                        else used[chance.randrange(len(used))])
            since = now - chance.randrange(1, 20 * 24 * _HOUR)
            seen = since + chance.randrange(now - since)
            until = seen if one % 2 else None
            count, last = sums.get(image_id, (0, 0))
            sums[image_id] = (count + (until is None), max(last, seen))
            rows.append({
                'kind': 'server', 'consumer_id': str(uuid.UUID(int=one)),
                'image_id': image_id, 'since_ms': since, 'seen_ms': seen,
                'project_id': 'project-%d' % chance.randrange(100),
                'gone_ms': until, 'until_ms': until})
        with engine.writer() as conn:
            conn.execute(uses.uses.insert(), rows)
    with engine.writer() as conn:
        conn.execute(own_schema.image_usage.insert(), [
            {'image_id': image_id, 'use_count': count,
             'last_used_ms': last // 1000 * 1000}
            for image_id, (count, last) in sums.items()])
    return used[0]


def count_unused():
    while True:
        with engine.writer() as conn:
            if not unused.fill(conn):
                return


def images_by(project=None, enabled=True, **query):
    """:returns: what reads a page of images in the eyes of a project, or of
        the administrator
    """
    wanted = dict(bench_lists.QUERY, **query)

    def read(conn):
        CONF.set_override('enabled', enabled, 'usage')
        image_list.list(conn, wanted, project or 'admin', project is None)
    return read


def uses_of(image_id, project=None, is_current=True):
    query = {'project_id': project, 'is_current': is_current, 'marker': None,
             'limit': 25}
    return lambda conn: pages.get(conn, image_id, project, query)


def ago(days):
    moment = datetime.datetime.now(
        datetime.timezone.utc) - datetime.timedelta(days=days)
    return moment.strftime('%Y-%m-%dT%H:%M:%S')


def by_time(operator, days):
    return {'filters': [['os_last_used_at', operator, ago(days)]]}


def ids():
    with engine.reader() as conn:
        return conn.scalars(sa.select(schema.images.c.id).order_by(
            schema.images.c.created_at)).all()


def kinds(popular):
    """{name: function of a connection}; the first one is the measure."""
    found = {'plain': images_by(enabled=False),
             'plain, with the fields': images_by(),
             'plain, of a project': images_by('project-7', False)}
    for who, project in (('administrator', None), ('project', 'project-7')):
        for what, query in (
                ('last used first', _BY_LAST), ('never used first', _BY_FIRST),
                ('used since an hour', by_time('gt', 1 / 24)),
                ('not used for 15 days', by_time('lt', 15)),
                ('the same, last used first', dict(
                    by_time('lt', 15), **_BY_LAST)),
                ('used by none', {'filters': [['os_usage_count', 'eq', 0]]}),
                ('used by some', {'filters': [['os_usage_count', 'gt', 0]]})):
            found['%s: %s' % (who, what)] = images_by(project, **query)
        found['%s: uses' % who] = uses_of(popular, project)
        found['%s: ended uses' % who] = uses_of(popular, project, False)
    return found


def measure(reads, rounds):
    """:returns: {name: [(milliseconds, CPU-ms of the database)]}"""
    found = {name: [] for name in reads}
    with engine.reader() as conn:
        process = bench_lists.server(conn)
        for _round, (name, read) in itertools.product(
                range(rounds), reads.items()):
            cpu, begun = bench_lists.cpu_ms(process), time.perf_counter()
            read(conn)
            found[name].append(((time.perf_counter() - begun) * 1000,
                                bench_lists.cpu_ms(process) - cpu))
    return found


def show(found):
    measured = {name: [statistics.median(column) for column in zip(*some)]
                for name, some in found.items()}
    plain = measured['plain']
    for name, (wall, cpu) in measured.items():
        print('%-42s %8.2f ms %6.2f %8.2f CPU-ms %6.2f' % (
            name, wall, wall / plain[0], cpu, cpu / plain[1]), flush=True)


def merge(images, rounds):
    """Batches of statements: a third each on new consumers, on known ones,
    and on those that are gone now.
    """
    chance = random.Random(3)
    times = []
    for one in range(rounds):
        now = int(time.time() * 1000)
        said = [{'at_ms': now, 'kind': 'server', 'project_id': 'project-7',
                 'id': str(uuid.UUID(int=chance.randrange(len(images)))
                           if number % 3 else uuid.uuid4()),
                 'image_id': images[chance.randrange(len(images))],
                 'is_gone': number % 3 == 2} for number in range(_BATCH)]
        with engine.writer() as conn:
            process = bench_lists.server(conn)
            cpu, begun = bench_lists.cpu_ms(process), time.perf_counter()
            own = time.process_time()
            uses.merge(conn, said, 30)
            times.append(((time.perf_counter() - begun) * 1000,
                          bench_lists.cpu_ms(process) - cpu,
                          (time.process_time() - own) * 1000))
    print('%d statements: %.1f ms, CPU-ms of the database %.1f, ours %.1f' % (
        _BATCH, *map(statistics.median, zip(*times))))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('url')
    parser.add_argument('--images', type=int, default=100000)
    parser.add_argument('--uses', type=int, default=1000000)
    parser.add_argument('--unused', type=int, default=0)
    parser.add_argument('--rounds', type=int, default=25)
    args = parser.parse_args()
    bench_lists.make_tables(args.url)
    if not (images := ids()):
        bench_lists.fill(args.images)
        images = ids()
        fill(images, args.uses, args.unused)
        count_unused()
        bench_lists.analyze()
    show(measure(kinds(images[0]), args.rounds))
    merge(images, args.rounds)


if __name__ == '__main__':
    main()
