"""A bit that flips in one kind of store, and a good copy in another one."""

import os

from oslotest import base as test_base

from tests.stores import base
from tests.stores import test_service


class Service(test_service.Service):
    """Reads all data once a second."""

    def _options(self):
        return dict(super()._options(), periodic={
            'audit_pause': '1', 'audit_interval': '1'})


class HealingTest(test_base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.service = self.useFixture(Service({'fast': 'file', 's3': 's3'}))
        self.image_id = self.service.create()
        self.data = os.urandom(7 * base.MIB)
        self.service.call('PUT', '/images/%s/file' % self.image_id, 204,
                          data=self.data, headers={
                              'Content-Type': 'application/octet-stream'})
        self.service.import_(self.image_id, {'name': 'copy-image'}, ['s3'])

    def names(self, store):
        return self.service.find([self.image_id]).get(store, [])

    def heals(self, store, read, write):
        """:param read: gives the bytes of the object of a name
        :param write: puts others there
        """
        [name] = self.names(store)
        damaged = bytearray(read(name))
        damaged[5 * base.MIB] ^= 1
        write(name, bytes(damaged))
        # The good copy has another name; what is on its way has more.
        base.wait_until(
            lambda: name not in (found := self.names(store))
            and len(found) == 1, 'healing in ' + store)
        [name] = self.names(store)
        for found in (read(name), self.service.data(self.image_id, store)):
            self.assertTrue(found == self.data, store)

    def test_in_s3_from_a_file(self):
        driver = self.service.stores.get('s3')
        client = driver._connect()
        self.heals(
            's3',
            lambda name: client.get_object(
                **driver._at(name))['Body'].read(),
            lambda name, data: client.put_object(
                **driver._at(name), Body=data))

    def test_in_a_file_from_s3(self):
        [folder] = self.service.stores.get('fast')._folders

        def read(name):
            with open(os.path.join(folder.path, name), 'rb') as file:
                return file.read()

        def write(name, data):
            with open(os.path.join(folder.path, name), 'r+b') as file:
                file.write(data)
        self.heals('fast', read, write)
