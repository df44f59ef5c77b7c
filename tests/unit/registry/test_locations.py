"""Locations: changed under the row lock, and never to other data."""

import time

from glance.common import exceptions
from glance.db.connect import engine
from glance.db.durable import work
from glance.db.images import locations as rows
from glance.db import own_schema
from glance.registry.endpoints import locations
from glance.registry.endpoints import quotas
from tests.unit.registry import base

HASHES = {'size': 3, 'checksum': 'c' * 32, 'os_hash_algo': 'sha512',
          'os_hash_value': 'h' * 128}
UNKNOWN = dict.fromkeys(('checksum', 'os_hash_algo', 'os_hash_value'))


def place(name, status='active', **more):
    return dict({'url': 'http://host/' + name, 'metadata': {},
                 'status': status}, **more)


class TestCase(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.locations = locations.LocationsEndpoint()
        self.image_id = self.create()['id']

    def seen(self):
        image = self.get(self.owner, self.image_id)
        return [{name: one[name] for name in ('url', 'metadata', 'status')}
                for one in image['locations']]

    def change(self, after, before=None, **more):
        if before is None:
            before = self.seen()
        return self.locations.update(
            self.owner, image_id=self.image_id, changes={
                'locations': dict({
                    'before': [{name: one[name] for name in
                                ('url', 'metadata')} for one in before],
                    'after': after, 'limit': 10, 'size': 3,
                    'attributes': dict(UNKNOWN, size=3)}, **more)})

    def claim(self):
        # Work can be claimed a millisecond after it was written.
        time.sleep(0.002)
        with engine.writer() as conn:
            return work.claim(conn, 'w', 60, 10, None)

    def status(self):
        return self.get(self.owner, self.image_id)['status']


class LocationUpdateTest(TestCase):

    def test_the_first_location_makes_the_image_active(self):
        self.events()
        image = self.change([place('a', hash=True)])
        self.assertEqual(('active', 3), (image['status'], image['size']))
        self.assertEqual([place('a')], self.seen())
        self.assertEqual(['image.activate', 'image.update', 'image.status'],
                         self.events())
        unit, = self.claim()
        self.assertEqual(('hash_location', 'http://host/a'),
                         (unit['kind'], unit['input']['url']))

    def test_locations_are_in_the_order_asked_for(self):
        names = []
        for position, name in ((0, 'a'), (0, 'b'), (1, 'c'), (3, 'd')):
            names.insert(position, name)
            self.change([place(one) for one in names])
            self.assertEqual([place(one) for one in names], self.seen())
        del names[1:3]
        self.change([place(one) for one in names])
        self.assertEqual([place(one) for one in names], self.seen())

    def test_without_locations_the_image_stays_queued(self):
        self.change([])
        self.assertEqual('queued', self.status())

    def test_new_metadata_is_an_update_without_work(self):
        self.change([place('a')])
        self.events()
        self.change([place('a', metadata={'x': 'y'})])
        self.assertEqual([place('a', metadata={'x': 'y'})], self.seen())
        self.assertEqual(['image.update'], self.events())
        self.assertEqual([], self.claim())

    def test_removed_data(self):
        self.change([place('a'), place('b')])
        first = self.get(self.owner, self.image_id)['locations'][0]['id']
        self.change([place('b')])
        unit, = self.claim()
        self.assertEqual(('delete_data', self.image_id), (
            unit['kind'], unit['image_id']))
        self.assertEqual({'url': 'http://host/a', 'metadata': {},
                          'location': first, 'stays': True,
                          'delayed': False}, unit['input'])

    def test_removed_data_is_charged_until_it_is_gone(self):
        for delayed, used in ((False, 6), (True, 6 + 3)):
            self.config.config(delayed_delete=delayed)
            self.image_id = self.create()['id']
            self.change([place('a'), place('b')])
            self.change([place('b')])
            self.assertEqual(used, quotas.QuotasEndpoint().usage(
                self.admin, project_id='owner')['image_size_total'])

    def test_limit_of_the_project(self):
        self.change([place('a')])
        two = [place('a'), place('b')]
        self.assertRaises(exceptions.LimitExceeded, self.change, two,
                          project_limits={'image_size_total': 5})
        self.change(two, project_limits={'image_size_total': 6})
        for after in [place('a'), place('c')], [place('c')]:
            self.change(after, project_limits={'image_size_total': 0})

    def test_removed_data_of_several(self):
        self.change([place(name) for name in 'abcd'])
        self.change([place('b')])
        self.assertEqual(
            ['http://host/a', 'http://host/c', 'http://host/d'],
            sorted(unit['input']['url'] for unit in self.claim()))

    def test_shared_data_stays(self):
        self.change([place('a'), place('a', metadata={'x': 'y'})])
        self.change([place('a')])
        self.assertEqual([], self.claim())

    def test_what_has_changed_meanwhile_is_a_conflict(self):
        self.change([place('a')])
        for before in ([], [place('b')], [place('a', metadata={'x': 1})],
                       [place('a'), place('b')]):
            self.assertRaises(exceptions.Conflict, self.change,
                              [place('c')], before)
        self.assertEqual([place('a')], self.seen())

    def test_each_bad_change_has_its_error(self):
        self.assertRaises(exceptions.BadRequest, self.change,
                          [place('a'), place('a')])
        self.assertRaises(exceptions.LimitExceeded, self.change,
                          [place('a'), place('b')], limit=1)
        self.change([place('a'), place('b', status='verifying')])
        for after in ([], [place('b', status='verifying')]):
            self.assertRaises(exceptions.Forbidden, self.change, after)
        self.images.deactivate(self.owner, image_id=self.image_id)
        self.assertRaises(exceptions.Conflict, self.change, [place('c')])
        self.images.delete(self.owner, image_id=self.image_id)
        self.assertRaises(exceptions.ImageNotFound, self.change, [],
                          before=[])

    def test_all_or_nothing(self):
        """A change that is refused takes the others with it."""
        changes = {'attributes': {'name': 'new'}, 'locations': {
            'before': [place('x')], 'after': [], 'limit': 10, 'size': 3,
            'attributes': {}}}
        self.assertRaises(exceptions.Conflict, self.locations.update,
                          self.owner, image_id=self.image_id,
                          changes=changes)
        self.assertEqual('an image',
                         self.get(self.owner, self.image_id)['name'])


class LocationDeleteTest(TestCase):

    def setUp(self):
        super().setUp()
        self.upload(self.image_id, 'file:///a')
        with engine.writer() as conn:
            rows.create(conn, self.image_id, 'file:///b', {'store': 'b'})
        self.events()

    def begin(self, position=1, **more):
        location = self.get(self.owner, self.image_id)['locations'][position]
        begun = self.locations.begin_delete(
            self.owner, **dict({'image_id': self.image_id,
                                'location_id': location['id'],
                                'url': location['url']}, **more))
        return dict(image_id=self.image_id, location_id=location['id'],
                    work_id=begun['id'], attempt=begun['attempt'])

    def statuses(self):
        return [one['status'] for one in self.seen()]

    def test_a_location_is_gone_when_its_data_is(self):
        held = self.begin()
        self.assertEqual(['active', 'pending_delete'], self.statuses())
        self.assertEqual(['image.update'], self.events())
        self.locations.finish_delete(self.owner, **held)
        self.assertEqual(['active'], self.statuses())
        self.run_out_leases()
        self.assertEqual([], self.claim())

    def test_what_a_conductor_is_told(self):
        for delayed in False, True:
            self.config.config(delayed_delete=delayed)
            location = self.get(self.owner, self.image_id)['locations'][1]
            held = self.begin()
            self.run_out_leases()
            unit, = self.claim()
            self.assertEqual(
                {'location': location['id'], 'url': 'file:///b',
                 'metadata': {'store': 'b'}, 'shared': False, 'stays': True},
                unit['input'])
            self.locations.fail_delete(self.owner, **dict(
                held, attempt=unit['attempt']))

    def test_data_of_two_locations(self):
        with engine.writer() as conn:
            rows.create(conn, self.image_id, 'file:///b', {'store': 'c'})
        first, *others = self.get(self.owner, self.image_id)['locations']
        for location, shared in ((first, False), (others[0], True)):
            begun = self.locations.begin_delete(
                self.owner, image_id=self.image_id,
                location_id=location['id'], url=location['url'])
            self.assertEqual((shared, 1), (begun['shared'],
                                           begun['attempt']))

    def test_kept_by_the_store(self):
        held = self.begin()
        self.locations.fail_delete(self.owner, **held)
        self.assertEqual(['active'] * 2, self.statuses())
        self.assertRaises(exceptions.LeaseLost,
                          self.locations.finish_delete, self.owner, **held)

    def test_api_dies(self):
        held = self.begin()
        self.assertEqual([], self.claim())
        self.run_out_leases()
        unit, = self.claim()
        self.assertEqual('delete_location', unit['kind'])
        self.assertRaises(exceptions.LeaseLost,
                          self.locations.fail_delete, self.owner, **held)
        self.locations.finish_delete(self.owner,
                                     **dict(held, attempt=unit['attempt']))
        self.assertEqual(['active'], self.statuses())

    def test_what_may_not_be_deleted_has_its_error(self):
        self.assertRaises(exceptions.NotFound, self.begin, url='file:///c')
        self.assertRaises(exceptions.NotFound, self.begin, location_id=0)
        self.begin()
        self.assertRaises(exceptions.Forbidden, self.begin, 0)
        self.assertRaises(exceptions.NotFound, self.begin, 1)
        self.images.deactivate(self.owner, image_id=self.image_id)
        self.assertRaises(exceptions.Conflict, self.begin, 0)

    def test_what_is_being_deleted_is_not_touched(self):
        self.begin(0)
        self.change([place('x'), {'url': 'file:///b', 'status': 'active',
                                  'metadata': {'store': 'b'}}],
                    before=[self.seen()[1]])
        self.assertEqual(['pending_delete', 'active', 'active'],
                         self.statuses())
        self.assertEqual('file:///a', self.seen()[0]['url'])


class LocationHashTest(TestCase):

    def hashed(self, url, goes_on=False, **data):
        unit, = [one for one in self.claim()
                 if one['kind'] == 'hash_location']
        self.locations.hashed(
            self.owner, image_id=self.image_id, work_id=unit['id'],
            attempt=unit['attempt'], url=url, goes_on=goes_on,
            data=dict(HASHES, **data) if data else None)
        return unit

    def facts(self):
        image = self.get(self.owner, self.image_id)
        return {name: image[name] for name in HASHES}

    def test_filled_in(self):
        self.change([place('a', hash=True)])
        self.hashed('http://host/a', size=3)
        self.assertEqual(HASHES, self.facts())
        self.run_out_leases()
        self.assertEqual([], self.claim())

    def test_goes_on(self):
        self.change([place('a', hash=True)])
        unit = self.hashed('http://host/a', True, size=3)
        self.run_out_leases()
        again, = self.claim()
        self.assertEqual(unit['id'], again['id'])

    def test_image_with_other_data(self):
        self.change([place('a', hash=True)], attributes=HASHES)
        self.hashed('http://host/a', os_hash_value='x' * 128)
        self.assertEqual('deactivated', self.status())
        self.assertEqual(HASHES, self.facts())

    def test_further_location(self):
        self.upload(self.image_id)
        first = self.seen()
        self.change(first + [place('b', status='verifying', hash=True)])
        self.hashed('http://host/b', size=3)
        self.assertEqual(first + [place('b')], self.seen())

    def check_dropped(self, **data):
        self.upload(self.image_id)
        first = self.seen()
        self.change(first + [place('b', status='verifying', hash=True)])
        self.hashed('http://host/b', **data)
        self.assertEqual((first, 'active'), (self.seen(), self.status()))
        self.run_out_leases()
        self.assertEqual([], self.claim())

    def test_further_location_with_other_data(self):
        self.check_dropped(os_hash_value='x' * 128)

    def test_further_location_of_another_size(self):
        self.check_dropped(size=4)

    def test_further_location_that_cannot_be_read(self):
        self.check_dropped()

    def test_too_late(self):
        self.change([place('a', hash=True)])
        self.images.delete(self.owner, image_id=self.image_id)
        self.events()
        self.hashed('http://host/a', size=3)
        self.assertEqual([], self.events())

    def test_all_too_late(self):
        """Nothing is known of the image any more."""
        self.change([place('a', hash=True)])
        with engine.writer() as conn:
            conn.execute(own_schema.work.update(), {'image_id': 'gone'})
        self.image_id = 'gone'
        self.hashed('http://host/a', size=3)


class LocationUseTest(TestCase):

    def is_used(self, url):
        return self.locations.is_used(self.admin, url=url)

    def test_only_a_whole_url_is_in_use(self):
        self.change([place('a')])
        self.assertTrue(self.is_used('http://host/a'))
        for url in ('http://host/A', 'http://host/', 'http://host/ab'):
            self.assertFalse(self.is_used(url))

    def test_encrypted_and_plain_urls_are_found(self):
        self.change([place('a')])
        self.config.config(metadata_encryption_key='k' * 16)
        with engine.writer() as conn:
            rows.create(conn, self.image_id, 'http://host/b', {})
        for name, expected in (('a', True), ('b', True), ('c', False)):
            self.assertEqual(expected, self.is_used('http://host/' + name))

    def test_a_deleted_image_uses_data_with_delay_only(self):
        for delayed in (False, True):
            self.image_id = self.create()['id']
            self.change([place('a')])
            self.config.config(delayed_delete=delayed)
            self.images.delete(self.owner, image_id=self.image_id)
            self.assertEqual(delayed, self.is_used('http://host/a'))
