"""Imports that older services left behind, importing for ever."""

import datetime

from oslo_utils import timeutils
import sqlalchemy as sa

from glance.db.connect import engine
from glance.db import schema
from tests.functional.imports import base
from tests.unit.store.checks import test_inspection

NOISE = bytes(range(256)) * 100


class TestFailedImport(base.TestCase):

    def import_staged(self, image_id, data):
        self.assertEqual(204, self.stage(image_id, data).status_int)
        answer = self.import_(image_id, {'name': 'glance-direct'})
        self.assertEqual(202, answer.status_int, answer.text)
        return self.ended(image_id)

    def test_image_is_free_again_and_nothing_is_left(self):
        image_id = self.service.create(disk_format='qcow2')['id']
        task = self.import_staged(image_id, NOISE)
        self.assertEqual('failure', task['status'])
        self.assertIn('qcow2', task['message'])
        self.wait_until(lambda: self.service.stored_files() == [])
        image = self.image(image_id)
        self.assertEqual(('queued', None), (image['status'], image['size']))
        task = self.import_staged(image_id, test_inspection.qcow2())
        self.assertEqual('success', task['status'], task['message'])
        self.assertEqual('active', self.image(image_id)['status'])
        self.wait_until(lambda: len(self.service.stored_files()) == 1)


class TestTasksOfImages(base.TestCase):

    def test_expired_tasks_are_not_shown(self):
        self.web.add('cat', NOISE)
        image_id = self.service.create()['id']
        self.web_import(image_id, 'cat')
        self.ended(image_id)
        self.assertEqual(1, len(self.tasks(image_id)))
        self.expire_tasks()
        self.assertEqual([], self.tasks(image_id))

    def expire_tasks(self):
        """Let all tasks have ended long ago."""
        with engine.writer() as connection:
            connection.execute(sa.update(schema.tasks).values(
                expires_at=timeutils.utcnow()
                - datetime.timedelta(seconds=1)))


class TestTaskTypes(base.TestCase):

    def test_only_types_for_users(self):
        for kind in ('api_image_import', 'location_import', 'x', ''):
            answer = self.service.admin('POST', '/v2/tasks', {
                'type': kind, 'input': {'image_id': 'x'}})
            self.assertEqual(400, answer.status_int, kind)

    def test_lists_by_type(self):
        self.web.add('cat', NOISE)
        image_id = self.service.create()['id']
        self.web_import(image_id, 'cat')
        task = self.ended(image_id)
        for kind, expected in (('api_image_import', [task['id']]),
                               ('import', []), ('location_import', [])):
            page = self.service.admin('GET', '/v2/tasks?type=' + kind).json
            self.assertEqual(expected, [one['id'] for one in page['tasks']])

    def test_a_task_under_way_does_not_expire_now(self):
        self.web.add('cat', NOISE * 50)
        image_id = self.service.create()['id']
        self.web_import(image_id, 'slow/cat')
        task, = self.tasks(image_id)
        shown = self.service.admin('GET', '/v2/tasks/' + task['id']).json
        self.assertNotEqual('success', shown['status'])
        self.assertNotIn('expires_at', shown)
        self.assertEqual('success', self.ended(image_id)['status'])
        shown = self.service.admin('GET', '/v2/tasks/' + task['id']).json
        self.assertGreater(shown['expires_at'], shown['updated_at'])
