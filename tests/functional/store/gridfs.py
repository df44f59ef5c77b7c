"""A store in GridFS, with the library of MongoDB, over TCP."""

import os
import uuid

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base as test_base

from glance.conf import CONF
from glance.store import backends
from tests.fixtures.servers import mongodb
from tests.functional.store import conformance

MIB = conformance.MIB
_CONFIG = """
[DEFAULT]
enabled_backends = one:gridfs
[glance_store]
default_backend = one
[one]
mongodb_store_uri = %(uri)s
mongodb_store_db = %(database)s
[os_glance_staging_store]
filesystem_store_datadir = %(root)s/staging
[os_glance_tasks_store]
filesystem_store_datadir = %(root)s/tasks
"""


def attempt():
    return str(uuid.uuid4())


class TestCase(conformance.Reading, test_base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger(level=0))
        self.server = self.find_server()
        self.database = 'images-%s' % uuid.uuid4()
        self.root = self.useFixture(fixtures.TempDir()).path
        self.useFixture(config_fixture.Config(CONF))
        self.store = self.load(self.server.uri)
        self.addCleanup(self.clear, self.store._files)

    def find_server(self):
        return mongodb.shared()

    def clear(self, files):
        files._client._connected().drop_database(self.database)

    def load(self, uri):
        self.config = os.path.join(self.root, 'glance.conf')
        with open(self.config, 'w') as file:
            file.write(_CONFIG % {'uri': uri, 'root': self.root,
                                  'database': self.database})
        CONF(['--config-file', self.config], project='glance',
             default_config_dirs=[])
        store = backends.load(CONF).default
        if store.problem is None:
            self.files, self.chunks = store._files._files, store._files._chunks
        return store

    def put_chunk(self, name, number=0, data=b'data'):
        self.chunks.insert_one({'files_id': name, 'n': number, 'data': data})

    def mine(self, image_id):
        """Names of what is there of an image."""
        names = [one['files_id'] for one in self.chunks.find(
            {}, {'files_id': 1})] + [one['_id'] for one in self.files.find()]
        return sorted({name for name in names if image_id in str(name)})
