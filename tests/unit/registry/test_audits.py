"""Audits: what is due, what is bad, and who gets which data."""

import json

from glance.common import exceptions
from glance.db.connect import engine
from glance.db.images import locations as location_rows
from glance.db import own_schema
from glance.db import schema
from glance.registry.endpoints import audits
from glance.registry.endpoints import locations
from tests.unit.registry import base

FACTS = {'size': 3, 'checksum': 'c' * 32, 'os_hash_algo': 'sha512',
         'os_hash_value': 'h' * 128, 'virtual_size': 3}


class AuditsTestCase(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.audits = audits.AuditsEndpoint()
        self.locations = locations.LocationsEndpoint()
        self.image_id = self.create()['id']
        self.upload(self.image_id, 'file:///a')
        self.events()

    def add(self, url='file:///b'):
        with engine.writer() as conn:
            location_rows.create(conn, self.image_id, url, {'store': 'b'})

    def seen(self):
        return [(one['url'], one['status']) for one in
                self.get(self.owner, self.image_id)['locations']]

    def place(self, position=0):
        location = self.get(self.owner, self.image_id)['locations'][position]
        return {name: location[name] for name in ('id', 'url')}

    def passed(self, position=0, **facts):
        self.audits.passed(self.admin, image_id=self.image_id,
                           location=self.place(position),
                           facts=dict(FACTS, **facts))

    def failed(self, position=0):
        return self.audits.failed(self.admin, image_id=self.image_id,
                                  location=self.place(position),
                                  reason='hash')

    def due(self, after=0, seconds=1000, bad_seconds=1000):
        return [entry['location']['url'] for entry in self.audits.list_due(
            self.admin, after=after, limit=10, seconds=seconds,
            bad_seconds=bad_seconds)]

    def unknown(self):
        return [entry['location']['url'] for entry in
                self.audits.list_unknown(self.admin, after=0, limit=10)]

    def units(self):
        with engine.reader() as conn:
            return [(row.kind, json.loads(row.input), row.id) for row in
                    conn.execute(own_schema.work.select()).all()]

    def payloads(self):
        with engine.reader() as conn:
            return [json.loads(row.payload) for row in
                    conn.execute(own_schema.outbox.select()).all()]

    def change(self, **columns):
        with engine.writer() as conn:
            conn.execute(schema.images.update(), columns)

    def heal(self, url='file:///new', location=None):
        (_kind, given, work_id), = self.units()
        self.audits.healed(
            self.admin, work_id=work_id, attempt=0, image_id=self.image_id,
            location=location or {name: given[name]
                                  for name in ('id', 'url')},
            written={'url': url, 'metadata': {'store': 's'}})


class DueTest(AuditsTestCase):

    def test_never_read(self):
        entry, = self.audits.list_due(self.admin, after=0, limit=10,
                                      seconds=9, bad_seconds=9)
        self.assertEqual(
            {'id': self.image_id, 'size': 3, 'virtual_size': None,
             'checksum': 'c' * 32, 'os_hash_algo': 'sha512',
             'os_hash_value': 'h' * 128, 'disk_format': 'raw',
             'container_format': 'bare'}, entry['image'])
        self.assertEqual(self.place() | {'metadata': {'store': 'file'}},
                         entry['location'])
        self.assertIsNone(entry['reason'])

    def test_in_pages(self):
        self.add()
        first = self.place()['id']
        self.assertEqual(['file:///b'], self.due(after=first))
        for method in self.audits.list_due, self.audits.list_unknown:
            more = {} if method == self.audits.list_unknown else {
                'seconds': 9, 'bad_seconds': 9}
            self.assertEqual(1, len(method(self.admin, after=0, limit=1,
                                           **more)))

    def test_oldest_first(self):
        self.add()
        self.add('file:///c')
        self.passed(1)
        with engine.writer() as conn:
            conn.execute(own_schema.audits.update(), {'audited_ms': 7})
        self.passed(0)
        found, after = [], None
        for _ in range(3):
            entry, = self.audits.list_oldest(
                self.admin, after=after, limit=1, seconds=-1, bad_seconds=9)
            found.append(entry['location']['url'])
            after = entry['place']
        self.assertEqual(['file:///c', 'file:///b', 'file:///a'], found)
        self.assertEqual([], self.audits.list_oldest(
            self.admin, after=after, limit=1, seconds=-1, bad_seconds=9))

    def test_read_lately(self):
        self.passed()
        self.assertEqual([], self.due())
        self.assertEqual(['file:///a'], self.due(seconds=-1))

    def test_only_the_one_that_was_read(self):
        for judge in self.passed, self.failed:
            self.add('file:///' + judge.__name__)
            judge(-1)
            self.assertEqual(['file:///a'], self.due())

    def test_what_was_skipped_is_due_no_more(self):
        self.add()
        self.audits.skipped(self.admin, location_ids=[self.place(1)['id']])
        self.assertEqual(['file:///a'], self.due())
        self.assertEqual(['file:///a'], self.unknown())
        self.audits.skipped(self.admin, location_ids=[
            self.place(0)['id'], self.place(1)['id']])
        self.assertEqual([], self.due())
        self.assertEqual([], self.unknown())

    def test_bad_ones_have_their_own_time(self):
        self.failed()
        self.assertEqual([], self.due(seconds=-1))
        self.assertEqual(['file:///a'], self.due(bad_seconds=-1))

    def test_only_what_is_used(self):
        for columns in ({'status': 'queued'}, {'deleted': True}):
            self.change(**dict({'status': 'active', 'deleted': False},
                               **columns))
            self.assertEqual([], self.due())
        self.change(status='deactivated', deleted=False)
        self.assertEqual(['file:///a'], self.due())

    def test_lacking_facts(self):
        self.assertEqual(['file:///a'], self.unknown())
        self.passed()
        self.assertEqual([], self.unknown())

    def test_what_lacks_nothing(self):
        self.change(virtual_size=3)
        self.assertEqual([], self.unknown())
        self.change(virtual_size=None, container_format='ova')
        self.assertEqual([], self.unknown())
        self.change(os_hash_value=None)
        self.assertEqual(['file:///a'], self.unknown())


class JudgedTest(AuditsTestCase):

    def test_good_data_adds_missing_facts_once(self):
        self.passed()
        self.assertEqual(3, self.get(self.owner,
                                     self.image_id)['virtual_size'])
        self.assertEqual(['image.update'], self.events())
        self.passed()
        self.assertEqual([], self.events())

    def test_what_is_known_stays(self):
        self.passed(checksum='x' * 32)
        self.assertEqual('c' * 32, self.get(self.owner,
                                            self.image_id)['checksum'])

    def test_bad_without_another_copy(self):
        self.assertFalse(self.failed())
        self.assertEqual([('file:///a', 'bad')], self.seen())
        self.assertEqual([], self.units())
        payload, = self.payloads()
        self.assertEqual(('bad', 'hash', 'file', 'active'), tuple(
            payload[name] for name in ('result', 'reason', 'store',
                                       'status')))
        self.assertEqual(['image.audit'], self.events())
        self.assertFalse(self.failed())
        self.assertEqual([], self.events())

    def test_lists_say_so_too(self):
        self.failed()
        image, = self.images.list(self.owner, query=base.QUERY)
        self.assertEqual(['bad'], [one['status']
                                   for one in image['locations']])

    def test_good_again(self):
        self.failed()
        self.passed(virtual_size=None)
        self.assertEqual([('file:///a', 'active')], self.seen())
        self.assertEqual(['image.audit', 'image.audit'], self.events())

    def test_what_has_changed_meanwhile(self):
        place = self.place()
        for wrong in (dict(place, url='file:///x'), dict(place, id=-1)):
            self.assertIsNone(self.audits.failed(
                self.admin, image_id=self.image_id, location=wrong,
                reason='hash'))
        self.images.delete(self.owner, image_id=self.image_id)
        self.events()
        self.assertIsNone(self.audits.failed(
            self.admin, image_id=self.image_id, location=place,
            reason='hash'))
        self.assertEqual([], self.events())
        self.assertEqual(['delete_data'], [unit[0] for unit in self.units()])

    def test_the_last_good_one_stays(self):
        self.add()
        self.failed(0)
        bad, good = self.get(self.owner, self.image_id)['locations']

        def delete(location):
            return self.locations.begin_delete(
                self.owner, image_id=self.image_id,
                location_id=location['id'], url=location['url'])
        self.assertRaises(exceptions.Forbidden, delete, good)
        self.assertEqual(1, delete(bad)['attempt'])

    def test_data_of_bad_ones_is_deleted_with_the_image(self):
        self.failed()
        self.images.delete(self.owner, image_id=self.image_id)
        self.assertEqual(['delete_data'], [one[0] for one in self.units()])
        self.audits.forget_deleted(self.admin)
        with engine.reader() as conn:
            for table in (own_schema.audits, own_schema.bad_locations):
                self.assertEqual([], conn.execute(table.select()).all())


class PatchTest(AuditsTestCase):
    """Users change the locations that they see."""

    def setUp(self):
        super().setUp()
        self.add()
        self.failed(0)

    def change(self, before, after):
        def places(urls):
            return [{'url': url, 'metadata': {'store': 'b'},
                     'status': 'active'} for url in urls]
        self.locations.update(
            self.owner, image_id=self.image_id, changes={'locations': {
                'before': places(before), 'after': places(after),
                'limit': 10, 'size': 3, 'attributes': {}}})

    def test_bad_ones_stay_what_they_are(self):
        self.change(['file:///b'], ['file:///c', 'file:///b'])
        self.assertEqual([('file:///a', 'bad'), ('file:///c', 'active'),
                          ('file:///b', 'active')], self.seen())

    def test_the_last_good_one_cannot_be_removed(self):
        self.assertRaises(exceptions.Forbidden, self.change, ['file:///b'],
                          [])

    def test_other_data_is_read_again(self):
        self.passed(1)
        self.assertEqual([], self.due())
        self.change(['file:///b'], ['file:///c', 'file:///b'])
        self.assertEqual(['file:///c', 'file:///b'], self.due())


class HealTest(AuditsTestCase):

    def setUp(self):
        super().setUp()
        self.add()
        self.assertTrue(self.failed(0))
        self.events()

    def test_bad_data_is_healed_by_one_unit(self):
        (kind, given, _id), = self.units()
        self.assertEqual('heal_location', kind)
        self.assertEqual(dict(self.place(), metadata={'store': 'file'}),
                         given)
        self.failed(0)
        self.assertEqual(1, len(self.units()))

    def test_healed_data_keeps_its_location(self):
        before = self.place()['id']
        self.heal()
        self.assertEqual([('file:///new', 'active'),
                          ('file:///b', 'active')], self.seen())
        self.assertEqual(before, self.place()['id'])
        self.assertEqual({'store': 's'}, self.get(
            self.owner, self.image_id)['locations'][0]['metadata'])
        self.assertEqual(['file:///b'], self.due())
        self.assertEqual(['file:///b'], self.unknown())
        self.assertEqual(['file:///new', 'file:///b'],
                         self.due(seconds=-1))
        self.audits.forget_deleted(self.admin)
        deletion = [one for one in self.units() if one[0] == 'delete_data']
        self.assertEqual(
            [{'url': 'file:///a', 'metadata': {'store': 'file'},
              'delayed': False, 'location': None, 'stays': True}],
            [one[1] for one in deletion])
        self.assertEqual(['image.audit'], self.events())

    def test_same_place(self):
        """What was missing is there again, under its old name."""
        self.heal('file:///a')
        self.assertEqual([('file:///a', 'active'),
                          ('file:///b', 'active')], self.seen())
        self.assertEqual(['heal_location'], [one[0] for one in self.units()])

    def test_others_have_the_work(self):
        with engine.writer() as conn:
            conn.execute(own_schema.work.update(), {'attempt': 7})
        self.assertRaises(exceptions.LeaseLost, self.heal)
        self.assertEqual('bad', self.seen()[0][1])

    def test_nothing_to_heal(self):
        self.passed(0)
        self.assertRaises(exceptions.Gone, self.heal)
        self.assertEqual('file:///a', self.seen()[0][0])
