"""Where MongoDB is, and who connects to it."""

import os
from unittest import mock

from oslotest import base

from glance.store.drivers.gridfs import gridfs_client


class TestAddress(base.BaseTestCase):

    def test_hosts_and_database(self):
        for uri, hosts, database in (
                ('mongo', [('mongo', 27017)], None),
                ('one,two:5', [('one', 27017), ('two', 5)], None),
                ('[::1]:3', [('::1', 3)], None),
                ('mongodb://user:pass@two,one:5/db?replicaSet=rs',
                 [('one', 5), ('two', 27017)], 'db'),
                ('mongodb+srv://user:pass@name/db?srvMaxHosts=2&tls=true',
                 [('name', 27017)], 'db'),
                ('mongodb+srv://name/?srvServiceName=x',
                 [('name', 27017)], None)):
            address = gridfs_client.Address(uri, 'images')
            self.assertEqual((tuple(hosts), 'images'),
                             (address.hosts, address.database))
            if database:
                self.assertEqual(database, gridfs_client.Address(
                    uri, None).database)
            else:
                error = self.assertRaises(ValueError, gridfs_client.Address,
                                          uri, None)
                self.assertIn('mongodb_store_db', str(error))

    def test_deadlines_of_the_url_win_over_ours(self):
        usual = {'timeoutMS': 30000, 'connectTimeoutMS': 10000}
        for uri, own in (
                ('mongo', ()), ('mongodb://mongo', ()),
                ('mongodb://mongo/?timeoutms=5&w=1', ['timeoutMS']),
                ('mongodb://mongo/?connectTimeoutMS=5&timeoutMS=0',
                 ['timeoutMS', 'connectTimeoutMS'])):
            self.assertEqual(
                {name: value for name, value in usual.items()
                 if name not in own},
                gridfs_client.Address(uri, 'images').deadlines)

    def test_nothing_is_told_of_the_uri(self):
        for uri in ('mongodb://user:pass', 'mongodb://us/er:pass@mongo/',
                    'mongodb://user:pass@mongo:host/', 'mongo:port',
                    'mongodb://user:pass@mongo/?pass=word',
                    'mongodb://user:pass@mongo/?timeoutMS=pass'):
            error = self.assertRaises(ValueError, gridfs_client.Address, uri,
                                      'images')
            self.assertNotIn('pass', str(error).replace('as pymongo', ''))
            self.assertTrue(error.__suppress_context__)


class TestClient(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.client = gridfs_client.Client(gridfs_client.Address(
            'mongodb://mongo/?readPreference=nearest&w=1', 'images'))

    def test_a_majority_is_asked(self):
        database = self.client.database()
        self.assertEqual('images', database.name)
        self.assertEqual({'w': 'majority'}, database.write_concern.document)
        self.assertEqual('majority', database.read_concern.level)
        self.assertEqual('primary', database.read_preference.mongos_mode)

    def test_each_process_has_its_own(self):
        first = self.client._connected()
        self.assertIs(first, self.client._connected())
        with mock.patch.object(os, 'getpid', return_value=-1):
            self.assertIsNot(first, self.client._connected())
