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
from glance.registry.rpcapi import images as rpcapi_images
from tests.fixtures import database
from tests.unit.registry import base


class Bus:
    """Stands for the guarded client of somebody who calls these images."""

    def __init__(self, endpoint):
        self._endpoint = endpoint

    def can_send(self, version):
        return True

    def call(self, ctxt, namespace, method, version, **arguments):
        return getattr(self._endpoint, method)(ctxt, **arguments)


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

    def test_administrators_without_a_project_read_from_it(self):
        """Such as all users of a pipeline without authentication."""
        image_id = self.create()['id']
        called = rpcapi_images.Images(Bus(self.images))
        self.assertRaises(exceptions.ImageNotFound, called.get,
                          context.RequestContext(is_admin=True), image_id)
        self.assertEqual(image_id, called.get(context.internal(),
                                              image_id)['id'])

    def test_administrators_without_a_project_see_all(self):
        self.config.config(synchronous_reader=True, group='database')
        image_id = self.create(visibility='private')['id']
        image = rpcapi_images.Images(Bus(self.images)).get(
            context.RequestContext(is_admin=True), image_id)
        self.assertIsNone(image['member'])

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
