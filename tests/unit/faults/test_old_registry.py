"""What stands for an old registry refuses what that would refuse."""

import oslo_messaging

from glance.common import exceptions
from glance.registry import manager
from tests.faults import old_registry
from tests.unit.rpc import base
from tests.unit.rpc import endpoints


class Members:
    """Answers with what it was sent."""

    target = oslo_messaging.Target(namespace='members', version='1.7')

    def create(self, ctxt, **arguments):
        return sorted(arguments)

    delete = update = list = get = create


class OldRegistryTestCase(base.BusTestCase):

    def call(self, old, version='1.0', **arguments):
        self.serve(*old_registry.cap([Members()], old))
        return self.client(version='1.7').call(
            endpoints.a_context(), 'members', 'create', version=version,
            **arguments)

    def test_what_is_known(self):
        self.assertEqual(['image_id'], self.call('1.6', image_id='i'))
        self.assertEqual(['image_id', 'readers'], self.call(
            '1.7', '1.7', image_id='i', readers=True))

    def test_newer_argument(self):
        error = self.assertRaises(exceptions.GlanceError, self.call, '1.6',
                                  image_id='i', readers=True)
        self.assertEqual(500, error.status)

    def test_newer_version(self):
        self.assertRaises(exceptions.ServiceUnavailable, self.call, '1.6',
                          '1.7', image_id='i')

    def test_versions_of_endpoints(self):
        capped = old_registry.cap(manager.endpoints(), '1.7')
        found = {one.target.namespace: one.target.version for one in capped}
        self.assertEqual('1.0', found['uploads'])
        self.assertEqual('1.7', found['members'])

    def test_newer_namespaces(self):
        old = {one.target.namespace
               for one in old_registry.cap(manager.endpoints(), '1.1')}
        self.assertEqual({'images', 'uploads', 'members', 'events', 'work',
                          'quotas'}, old)
