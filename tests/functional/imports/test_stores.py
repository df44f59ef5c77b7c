"""Imports into several stores, and copies between them."""

import os
import threading

from tests.functional.imports import base

DATA = os.urandom(300000)
TO_DO = 'os_glance_importing_to_stores'
FAILED = 'os_glance_failed_import'


class TestImport(base.TestCase):

    def setUp(self):
        super().setUp()
        self.web.add('cat', DATA)
        self.image_id = self.service.create()['id']

    def test_two_stores(self):
        response = self.web_import(self.image_id, 'cat',
                                   stores=['fast', 'cold'])
        self.assertEqual(202, response.status_int, response.text)
        task = self.ended(self.image_id)
        self.assertEqual('success', task['status'], task['message'])
        image = self.image(self.image_id)
        self.assertEqual('active', image['status'])
        self.assertEqual('fast,cold', image['stores'])
        self.assertEqual(('', ''), (image[TO_DO], image[FAILED]))
        self.assertEqual(DATA, self.data(self.image_id, 'cold'))
        self.assertEqual([], self.staged_files())
        self.assertEqual([self.image_id], self.files('fast'))

    def test_events_come_in_their_order(self):
        self.web_import(self.image_id, 'cat', stores=['fast', 'cold'])
        self.ended(self.image_id)
        events = [one for one in self.events() if one[0] != 'image.status']
        self.assertEqual(
            ['image.create', 'task.create', 'image.update',
             'task.processing', 'image.prepare', 'image.upload',
             'image.update', 'image.prepare', 'image.upload',
             'image.activate', 'image.update', 'image.update',
             'task.success', 'task.run'], [name for name, _load in events])
        loads = [load for _name, load in events]
        self.assertEqual('importing', loads[2]['status'])
        self.assertEqual((['cold', 'fast'], 'fast'),
                         (loads[4][TO_DO], loads[4]['backend']))
        self.assertEqual('cold', loads[7]['backend'])
        self.assertEqual([['cold'], []],
                         [loads[number][TO_DO] for number in (5, 8)])
        self.assertEqual(['pending', 'processing', 'success', 'pending'],
                         [loads[number]['status']
                          for number in (1, 3, 12, 13)])

    def test_stores_written_at_once_have_the_data(self):
        self.service.conf.config(group='image_import_opts',
                                 max_parallel_stores=2)
        self.web_import(self.image_id, 'cat', all_stores=True)
        self.assertEqual('success', self.ended(self.image_id)['status'])
        self.assertEqual({'fast', 'cold'},
                         set(self.image(self.image_id)['stores'].split(',')))
        self.assertEqual(DATA, self.data(self.image_id, 'cold'))

    def test_one_store_fails_and_all_must_succeed(self):
        self.break_store('cold')
        self.web_import(self.image_id, 'cat', stores=['fast', 'cold'])
        task = self.ended(self.image_id)
        self.assertEqual(('failure', 'The image store cannot be reached, try '
                          'again later.'), (task['status'], task['message']))
        image = self.image(self.image_id)
        self.assertEqual(('queued', '', 'cold', None),
                         (image['status'], image[TO_DO], image[FAILED],
                          image['size']))
        self.assertNotIn('os_glance_import_task', image)
        self.wait_until(lambda: not self.files('fast'))
        self.assertEqual([], self.staged_files())
        # What may be left there is removed when it is back.
        self.assertEqual(['discard_data'], [row.kind for row in self.work()])
        self.mend_store('cold')
        self.wait_until(lambda: not self.work())

    def test_one_store_fails_and_may(self):
        self.break_store('cold')
        self.web_import(self.image_id, 'cat', stores=['cold', 'fast'],
                        all_stores_must_succeed=False)
        self.assertEqual('success', self.ended(self.image_id)['status'])
        image = self.image(self.image_id)
        self.assertEqual(('active', '', 'cold', 'fast'),
                         (image['status'], image[TO_DO], image[FAILED],
                          image['stores']))
        self.assertEqual([], self.staged_files())

    def test_no_store_succeeds(self):
        self.break_store('cold')
        self.web_import(self.image_id, 'cat', stores=['cold'],
                        all_stores_must_succeed=False)
        self.assertEqual('failure', self.ended(self.image_id)['status'])
        image = self.image(self.image_id)
        self.assertEqual(('queued', '', 'cold'),
                         (image['status'], image[TO_DO], image[FAILED]))

    def test_stores_that_cannot_be(self):
        for status, headers, body in (
                (409, None, {'stores': ['nowhere']}),
                (409, None, {'stores': ['os_glance_staging_store']}),
                (409, {'X-Image-Meta-Store': 'nowhere'}, {}),
                (400, {'X-Image-Meta-Store': 'fast'}, {'stores': ['cold']}),
                (400, {'X-Image-Meta-Store': 'fast'}, {'all_stores': True}),
                (400, None, {'all_stores': True, 'stores': ['cold']})):
            response = self.web_import(self.image_id, 'cat', headers=headers,
                                       **body)
            self.assertEqual(status, response.status_int, body)
        self.assertEqual('queued', self.image(self.image_id)['status'])
        self.assertEqual([], self.tasks(self.image_id))


class TestCopy(base.TestCase):

    def setUp(self):
        super().setUp()
        self.image_id = self.service.create()['id']
        self.service.upload(self.image_id, DATA)

    def copy(self, admin=True, **body):
        return self.import_(self.image_id, {'name': 'copy-image'}, admin=admin,
                            **body)

    def test_the_other_store_gets_the_data(self):
        before = len(self.events())
        response = self.copy(stores=['cold'])
        self.assertEqual(202, response.status_int, response.text)
        task = self.ended(self.image_id)
        self.assertEqual('success', task['status'], task['message'])
        self.assertEqual('api_image_import', task['type'])
        self.assertEqual(
            ['task.create', 'image.update', 'task.processing',
             'image.prepare', 'image.upload', 'image.update', 'image.update',
             'task.success', 'task.run'],
            [name for name, _load in self.events()[before:]])
        image = self.image(self.image_id)
        self.assertEqual(('active', 'fast,cold', ''),
                         (image['status'], image['stores'], image[TO_DO]))
        self.assertEqual(DATA, self.data(self.image_id, 'cold'))

    def test_larger_than_images_may_be_now(self):
        self.service.conf.config(image_size_cap=len(DATA) - 1)
        self.assertEqual(202, self.copy(stores=['cold']).status_int)
        task = self.ended(self.image_id)
        self.assertEqual('success', task['status'], task['message'])
        self.assertEqual(DATA, self.data(self.image_id, 'cold'))

    def test_who_may(self):
        self.assertEqual(403, self.copy(False, stores=['cold']).status_int)
        self.assertEqual([], self.tasks(self.image_id))

    def test_target_holds_it(self):
        self.assertEqual(400, self.copy(stores=['fast']).status_int)
        self.assertNotIn('os_glance_import_task', self.image(self.image_id))

    def test_all_stores(self):
        self.assertEqual(202, self.copy(all_stores=True).status_int)
        self.assertEqual('success', self.ended(self.image_id)['status'])
        self.assertEqual('fast,cold', self.image(self.image_id)['stores'])
        self.assertEqual(202, self.copy(all_stores=True).status_int)
        self.assertEqual(1, len(self.tasks(self.image_id)))

    def test_many_at_once(self):
        statuses = []

        def ask():
            statuses.append(self.copy(stores=['cold']).status_int)
        threads = [threading.Thread(target=ask) for _number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([202] + 7 * [409], sorted(statuses))
        self.assertEqual('success', self.ended(self.image_id)['status'])

    def test_damaged_source(self):
        path = os.path.join(self.service.state, 'fast', self.image_id)
        with open(path, 'r+b') as file:
            file.write(b'different')
        self.copy(stores=['cold'])
        task = self.ended(self.image_id)
        self.assertEqual('failure', task['status'])
        self.assertIn('differs', task['message'])
        image = self.image(self.image_id)
        self.assertEqual(('active', 'fast', '', 'cold'),
                         (image['status'], image['stores'], image[TO_DO],
                          image[FAILED]))
        self.assertEqual([], self.files('cold'))
