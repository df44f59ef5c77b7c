"""Images in containers of Swift."""

import uuid

from oslotest import base as test_base

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
                       swift_store_multi_tenant='true')
        loaded = self.useFixture(base.Stores({'one': 'swift'},
                                             {'one': options}))
        self.store = loaded.all.default
        self.assertIsNone(self.store.problem)

    def context(self):
        """What a request of a user brings."""
        service = self.store._context(None)
        project = self.server.keystone.project_id('demo')
        [entry] = service.service_catalog
        [endpoint] = entry['endpoints']
        url = endpoint['publicURL'].replace(service.project_id, project)
        return contexts.RequestContext(
            auth_token=self.server.keystone.token('demo'),
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
