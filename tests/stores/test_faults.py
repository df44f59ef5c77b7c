"""Stores that go, are slow, or do not know who asks."""

import os
import uuid

import fixtures
from oslotest import base as test_base

from glance.common import exceptions
from tests.fixtures.servers import ceph
from tests.fixtures.servers import mongodb
from tests.fixtures.servers import vcenter
from tests.stores import base
from tests.stores import kinds
from tests.unit.store import base as sources

WRONG = 'wrong-secret'


class Source(sources.Source):
    """Calls `happens` when half of its data is read."""

    def __init__(self, data, happens):
        super().__init__(data)
        self._half, self._happens = len(data) // 2, happens

    def next_buffer(self):
        self._look()
        return super().next_buffer()

    def read(self, size=-1):
        self._look()
        return super().read(size)

    def _look(self):
        if self._happens and self._file.tell() > self._half:
            self._happens()
            self._happens = None


class Links:
    """A test case says what `kind` of store, and how to get there."""

    def setUp(self):
        super().setUp()
        self.store = self.linked()
        self.addCleanup(self.links.set, 'store', 'pass')

    def set(self, mode):
        self.links.set('store', mode)

    def write(self, source):
        image_id = str(uuid.uuid4())
        return image_id, self.store.write(image_id, 'a1', source).url

    def test_gone_while_reading(self):
        data = os.urandom(40 * base.MIB)
        _image_id, url = self.write(sources.Source(data))
        reader = self.store.open(url)
        chunks = iter(reader)
        next(chunks)
        self.set('cut')
        self.assertRaises(exceptions.StoreUnavailable, list, chunks)
        reader.close()
        self.set('pass')
        self.store.delete(url)

    def test_gone_while_writing(self):
        image_id = str(uuid.uuid4())
        self.assertRaises(
            exceptions.StoreUnavailable, self.store.write, image_id, 'a1',
            Source(os.urandom(20 * base.MIB), lambda: self.set('cut')))
        self.set('pass')
        self.store.discard(image_id, 'a1')
        self.assertEqual([], [name for name in kinds.contents(self.store)
                              if image_id in name])

    def test_a_slow_link(self):
        data = os.urandom(200000)
        self.set('slow')
        _image_id, url = self.write(sources.Source(data))
        self.assertEqual(data, b''.join(self.store.open(url)))
        self.set('pass')
        self.store.delete(url)


class S3LinksTest(Links, base.Linked, test_base.BaseTestCase):

    def linked(self):
        url = self.useFixture(ceph.Ceph()).s3_url
        return self.load('s3', s3_store_host=self.lead(url))


class SwiftLinksTest(Links, base.Linked, test_base.BaseTestCase):

    def linked(self):
        return base.linked_swift(self)


class GridfsLinksTest(Links, base.Linked, test_base.BaseTestCase):

    def linked(self):
        server = self.useFixture(mongodb.MongoDB())
        port = self.links.add('store', server.port)
        return self.load('gridfs', mongodb_store_uri=server.uri.replace(
            ':%d' % server.port, ':%d' % port))


class VMwareLinksTest(Links, base.Linked, test_base.BaseTestCase):
    """The driver knows one port only, so the link has an address instead."""

    def linked(self):
        near = vcenter.free_address()
        far = self.useFixture(vcenter.VCenter()).address
        self.links.add_at('store', *('%s:%d' % (address, vcenter.PORT)
                                     for address in (near, far)))
        return self.load('vmware', vmware_server_host=near)


class CredentialsTest(base.Linked, test_base.BaseTestCase):
    """They are refused, and told nobody."""

    def refused(self, kind, **options):
        log = self.useFixture(fixtures.FakeLogger())
        store = self.load(kind, **options)
        self.assertRaises(exceptions.StoreUnavailable, store.check)
        for _number in range(2):
            error = self.assertRaises(
                exceptions.StoreUnavailable, store.write, str(uuid.uuid4()),
                'a1', sources.Source(b'data'))
            for text in (str(error), log.output, str(store.details())):
                self.assertNotIn(WRONG, text)

    def test_wrong_for_s3(self):
        self.refused('s3', s3_store_secret_key=WRONG)

    def test_wrong_for_swift(self):
        self.refused('swift', swift_store_key=WRONG)

    def test_wrong_for_cinder(self):
        self.refused('cinder', cinder_store_password=WRONG)

    def test_wrong_for_vmware(self):
        self.refused('vmware', vmware_server_password=WRONG)

    def test_wrong_for_rbd(self):
        """A key that the cluster does not know."""
        path = kinds.options('rbd', self)['rbd_store_ceph_conf']
        folder = self.useFixture(fixtures.TempDir()).path
        keyring = os.path.join(folder, 'keyring')
        with open(keyring, 'w') as file:
            file.write(ceph.key_file('client.glance', ()))
        other = os.path.join(folder, 'ceph.conf')
        with open(path) as source, open(other, 'w') as target:
            for line in source:
                target.write('keyring = %s\n' % keyring
                             if line.startswith('keyring') else line)
        self.refused('rbd', rbd_store_ceph_conf=other)
