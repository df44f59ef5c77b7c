"""Operations on locations and stores in every status, as the contract says."""

import pathlib

import sqlalchemy as sa
import yaml

from glance.db.connect import engine
from glance.db import schema
from tests.functional.locations import base

CONTRACT = (pathlib.Path(__file__).parents[2] / 'data' / 'contract'
            / 'image.yaml')


class Statuses:

    def new(self, status):
        image_id = self.service.create()['id']
        if status in ('active', 'deactivated'):
            self.service.upload(image_id, base.DATA)
        with engine.writer() as connection:
            connection.execute(
                sa.update(schema.images)
                .where(schema.images.c.id == image_id)
                .values(status=status,
                        deleted=status in ('deleted', 'pending_delete')))
        return image_id

    def operations(self):
        path = '/v2/images/%s/locations'
        return {
            'add_location': lambda image_id: self.service.call(
                'POST', path % image_id, {'url': self.url}),
            'get_locations_admin': lambda image_id: self.service.admin(
                'GET', path % image_id),
            # Where the status would do, nothing is found at the URL.
            'patch_add_location': lambda image_id: self.add(
                image_id, url=self.web.url + 'absent'),
        }

    def test_each_operation_answers_as_the_contract_says(self):
        machine = yaml.safe_load(CONTRACT.read_text())['status_machine']
        results = machine['operation_results_by_status']
        wrong, count = [], 0
        for name, send in self.operations().items():
            for status, expected in results[name].items():
                got = send(self.new(status)).status_int
                count += 1
                if got != expected:
                    wrong.append('%s %s: %d, not %d'
                                 % (name, status, got, expected))
        self.assertEqual([], wrong)
        self.assertEqual(9 * len(self.operations()), count)


class TestLocations(Statuses, base.TestCase):
    pass


class TestStores(Statuses, base.TestCase):

    options = {'multi': True}

    def operations(self):
        return {
            'delete_from_store_admin': lambda image_id: self.service.admin(
                'DELETE', '/v2/stores/fast/' + image_id)}
