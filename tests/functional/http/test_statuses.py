"""Every operation in every status answers as the contract says."""

import pathlib

import sqlalchemy as sa
import yaml

from glance.db.connect import engine
from glance.db import schema
from tests.functional.http import base

CONTRACT = (pathlib.Path(__file__).parents[2] / 'data' / 'contract'
            / 'image.yaml')
WITH_DATA = ('active', 'deactivated')
DELETED = ('deleted', 'pending_delete')


class TestStatuses(base.TestCase):

    options = {'conductor': False}

    def setUp(self):
        super().setUp()
        machine = yaml.safe_load(CONTRACT.read_text())['status_machine']
        self.results = machine['operation_results_by_status']

    def image(self, status):
        image_id = self.service.create()['id']
        if status in WITH_DATA:
            self.service.upload(image_id, b'data')
        with engine.writer() as connection:
            connection.execute(
                sa.update(schema.images)
                .where(schema.images.c.id == image_id)
                .values(status=status, deleted=status in DELETED))
        return image_id

    def operations(self):
        call = self.service.call

        def patch(image_id, name, value):
            return self.service.patch(image_id, [
                {'op': 'replace', 'path': '/' + name, 'value': value}])

        return {
            'show': lambda path, image_id: call('GET', path),
            'delete': lambda path, image_id: call('DELETE', path),
            'download_member':
                lambda path, image_id: call('GET', path + '/file'),
            'download_admin': lambda path, image_id: self.service.admin(
                'GET', path + '/file'),
            'upload': lambda path, image_id: self.service.upload(image_id,
                                                                 b'x'),
            'patch_name': lambda path, image_id: patch(image_id, 'name', 'n'),
            'patch_disk_format':
                lambda path, image_id: patch(image_id, 'disk_format', 'ami'),
            'add_tag': lambda path, image_id: call('PUT', path + '/tags/t'),
            'add_member': lambda path, image_id: call(
                'POST', path + '/members', {'member': 'p2'}),
            'deactivate': lambda path, image_id: call(
                'POST', path + '/actions/deactivate'),
            'reactivate': lambda path, image_id: call(
                'POST', path + '/actions/reactivate'),
        }

    def test_each_operation_answers_as_the_contract_says(self):
        wrong, count = [], 0
        for name, send in self.operations().items():
            for status, expected in self.results[name].items():
                image_id = self.image(status)
                answer = send('/v2/images/' + image_id, image_id)
                count += 1
                if str(answer.status_int) != str(expected):
                    wrong.append('%s %s: %s, not %s' % (
                        name, status, answer.status_int, expected))
        self.assertEqual([], wrong)
        self.assertEqual(99, count)
