"""Images in containers of Swift."""

import os
import uuid

from oslotest import base as test_base
import requests

from glance.common import context as contexts
from glance.common import exceptions
from tests.fixtures.servers import swift
from tests.stores import base
from tests.stores import kinds
from tests.unit.store import base as sources


class SwiftTest(base.Suite, test_base.BaseTestCase):

    kind = 'swift'
    copies = True

    def test_name_of_the_image(self):
        """Bare metal services look for it there."""
        image_id = str(uuid.uuid4())
        first = self.put(b'1', 'a1', image_id)
        second = self.put(b'2', 'a2', image_id)
        self.assertEqual([image_id, image_id + '-a2'],
                         [url.split('/')[-1] for url in (first, second)])
        self.store.delete(first)
        self.store.delete(second)
        self.assertEqual([], self.mine(image_id))

    def test_empty(self):
        self.assertEqual(b'', self.get(self.put(b'')))


class TenantsTest(test_base.BaseTestCase):
    """Each project has its images in its own account."""

    def setUp(self):
        super().setUp()
        self.server = self.useFixture(swift.Swift())
        options = dict(kinds.options('swift', self),
                       swift_store_multi_tenant='true',
                       swift_store_admin_tenants='writers')
        loaded = self.useFixture(base.Stores({'one': 'swift'},
                                             {'one': options}))
        self.store = loaded.all.default
        self.assertIsNone(self.store.problem)

    def context(self, user='demo'):
        """What a request of a user brings."""
        service = self.store._context(None)
        project = self.server.keystone.project_id(user)
        [entry] = service.service_catalog
        [endpoint] = entry['endpoints']
        url = endpoint['publicURL'].replace(service.project_id, project)
        return contexts.RequestContext(
            auth_token=self.server.keystone.token(user),
            project_id=project, service_catalog=[
                dict(entry, endpoints=[dict(endpoint, publicURL=url)])])

    def test_whole_life(self):
        """Users write and read with their tokens, conductors without."""
        context, data = self.context(), b'x' * 1000
        url = self.store.write(str(uuid.uuid4()), 'a1', sources.Source(data),
                               len(data), context).url
        self.assertIn('AUTH_' + context.project_id, url)
        for who in (context, None):
            reader = self.store.open(url, context=who)
            self.assertEqual(data, b''.join(reader))
            reader.close()
        self.assertEqual(len(data), self.store.size(url))
        self.store.delete(url)
        self.assertRaises(exceptions.NotFound, self.store.size, url)
        self.assertRaises(exceptions.NotFound, self.store.set_readers, url,
                          [])

    def can_read(self, url, data, context):
        try:
            reader = self.store.open(url, context=context)
        except exceptions.StoreUnavailable:
            return False
        try:
            return b''.join(reader) == data
        finally:
            reader.close()

    def test_readers(self):
        """Others read what they may, and nobody without a token."""
        owner, other = self.context(), self.context('alt_demo')
        # One with segments, which are objects of their own.
        for data in (b'x' * 1000, os.urandom(7 << 20)):
            url = self.store.write(str(uuid.uuid4()), 'a1',
                                   sources.Source(data), None, owner).url
            self.assertFalse(self.can_read(url, data, other))
            for projects, may in (([other.project_id], True),
                                  ([owner.project_id], False), (None, True),
                                  ([], False)):
                self.store.set_readers(url, projects)
                self.assertEqual(may, self.can_read(url, data, other),
                                 projects)
                self.assertTrue(self.can_read(url, data, owner))
                self.check_without_token(url)
            self.assertEqual('writers:*', self.acl(url, owner))
            self.store.delete(url)

    def check_without_token(self, url):
        address = 'http' + url.removeprefix('swift+http')
        for path in (address, address.rpartition('/')[0]):
            self.assertEqual(401, requests.get(path, timeout=60).status_code)

    def acl(self, url, context):
        """Who may write, as the owner sees it."""
        place = self.store._place(url)
        return self.store._connection(place, context).head_container(
            place.container)['x-container-write']
