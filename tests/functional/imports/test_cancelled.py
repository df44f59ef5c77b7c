"""A task that is cancelled at each point of its flow ends in one of two ways.

Either the cancellation is accepted: the task fails, and all that it did is
undone. Or it comes too late and is refused: the task goes on to its end.
Nothing that lies between.
"""

import os

from glance.conductor import job as jobs
from glance.conductor import manager
from tests.fixtures import service
from tests.functional.imports import base

DATA = os.urandom(100000)
MOST = 30


class TestCancelled(base.TestCase):

    def setUp(self):
        super().setUp()
        # No notes but those between the steps, which can be counted.
        self.service.conf.config(group='work', progress_interval=300)
        self.patch(manager, 'BURST', 0)
        self.web.add('cat', DATA)
        self.answers = []

    def cancel_everywhere(self, begin, check):
        """Once for each note of the conductor, and for the end of the task.

        :param begin: starts a task, and returns its id and what `check` gets
        :param check: called with that and whether the task succeeded
        """
        for number in range(MOST):
            was_cancelled = self._cancel_at(number, begin, check)
            if not was_cancelled:
                break
        self.assertFalse(was_cancelled)
        # Before some point it is accepted, from there on it is refused.
        self.assertEqual(sorted(self.answers), self.answers)
        self.assertEqual({202, 409}, set(self.answers))

    def _cancel_at(self, number, begin, check):
        seen = []

        def cancelling(method):
            def wrapper(job, *args, **kwargs):
                if not job.reason:
                    seen.append(job.id)
                    if len(seen) == number + 1:
                        self._cancel(job.id)
                return method(job, *args, **kwargs)
            return wrapper
        originals = jobs.Job.save, jobs.Job.write
        jobs.Job.save, jobs.Job.write = map(cancelling, originals)
        try:
            task_id, given = begin()
            self.wait_until(lambda: not self.work())
        finally:
            jobs.Job.save, jobs.Job.write = originals
        was_cancelled = len(seen) > number
        task = self.service.admin('GET', '/v2/tasks/' + task_id).json
        succeeds = not was_cancelled or self.answers[-1] == 409
        self.assertEqual('success' if succeeds else 'failure', task['status'],
                         (number, task['message'], self.answers))
        check(given, task)
        self.assertEqual([], self.staged_files())
        return was_cancelled

    def _cancel(self, task_id):
        self.answers.append(self.service.admin(
            'POST', '/v2/tasks/%s/actions/cancel' % task_id).status_int)

    def check_image(self, image_id, task):
        image = self.image(image_id)
        found = (image['status'], image['size'], image.get('stores', ''),
                 image.get('os_glance_importing_to_stores', ''))
        if task['status'] == 'success':
            self.assertEqual(('active', len(DATA), 'fast,cold', ''), found)
            self.assertIs(True, DATA == self.data(image_id, 'cold'))
        else:
            self.assertEqual(('queued', None, '', ''), found)
            self.wait_until(lambda: not self.holding(image_id))
        self.assertNotIn('os_glance_import_task', image)

    def holding(self, image_id):
        return [name for store in ('fast', 'cold')
                for name in self.files(store) if image_id in name]

    def importing(self, **more):
        def begin():
            image_id = self.service.create()['id']
            answer = self.web_import(image_id, 'cat',
                                     stores=['fast', 'cold'], **more)
            self.assertEqual(202, answer.status_int, answer.text)
            return self.tasks(image_id)[0]['id'], image_id
        return begin

    def test_all_stores_must_succeed(self):
        self.cancel_everywhere(self.importing(), self.check_image)

    def test_one_store_is_enough(self):
        """From the first store on, the image is what its users see."""
        self.cancel_everywhere(
            self.importing(all_stores_must_succeed=False), self.check_image)

    def test_a_copy_is_whole_or_undone(self):
        def begin():
            image_id = self.service.create()['id']
            self.service.upload(image_id, DATA)
            self.import_(image_id, {'name': 'copy-image'}, admin=True,
                         stores=['cold'])
            return self.tasks(image_id)[0]['id'], image_id

        def check(image_id, task):
            stores = self.image(image_id)['stores']
            if task['status'] == 'success':
                self.assertEqual('fast,cold', stores)
            else:
                self.assertEqual('fast', stores)
                self.wait_until(lambda: len(self.holding(image_id)) == 1)
            self.assertIs(True, DATA == self.data(image_id))
        self.cancel_everywhere(begin, check)

    def test_a_clone_is_whole_or_undone(self):
        source = self.service.create()['id']
        self.service.upload(source, DATA)

        def begin():
            answer = self.service.admin('POST', '/v2/tasks', {
                'type': 'clone', 'input': {
                    'image_id': source, 'stores': ['cold'],
                    'image_properties': {'owner': service.PROJECT}}})
            return answer.json['id'], None

        def check(_given, task):
            if task['status'] == 'success':
                image_id = task['result']['image_id']
                self.assertIs(True, DATA == self.data(image_id, 'cold'))
                self.service.call('DELETE', '/v2/images/' + image_id)
            self.wait_until(lambda: not self.files('cold'))
        self.cancel_everywhere(begin, check)
