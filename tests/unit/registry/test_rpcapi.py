"""The twins are equal: what a caller may call is what the registry serves."""

import inspect
import re
from unittest import mock

from oslotest import base

from glance.registry import manager
from glance.registry import rpcapi

# Answered by the caller's side, out of another method.
LOCAL = {'images': {'get'}, 'cache': {'pages', 'queued'}}


def _methods(obj, skipped):
    """{name: argument names} of the public methods of an object's class."""
    found = {}
    for name, member in inspect.getmembers(type(obj), inspect.isfunction):
        if not name.startswith('_'):
            found[name] = list(inspect.signature(
                inspect.unwrap(member)).parameters)[skipped:]
    return found


class ParityTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.api = rpcapi.RegistryAPI(mock.Mock())
        self.endpoints = {
            endpoint.target.namespace: endpoint
            for endpoint in manager.endpoints()}

    def test_methods_and_arguments(self):
        served, called = {}, {}
        for namespace, endpoint in self.endpoints.items():
            # self, conn, ctxt
            served[namespace] = _methods(endpoint, 3)
            called[namespace] = _methods(getattr(self.api, namespace), 2)
            for name in LOCAL.get(namespace, ()):
                del called[namespace][name]
        self.assertEqual(served, called)

    def test_each_method_names_its_version(self):
        for namespace in self.endpoints:
            resource = type(getattr(self.api, namespace))
            for name, member in inspect.getmembers(resource,
                                                   inspect.isfunction):
                if not name.startswith('_'):
                    self.assertRegex(member.__doc__, r'since \d+\.\d+\.',
                                     '%s.%s' % (namespace, name))

    def test_the_history_ends_with_the_version(self):
        versions = re.findall(r'^\* (\d+\.\d+):', rpcapi.__doc__, re.M)
        self.assertEqual(rpcapi.VERSION, versions[-1])
        served = max(tuple(map(int, endpoint.target.version.split('.')))
                     for endpoint in self.endpoints.values())
        self.assertEqual(rpcapi.VERSION, '%d.%d' % served)
