"""What counts of the data that a claim has written."""

import json

from glance.db.connect import engine
from glance.db.durable import tasks
from glance.db.durable import work
from glance.db.images import locations
from glance.db import own_schema
from glance.db import schema
from tests.unit.registry import base

URL = 'file:///images/x'


class KeptTest(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.image_id = self.create()['id']

    def kept(self, work_id='w', attempt=1, image_id=None):
        return self.work.kept(self.admin, work_id=work_id, attempt=attempt,
                              image_id=image_id or self.image_id)

    def add(self, kind, given=None, state=None, **values):
        """:returns: id of new work"""
        with engine.writer() as conn:
            work_id = work.create(conn, kind, self.image_id, given or {},
                                  owner='o', seconds=60, **values)
            conn.execute(own_schema.work.update().where(
                own_schema.work.c.id == work_id),
                {'progress': json.dumps({'state': state or {}})})
        return work_id

    def test_a_claim_is_held_by_its_own_attempt(self):
        work_id = self.add('copy_image')
        self.assertEqual({'is_held': True, 'names': []}, self.kept(work_id))
        for held in ((work_id, 2), (self.image_id, 1)):
            self.assertIs(False, self.kept(*held)['is_held'])

    def test_data_is_kept_while_it_has_a_location(self):
        self.upload(self.image_id, URL)
        self.assertEqual([URL], self.kept()['names'])
        with engine.writer() as conn:
            found, = locations.list(conn, self.image_id)
            locations.delete(conn, found['id'])
        self.assertEqual([], self.kept()['names'])

    def test_data_that_will_be_deleted(self):
        self.add('delete_data', {'url': URL, 'metadata': {}})
        self.add('discard_data', {'store': 's', 'attempts': ['a']})
        self.assertEqual([], self.kept()['names'])

    def test_staged_data(self):
        staged = {'url': URL, 'attempt': 'a', 'size': 3}
        for kind, given, state in (
                ('staged', staged, {}), ('delete_staged', staged, {}),
                ('api_image_import', {'staged': staged}, {}),
                ('api_image_import', {'staged': None}, {'staged': staged})):
            work_id = self.add(kind, given, state)
            self.assertEqual([URL, 'a'], sorted(
                self.kept()['names'], reverse=True, key=len), kind)
            with engine.writer() as conn:
                work.finish(conn, work_id, 1)

    def test_what_an_export_has_written_is_kept(self):
        work_id = self.add('export', state={'written': 'w-export-1'})
        self.assertEqual(['w-export-1'], self.kept(work_id)['names'])

    def test_ended_export(self):
        with engine.writer() as conn:
            tasks.create(conn, {
                'id': 'w', 'type': 'export', 'input': {}, 'owner': 'owner',
                'image_id': None, 'request_id': None, 'user_id': None})
        for result, names in (('null', []), (None, []), ('"text"', []),
                              ('{"object": "name"}', ['name'])):
            with engine.writer() as conn:
                conn.execute(schema.task_info.update(), {'result': result})
            self.assertEqual(names, self.kept()['names'])

    def test_no_image_yet(self):
        self.work.kept(self.admin, work_id='w', attempt=1, image_id=None)
