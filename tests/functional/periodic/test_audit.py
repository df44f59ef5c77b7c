"""Damage at rest: found, never served afterwards, healed."""

import os

from glance.conductor.periodic import auditor
from glance.conductor.periodic import updater
from glance.db.connect import engine
from glance.db import own_schema
from glance.db import schema
from tests.functional.periodic import base


class TestCase(base.TestCase):

    def audit(self, age=True):
        """Everything is due, if it was ever read."""
        if age:
            with engine.writer() as conn:
                conn.execute(own_schema.audits.update(), {'audited_ms': 0})
        return self.do(auditor)

    def results(self):
        return [(event['id'], event['store'], event['result'],
                 event.get('reason')) for event in self.events('image.audit')]


class TestTwoCopies(TestCase):

    def setUp(self):
        super().setUp()
        self.image_id = self.new()
        self.copy(self.image_id, 'cold')

    def test_flipped_byte(self):
        self.assertEqual({'good': 2}, self.audit())
        self.assertEqual({}, self.audit(age=False))
        self.flip('fast', self.image_id)
        self.assertEqual([False], [self.get(self.image_id).body == base.DATA])
        before = self.image(self.image_id)
        self.assertEqual({'bad': 1, 'good': 1}, self.audit())
        # From here on whoever asks gets the good copy, or the healed one.
        for store in (None, 'fast', 'cold'):
            self.check_data(self.get(self.image_id, store).body)
        self.wait_until(lambda: not self.work())
        self.assertEqual([(self.image_id, 'fast', 'bad', 'hash'),
                          (self.image_id, 'fast', 'healed', None)],
                         self.results())
        self.check_data(*self.files('fast').values())
        self.check_data(*self.files('cold').values())
        after = self.image(self.image_id)
        self.assertEqual('active', after['status'])
        self.assertEqual(before, after)
        self.check_data(self.get(self.image_id, 'fast').body)
        self.assertEqual({'good': 2}, self.audit())

    def test_a_missing_one_is_written_again(self):
        os.unlink(self.path('cold', self.image_id))
        self.assertEqual({'missing': 1, 'good': 1}, self.audit())
        self.wait_until(lambda: not self.work())
        self.check_data(*self.files('cold').values())
        self.assertEqual(['missing', None],
                         [one[3] for one in self.results()])

    def test_cut_short(self):
        os.truncate(self.path('cold', self.image_id), 1000)
        self.assertEqual({'bad': 1, 'good': 1}, self.audit())
        self.wait_until(lambda: not self.work())
        self.assertEqual('size', self.results()[0][3])
        self.check_data(*self.files('cold').values())

    def test_both_bad(self):
        for store in ('fast', 'cold'):
            self.flip(store, self.image_id)
        self.assertEqual({'bad': 2}, self.audit())
        self.wait_until(lambda: not self.work())
        self.assertEqual(409, self.get(self.image_id).status_int)
        self.assertEqual(['bad', 'bad'], [one[2] for one in self.results()])

    def test_unavailable_is_not_bad(self):
        folder = self.path('cold', '')[:-1]
        os.rename(folder, folder + '.away')
        with open(folder, 'w'):
            pass
        self.assertEqual({'good': 1, 'unreadable': 1}, self.audit())
        self.assertEqual([], self.events('image.audit'))


class TestOneCopy(TestCase):

    conductor = False

    def test_flipped_byte(self):
        image_id = self.new()
        self.flip('fast', image_id)
        self.assertEqual({'bad': 1}, self.audit())
        self.assertEqual([], self.work())
        answer = self.get(image_id)
        self.assertEqual(409, answer.status_int)
        self.assertIn('damaged', answer.text)
        image = self.image(image_id)
        self.assertEqual('active', image['status'])
        self.assertNotIn('stores', image)
        self.assertEqual([(image_id, 'fast', 'bad', 'hash')], self.results())
        # A second look tells nothing new, mended data is used again.
        self.assertEqual({'bad': 1}, self.audit())
        self.assertEqual(409, self.get(image_id).status_int)
        self.flip('fast', image_id)
        self.assertEqual({'good': 1}, self.audit())
        self.check_data(self.get(image_id).body)
        self.assertEqual(['bad', 'good'], [one[2] for one in self.results()])

    def test_a_bad_image_that_is_deleted_is_forgotten(self):
        image_id = self.new()
        self.flip('fast', image_id)
        self.audit()
        self.assertEqual(204, self.service.call(
            'DELETE', '/v2/images/' + image_id).status_int)
        self.assertEqual(['delete_data'], [row.kind for row in self.work()])
        self.assertEqual({}, self.audit())
        with engine.reader() as conn:
            self.assertEqual([], conn.execute(
                own_schema.bad_locations.select()).all())

    def test_a_store_without_any_data_is_away(self):
        ids = [self.new() for _number in range(3)]
        self.audit()
        for image_id in ids:
            os.rename(self.path('fast', image_id),
                      self.path('cold', image_id))
        self.assertEqual({'unreadable': 3}, self.audit())
        os.rename(self.path('cold', ids[0]), self.path('fast', ids[0]))
        self.assertEqual({'good': 1, 'missing': 2}, self.audit())
        self.assertEqual([], self.events('image.audit')[2:])


class TestCached(TestCase):

    conductor = False
    options = {'cache': True}

    def test_a_whole_copy_is_in_the_cache(self):
        image_id = self.new()
        self.check_data(self.get(image_id).body)
        self.wait_until(lambda: os.path.exists(self.path('cache', image_id)))
        self.flip('fast', image_id)
        self.assertEqual({'bad': 1}, self.audit())
        self.check_data(self.get(image_id).body)
        os.unlink(self.path('cache', image_id))
        self.assertEqual(409, self.get(image_id).status_int)


class TestUpdater(TestCase):

    conductor = False

    def test_what_old_releases_did_not_note(self):
        image_id = self.new()
        names = ('size', 'checksum', 'os_hash_algo', 'os_hash_value',
                 'virtual_size')
        before = self.image(image_id)
        with engine.writer() as conn:
            conn.execute(schema.images.update(), dict.fromkeys(names))
        self.assertEqual({'good': 1}, self.do(updater))
        after = self.image(image_id)
        self.assertEqual({name: before[name] for name in names},
                         {name: after[name] for name in names})
        self.assertEqual({}, self.do(updater))
