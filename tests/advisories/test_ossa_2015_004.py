"""OSSA-2015-004, OSSA-2015-013: tasks stopped midway left data behind.

The image is deleted, or its task cancelled, before each step of an import in
turn, conversion included.
"""

import subprocess

from glance.conductor import job as jobs
from tests.functional.imports import base

MOST_STEPS = 20
STEPS = 5
SIZE = 1 << 20


class TestStoppedMidway(base.TestCase):

    def setUp(self):
        super().setUp()
        self.service.conf.config(group='image_import_opts',
                                 image_import_plugins=['image_conversion'])
        self.service.conf.config(group='image_conversion',
                                 output_format='raw')
        subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2',
                        self.web.work.join('files', 'disk'), str(SIZE)],
                       check=True)

    def stop_before(self, number, stop):
        """Import, and stop before the step of this number.

        :returns: id of the image, whether there was such a step
        """
        image_id = self.service.create(disk_format='qcow2')['id']
        begun, begin = [], jobs.Job.begin

        def counting(job, title):
            if job.image_id == image_id:
                begun.append(title)
                if len(begun) == number + 1:
                    stop(image_id)
            return begin(job, title)
        self.patch(jobs.Job, 'begin', counting)
        self.assertEqual(202, self.web_import(
            image_id, 'disk', stores=['fast', 'cold']).status_int)
        self.wait_until(lambda: not self.work())
        jobs.Job.begin = begin
        return image_id, len(begun) > number

    def check_all(self, stop, check):
        for number in range(MOST_STEPS):
            image_id, was_stopped = self.stop_before(number, stop)
            if not was_stopped:
                break
            check(image_id)
            self.wait_until(lambda: not self.service.stored_files())
            self.assertEqual([], self.staged_files())
        self.assertGreaterEqual(number, STEPS)
        self.assertEqual('active', self.image(image_id)['status'])

    def test_image_is_deleted(self):
        def delete(image_id):
            self.service.call('DELETE', '/v2/images/' + image_id)

        def check(image_id):
            answer = self.service.call('GET', '/v2/images/' + image_id)
            self.assertEqual(404, answer.status_int)
        self.check_all(delete, check)

    def test_task_is_cancelled(self):
        def cancel(image_id):
            self.service.call('POST', '/v2/tasks/%s/actions/cancel'
                              % self.tasks(image_id)[0]['id'])

        def check(image_id):
            image = self.image(image_id)
            # Too late when all stores have their data.
            self.assertIn((image['status'], image['size'],
                           image.get('stores')),
                          [('queued', None, None),
                           ('active', SIZE, 'fast,cold')])
            if image['size']:
                self.assertEqual(bytes(SIZE), self.data(image_id, 'cold'))
            else:
                self.assertEqual('failure', self.tasks(image_id)[0]['status'])
            self.service.call('DELETE', '/v2/images/' + image_id)
        self.check_all(cancel, check)
