"""Whether a store that is away, or does not say a word, is seen to be so."""

import socket
import threading
import time
import uuid

from glance_store._drivers.cinder import store as their_cinder
from oslo_config import fixture as config_fixture
from oslotest import base as test_base

from glance.common import exceptions
from tests.fixtures.servers import ceph
from tests.fixtures.servers import vcenter
from tests.stores import base
from tests.stores import kinds
from tests.unit.store import base as sources

# Seconds in which a store counts as away, and as back.
GONE, BACK = 5, 15


class CheckTest(base.Linked, test_base.BaseTestCase):

    def look(self, store):
        """:returns: whether the store is there, and the seconds it took"""
        begin = time.monotonic()
        found = []
        # As the probes of the health checks do.
        thread = threading.Thread(target=self._look, args=(store, found),
                                  daemon=True)
        thread.start()
        thread.join(store._conf.health.timeout)
        return found == [True], time.monotonic() - begin

    @staticmethod
    def _look(store, found):
        try:
            store.check()
            found.append(True)
        except exceptions.StoreUnavailable:
            found.append(False)

    def until(self, store, wanted, seconds):
        begin = time.monotonic()
        while self.look(store)[0] != wanted:
            self.assertLess(time.monotonic() - begin, seconds)
            time.sleep(0.1)

    def goes_and_comes(self, store, stop, start):
        self.until(store, True, BACK)
        stop()
        try:
            self.until(store, False, GONE)
        finally:
            start()
        self.until(store, True, BACK)

    def cut(self, store):
        for mode in ('cut', 'hole'):
            self.goes_and_comes(
                store, lambda: self.links.set('store', mode),
                lambda: self.links.set('store', 'pass'))

    def test_s3_is_seen_to_go_and_come_back(self):
        url = self.useFixture(ceph.Ceph()).s3_url
        self.cut(self.load('s3', s3_store_host=self.lead(url)))

    def test_s3_without_its_bucket(self):
        options = {'s3_store_bucket': 'nobody-has-made-it'}
        self.load('s3', **options).check()
        store = self.load('s3', s3_store_create_bucket_on_put='false',
                          **options)
        self.assertRaises(exceptions.StoreUnavailable, store.check)

    def test_swift_is_seen_to_go_and_come_back(self):
        self.cut(base.linked_swift(self))

    def test_swift_that_says_nothing_in_the_middle(self):
        store = base.linked_swift(self)
        url = store.write(str(uuid.uuid4()), str(uuid.uuid4()),
                          sources.Source(b'data')).url
        self.addCleanup(self.links.set, 'store', 'pass')
        self.useFixture(config_fixture.Config(store._conf)).config(
            store_silence_timeout=1)
        self.links.set('store', 'hole')
        begin = time.monotonic()
        self.assertRaises(exceptions.StoreUnavailable, store.size, url)
        # The library tries again, after longer and longer pauses.
        self.assertLess(time.monotonic() - begin, 90)

    def test_swift_of_tenants(self):
        self.load('swift', swift_store_multi_tenant='true').check()

    def test_swift_with_an_old_token(self):
        store = self.load('swift')
        store.check()
        [connection] = store._asking
        connection.token = 'old'
        store.check()
        store.demand()

    def test_swift_without_its_container(self):
        options = {'swift_store_container': 'nobody-has-made-it'}
        self.load('swift', **options).check()
        store = self.load(
            'swift', swift_store_create_container_on_put='false', **options)
        self.assertRaises(exceptions.StoreUnavailable, store.check)

    def test_rbd_is_seen_to_go_and_come_back(self):
        """Its disks are silent."""
        cluster = self.useFixture(ceph.Ceph())
        self.goes_and_comes(
            self.load('rbd'),
            lambda: cluster.run('ceph', 'osd', 'set', 'pause'),
            lambda: cluster.run('ceph', 'osd', 'unset', 'pause'))

    def test_vmware_can_be_checked_again(self):
        store = self.load('vmware')
        store.check()
        store.check()

    def test_vmware_that_says_nothing(self):
        store = self.load('vmware')
        with socket.create_server((vcenter.free_address(), 443)) as silent:
            store._store.server_host = silent.getsockname()[0]
            begin = time.monotonic()
            self.assertRaises(exceptions.StoreUnavailable, store.check)
            self.assertLess(time.monotonic() - begin, GONE)

    def test_cinder_is_seen_to_go_and_come_back(self):
        address = kinds.options('cinder', self)['cinder_store_auth_address']
        self.patch(their_cinder, 'CINDER_SESSION', None)
        store = self.load('cinder',
                          cinder_store_auth_address=self.lead(address))
        for mode in ('cut', 'hole'):
            self.links.set('store', mode)
            self.until(store, False, GONE)
        self.links.set('store', 'pass')
        self.until(store, True, BACK)
