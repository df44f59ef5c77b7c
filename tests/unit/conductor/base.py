"""Work on stores in folders, for a registry that only notes what it is told.
"""

import copy
import hashlib
import os
from unittest import mock

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import context
from glance.common import fetching
from glance.conductor import job as jobs
from glance.conductor import work_kinds
from glance.conf import CONF
from glance.conf import store as store_conf
from glance.registry import rpcapi
from glance.store import backends
from glance.store.drivers.file import filesystem
from tests.unit.store import base as store_base

IMAGE = '12345678-1234-1234-1234-123456789abc'
OTHER = '12345678-1234-1234-1234-123456789abd'
DATA = bytes(range(256)) * 8


def facts(data, algorithm='sha512'):
    """What is recorded of data."""
    return {'size': len(data), 'virtual_size': len(data),
            'checksum': hashlib.md5(data, usedforsecurity=False).hexdigest(),
            'os_hash_algo': algorithm,
            'os_hash_value': hashlib.new(algorithm, data).hexdigest()}


class WorkTestCase(base.BaseTestCase):
    """:ivar registry: a mock that knows the methods and their arguments
    :ivar records: {id: image} that `images.get` answers
    :ivar answer: of each note of how far the work is
    :ivar notes: what was noted, in order
    """

    def setUp(self):
        super().setUp()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.conf = self.useFixture(config_fixture.Config(CONF))
        self._make_stores()
        self.records = {IMAGE: self.record()}
        self.answer = {'cancelled': False, 'gone': False}
        self.notes = []
        self.registry = mock.create_autospec(
            rpcapi.RegistryAPI(mock.Mock()))
        self.registry.images.get.side_effect = (
            lambda ctxt, image_id: copy.deepcopy(self.records[image_id]))
        self.registry.work.advance.side_effect = self._note
        self.addCleanup(self._check_contexts)

    def _make_stores(self):
        self.root = self.useFixture(fixtures.TempDir()).path
        self.conf.config(group=store_conf.STAGING_STORE,
                         filesystem_store_datadir=self.folder('staging'))
        self.area = self._store(store_conf.STAGING_STORE, 'staging')
        self.fast, self.cold = (self._store(name, name)
                                for name in ('fast', 'cold'))
        self.stores = backends.Stores([self.fast, self.cold], 'fast',
                                      reserved=[self.area])

    def _check_contexts(self):
        """Every call says who asks."""
        for name, args, _kwargs in self.registry.method_calls:
            self.assertIsInstance(args[0], context.BusContext, name)

    def folder(self, name):
        return os.path.join(self.root, name)

    def _store(self, store_id, name):
        return filesystem.Driver(store_id,
                                 store_base.values(self.folder(name)))

    def _note(self, ctxt, work_id, attempt, progress, **more):
        self.notes.append(copy.deepcopy(dict(progress, **more)))
        return self.answer

    def record(self, image_id=IMAGE, **values):
        return dict({
            'id': image_id, 'owner': 'p', 'status': 'importing',
            'size': None, 'virtual_size': None, 'checksum': None,
            'os_hash_algo': None, 'os_hash_value': None,
            'disk_format': 'raw', 'container_format': 'bare',
            'properties': {}, 'locations': []}, **values)

    def active(self, *stores, image_id=IMAGE, data=DATA, **values):
        """An image with the same data in some stores."""
        self.records[image_id] = self.record(image_id, **dict(
            facts(data), status='active', locations=[
                {'id': number, 'url': self.put(store, image_id, data),
                 'metadata': {'store': store.id}, 'status': 'active'}
                for number, store in enumerate(stores)], **values))

    def put(self, store, image_id=IMAGE, data=DATA, attempt='first',
            settled=True):
        url = store.write(image_id, attempt, store_base.Source(data)).url
        if settled:
            store.settle(image_id, attempt)
        return url

    def job(self, kind='api_image_import', progress=None, number=1,
            host=None, image_id=IMAGE, **given):
        self.unit = {'id': 'w', 'kind': kind, 'attempt': number,
                     'input': given, 'image_id': image_id, 'host': host,
                     'progress': progress}
        return jobs.Job(context.internal(), self.registry, self.stores,
                        self.unit)

    def work(self, *args, **kwargs):
        """Do a unit of work, see `job`."""
        job = self.job(*args, **kwargs)
        work_kinds.run(job)
        return job

    def serve(self, data=DATA, length=None):
        """What any URL gives.

        `fetched` is what was asked for, `unclosed` what was not closed.
        """
        self.fetched, self.unclosed = [], set()

        class Source(store_base.Source):

            def close(source):
                self.unclosed.discard(source)

        def open_(*args):
            self.fetched.append(args)
            source = Source(data)
            source.length = length
            self.unclosed.add(source)
            return source
        self.useFixture(fixtures.MonkeyPatch(
            fetching.__name__ + '.open', open_))

    def files(self, name):
        return sorted(os.listdir(self.folder(name)))

    def whole(self, name):
        """{file: data} of a store in which no attempt is left."""
        found = {}
        for file in self.files(name):
            self.assertFalse(file.startswith('.'), file)
            with open(os.path.join(self.folder(name), file), 'rb') as source:
                found[file] = source.read()
        return found

    def result(self):
        """What came of the task, which has succeeded."""
        self.registry.tasks.fail.assert_not_called()
        self.registry.work.hand_back.assert_not_called()
        self.registry.tasks.finish.assert_called_once()
        (_ctxt, work_id, attempt, result) = (
            self.registry.tasks.finish.call_args.args)
        self.assertEqual(('w', self.unit['attempt']), (work_id, attempt))
        return result

    def failure(self):
        """(reason, stores) of the task, which has failed."""
        self.registry.tasks.finish.assert_not_called()
        self.registry.work.hand_back.assert_not_called()
        self.registry.tasks.fail.assert_called_once()
        return self.registry.tasks.fail.call_args.args[3:]
