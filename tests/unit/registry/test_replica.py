"""Reading from a replica that lags behind."""

import fixtures

from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance.db.connect import engine
from glance.db.connect import sqlite
from glance.registry.endpoints import deletions
from glance.registry.endpoints import locations
from glance.registry.endpoints import stages
from tests.fixtures import database
from tests.unit.registry import base


class ReplicaTest(base.RegistryTestCase):
    """[database] slave_connection and synchronous_reader, as it were."""

    def setUp(self):
        super().setUp()
        self.config.config(synchronous_reader=False, group='database')
        writer = engine.get_engine()
        behind = self.useFixture(database.Database())
        replica = sqlite.create_engine(behind.url, CONF.database)
        self.addCleanup(replica.dispose)
        self.useFixture(fixtures.MonkeyPatch(
            'glance.db.connect.engine._engines',
            engine._Engines(writer, replica)))

    def test_users_read_from_it(self):
        image_id = self.create()['id']
        self.assertIsNone(self.get(self.owner, image_id))
        self.assertIsNone(self.get(self.admin, image_id))
        self.assertEqual([], self.list(self.owner))

    def test_the_service_does_not(self):
        image_id = self.create()['id']
        self.assertEqual(image_id, self.get(context.internal(),
                                            image_id)['id'])

    def test_first_answer_is_given_again(self):
        image_id = self.create()['id']
        self.owner.call_id = 'a-call'
        changes = {'set_properties': {'a': '1'}, 'must_not_exist': ['a']}
        first = self.images.update(self.owner, image_id=image_id,
                                   changes=changes)
        self.assertEqual(first, self.images.update(
            self.owner, image_id=image_id, changes=changes))
        self.owner.call_id = 'another-call'
        self.assertRaises(exceptions.Conflict, self.images.update,
                          self.owner, image_id=image_id, changes=changes)

    def test_data_has_its_owner(self):
        image_id = self.create()['id']
        self.upload(image_id)
        self.assertEqual(
            {'is_known': True, 'is_image': True, 'is_busy': False,
             'urls': ['file:///images/x'], 'object': None},
            deletions.DeletionsEndpoint().owners(
                self.admin, ids=[image_id])[image_id])
        self.assertTrue(locations.LocationsEndpoint().is_used(
            self.admin, url='file:///images/x'))

    def test_staged_data_is_waited_for(self):
        image_id = self.create()['id']
        endpoint = stages.StagesEndpoint()
        endpoint.begin(self.owner, image_id=image_id, host='h', size=3)
        self.assertEqual([], endpoint.unknown(self.admin,
                                              image_ids=[image_id]))
