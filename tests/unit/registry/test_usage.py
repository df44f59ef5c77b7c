"""Uses of images: the same whatever the order, counted, listed, forgotten."""

import random
import time
import uuid

from glance.common import context
from glance.db.connect import engine
from glance.db import own_schema
from glance.registry.endpoints import usage as endpoint
from tests.fixtures import usage
from tests.unit.registry import base

IMAGE, OTHER = str(uuid.uuid4()), str(uuid.uuid4())
DAY = 86400 * 1000
QUERY = {'project_id': None, 'is_current': True, 'marker': None, 'limit': 10}


def now():
    return int(time.time() * 1000)


class UsageTestCase(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.usage = endpoint.UsageEndpoint()

    def merge(self, *statements):
        return self.usage.merge(self.admin, statements=list(statements))

    def say(self, number=1, image=IMAGE, ago=0, is_gone=False, project='p',
            kind='server'):
        return {'at_ms': now() - ago, 'kind': kind,
                'id': str(uuid.UUID(int=number)), 'project_id': project,
                'image_id': image, 'is_gone': is_gone}

    def held(self, number=1, image=IMAGE, kind='server'):
        return {'kind': kind, 'id': str(uuid.UUID(int=number)),
                'image_id': image}

    def rows(self):
        with engine.reader() as conn:
            table = own_schema.image_uses
            return [tuple(row) for row in conn.execute(
                table.select().order_by(*table.primary_key))]

    def sums(self):
        table = own_schema.image_usage
        with engine.reader() as conn:
            return {row.image_id: (row.use_count, row.last_used_ms)
                    for row in conn.execute(table.select())
                    if row.image_id}

    def counts(self):
        return {one: count for one, (count, _last) in self.sums().items()}

    def list(self, image=IMAGE, project='p', **query):
        return self.usage.list(context.BusContext(project_id=project),
                               image_id=image, query=dict(QUERY, **query))


class MergeTest(UsageTestCase):

    def test_a_use_begins_and_ends(self):
        first = self.say(ago=5000)
        self.assertEqual({'changed': 1, 'ignored': 0,
                          'begun': [self.held()], 'ended': []},
                         self.merge(first))
        self.assertEqual({IMAGE: (1, first['at_ms'] // 1000 * 1000)},
                         self.sums())
        last = self.say(is_gone=True)
        self.merge(last)
        self.assertEqual({IMAGE: (0, last['at_ms'] // 1000 * 1000)},
                         self.sums())

    def test_what_is_known_changes_nothing(self):
        first = self.say()
        self.merge(first)
        self.assertEqual(0, self.merge(first, first)['changed'])

    def test_a_rebuild_moves_the_use(self):
        self.merge(self.say(ago=5000))
        answer = self.merge(self.say(image=OTHER))
        self.assertEqual({IMAGE: 0, OTHER: 1}, self.counts())
        self.assertEqual(([self.held(image=OTHER)], [self.held()]),
                         (answer['begun'], answer['ended']))

    def test_a_delete_before_the_create(self):
        self.merge(self.say(image=None, is_gone=True))
        self.merge(self.say(ago=5000))
        self.assertEqual({IMAGE: 0}, self.counts())

    def test_what_is_too_old_or_from_the_future_is_ignored(self):
        self.assertEqual(2, self.merge(
            self.say(ago=31 * DAY), self.say(ago=-2 * 3600 * 1000)
        )['ignored'])
        self.assertEqual([], self.rows())
        self.assertEqual(1, self.merge(self.say(ago=29 * DAY))['changed'])

    def test_nothing_said_is_nothing_done(self):
        self.assertEqual({'changed': 0, 'ignored': 0, 'begun': [],
                          'ended': []}, self.merge())

    def test_kinds_are_told_apart(self):
        self.merge(self.say(), self.say(kind='volume'),
                   self.say(kind='shelved'))
        self.assertEqual({IMAGE: 3}, self.counts())


class WeighTest(UsageTestCase):

    def weigh(self, *statements):
        return self.usage.weigh(self.admin, statements=list(statements))

    def test_it_tells_what_a_merge_does_and_changes_nothing(self):
        self.merge(self.say(ago=5000), self.say(2, ago=5000))
        before = self.rows(), self.sums()
        said = [self.say(image=OTHER), self.say(2, is_gone=True),
                self.say(3), self.say(4, ago=31 * DAY)]
        answer = self.weigh(*said)
        self.assertEqual(before, (self.rows(), self.sums()))
        self.assertEqual(answer, self.merge(*said))
        self.assertEqual([self.held(image=OTHER), self.held(3)],
                         answer['begun'])
        self.assertEqual([self.held(), self.held(2)], answer['ended'])

    def test_the_dead_do_not_come_back(self):
        self.merge(self.say(is_gone=True, ago=5000))
        self.assertEqual([], self.weigh(self.say())['begun'])


class GoingOnTest(UsageTestCase):

    def ids(self, kind='server', ids=None, said_before_ms=None, marker=None,
            limit=10):
        return [uuid.UUID(one['id']).int for one in self.usage.list_going_on(
            self.admin, query={
                'kind': kind, 'ids': ids, 'said_before_ms': said_before_ms,
                'marker': marker, 'limit': limit})]

    def setUp(self):
        super().setUp()
        self.merge(*(self.say(number, ago=number * 10000)
                     for number in (3, 1, 10, 2)),
                   self.say(4, kind='volume'), self.say(5, is_gone=True))

    def test_those_of_a_kind_by_id(self):
        self.assertEqual([1, 2, 3, 10], self.ids())
        self.assertEqual([4], self.ids('volume'))
        self.assertEqual([], self.ids('backup'))

    def test_all_pages_together(self):
        found, marker = [], None
        while page := self.ids(limit=3, marker=marker):
            found += page
            marker = str(uuid.UUID(int=page[-1]))
        self.assertEqual([1, 2, 3, 10], found)

    def test_those_of_some_consumers(self):
        ids = [str(uuid.UUID(int=number)) for number in (10, 1, 5, 7)]
        self.assertEqual([1, 10], self.ids(ids=ids))
        self.assertEqual([], self.ids(ids=[]))

    def test_those_of_whom_nothing_was_said_since(self):
        self.assertEqual([3, 10], self.ids(said_before_ms=now() - 25000))

    def test_what_is_answered(self):
        found = self.usage.list_going_on(self.admin, query={
            'kind': 'volume', 'ids': None, 'said_before_ms': None,
            'marker': None, 'limit': 1})
        self.assertEqual([self.held(4, kind='volume')], found)


class StoryTest(UsageTestCase):
    """The recorded story, told in many ways."""

    def tell(self, messages):
        self.merge(*usage.statements(messages))

    def outcome(self):
        found = self.rows(), self.sums()
        with engine.writer() as conn:
            for table in (own_schema.image_uses, own_schema.image_usage):
                conn.execute(table.delete())
        return found

    def test_what_is_known_in_the_end(self):
        self.tell(one['message'] for one in usage.recorded())
        counts = self.counts()
        self.assertEqual((2, 0, 2), tuple(counts[one] for one in (
            usage.RAW, usage.QCOW2, usage.OF_VOLUMES)))
        self.assertEqual(
            {('server', usage.SERVER), ('server', usage.REBUILT)},
            {(one['kind'], one['id'])
             for one in self.list(usage.RAW, usage.PROJECT)['uses']})
        self.assertEqual([usage.REBUILT], [one['id'] for one in self.list(
            usage.QCOW2, usage.PROJECT, is_current=False)['uses']])

    def test_200_shuffles_with_doubles_and_killed_conductors(self):
        messages = [one['message'] for one in usage.recorded()]
        self.tell(messages)
        expected = self.outcome()
        for seed in range(200):
            self.tell_shuffled(messages, random.Random(seed))
            self.assertEqual(expected, self.outcome(), seed)

    def tell_shuffled(self, messages, chance):
        """In each tenth a conductor dies, before or after the registry has
        heard of its batch: another one gets the same again.
        """
        told = messages + chance.sample(messages, len(messages) // 4)
        chance.shuffle(told)
        size = len(told) // 10 + 1
        for start in range(0, len(told), size):
            batch = told[start:start + size]
            if chance.random() < .5:
                self.tell(batch[:chance.randrange(len(batch) + 1)])
            self.tell(batch)


class ListTest(UsageTestCase):

    def setUp(self):
        super().setUp()
        self.merge(*(self.say(number, ago=number * 1000, project=project)
                     for number, project in enumerate('ppqpq', 1)))

    def ids(self, **query):
        return [uuid.UUID(one['id']).int
                for one in self.list(**query)['uses']]

    def test_the_newest_come_first(self):
        self.assertEqual([1, 2, 3, 4, 5], self.ids())

    def test_those_of_a_project(self):
        self.assertEqual([1, 2, 4], self.ids(project_id='p'))
        self.assertEqual([], self.ids(project_id='P'))

    def test_all_pages_together(self):
        for is_current in (True, False):
            found, marker = [], None
            while page := self.list(limit=2, marker=marker,
                                    is_current=is_current):
                if not page['uses']:
                    break
                found += [uuid.UUID(one['id']).int for one in page['uses']]
                marker = page['marker']
            self.assertEqual([1, 2, 3, 4, 5], found)
            self.merge(*(self.say(number, is_gone=True, project='p')
                         for number in range(1, 6)))
            self.assertEqual([], self.ids())
            with engine.writer() as conn:   # all at one moment
                conn.execute(own_schema.image_uses.update(),
                             {'until_ms': now()})

    def test_counts_are_told_beside(self):
        page = self.list(project='q', limit=1)
        self.assertEqual((5, 2), (page['total'], page['of_project']))
        page = self.list(image=OTHER)
        self.assertEqual((0, 0, []), (page['total'], page['of_project'],
                                      page['uses']))

    def test_what_a_use_is(self):
        use = self.list(limit=1)['uses'][0]
        self.assertEqual(('server', 'p', None),
                         (use['kind'], use['project_id'], use['until']))
        self.assertEqual(use['since'], use['last_seen'])
        self.assertRegex(use['since'], r'\A\d{4}(-\d\d){2}T(\d\d:){2}\d\dZ')


class FoldTest(UsageTestCase):

    def setUp(self):
        super().setUp()
        for image_id in (IMAGE, OTHER):
            self.create(id=image_id)
        self.fold()

    def fold(self, limit=100):
        return self.usage.fold(self.admin, limit=limit)

    def end(self, days):
        table = own_schema.image_uses
        with engine.writer() as conn:
            conn.execute(table.update().where(table.c.until_ms.is_not(None)),
                         {'until_ms': now() - days * DAY})

    def test_what_ended_long_ago_goes_and_the_sums_stay(self):
        self.merge(self.say(is_gone=True), self.say(2))
        sums = self.sums()
        self.end(days=29)
        self.assertEqual(0, self.fold())
        self.end(days=31)
        self.assertEqual(1, self.fold())
        self.assertEqual(1, len(self.rows()))
        self.assertEqual(sums, self.sums())

    def test_sums_of_images_that_are_not_here_go(self):
        gone = str(uuid.uuid4())
        self.merge(self.say(image=gone, is_gone=True), self.say(2))
        with engine.writer() as conn:
            conn.execute(own_schema.image_usage.update().where(
                own_schema.image_usage.c.image_id != ''),
                {'last_used_ms': now() - 31 * DAY})
        self.fold()
        self.assertEqual({IMAGE: 1, OTHER: 0}, self.counts())

    def test_a_tombstone_ends(self):
        self.merge(self.say(image=None, is_gone=True))
        self.end(days=31)
        self.assertEqual(1, self.fold())
        self.assertEqual([], self.rows())

    def test_a_use_that_goes_on_stays(self):
        self.merge(self.say(ago=5000), self.say(image=OTHER))
        self.end(days=31)
        self.assertEqual(1, self.fold())
        self.assertEqual([OTHER], [row[2] for row in self.rows()])

    def test_what_is_known_of_the_dead_goes_together(self):
        self.merge(self.say(ago=5000), self.say(image=OTHER, is_gone=True))
        table = own_schema.image_uses
        with engine.writer() as conn:
            conn.execute(table.update().where(table.c.image_id == IMAGE),
                         {'until_ms': now() - 31 * DAY})
        self.assertEqual(0, self.fold())
        self.end(days=31)
        self.assertEqual(2, self.fold(limit=1))
