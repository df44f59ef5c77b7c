"""The twins are equal: what a caller may call is what the registry serves."""

import inspect
import re
import typing
from unittest import mock

from oslotest import base

from glance.common import context
from glance.conf import CONF
from glance.registry import manager
from glance.registry import rpcapi
from glance.rpc import transport

# Answered by the caller's side, out of another method.
LOCAL = {'images': {'get'}, 'cache': {'pages', 'queued'}}
# Callers of former releases get another answer.
ANSWERS = [('images', 'list'), ('namespaces', 'list')]


def _methods(obj, skipped):
    """{name: argument names} of the public methods of an object's class."""
    found = {}
    for name, member in inspect.getmembers(type(obj), inspect.isfunction):
        if not name.startswith('_'):
            found[name] = list(inspect.signature(
                inspect.unwrap(member)).parameters)[skipped:]
    return found


class Recorder:
    """Stands for the guarded client."""

    def __init__(self):
        self.sent = []

    def can_send(self, version):
        return True

    def call(self, ctxt, namespace, method, version, **arguments):
        self.sent.append((ctxt, namespace, method, arguments))
        return []

    write = cast = call


class ConnectTest(base.BaseTestCase):

    def test_the_version_of_this_code_is_sent(self):
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.addCleanup(transport.cleanup)
        rpc = rpcapi.connect().images._rpc
        self.assertTrue(rpc.can_send(rpcapi.VERSION))
        major, minor = rpcapi.VERSION.split('.')
        self.assertFalse(rpc.can_send('%s.%d' % (major, int(minor) + 1)))


class ParityTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.recorder = Recorder()
        self.api = rpcapi.RegistryAPI(self.recorder)
        self.endpoints = {
            endpoint.target.namespace: endpoint
            for endpoint in manager.endpoints()}

    def test_callers_have_each_resource_that_is_served(self):
        """Each process has its own list; whoever calls has no database."""
        self.assertEqual(sorted(self.endpoints), sorted(vars(self.api)))
        self.assertEqual(sorted(vars(self.api)), sorted(
            resource.namespace for resource in vars(self.api).values()))

    def test_methods_and_arguments(self):
        served, called = {}, {}
        for namespace, endpoint in self.endpoints.items():
            # self, conn, ctxt
            served[namespace] = _methods(endpoint, 3)
            called[namespace] = _methods(getattr(self.api, namespace), 2)
            for name in LOCAL.get(namespace, ()):
                del called[namespace][name]
        self.assertEqual(served, called)

    def test_what_is_sent_is_what_is_served(self):
        ctxt = context.internal()
        expected = []
        for namespace, endpoint in self.endpoints.items():
            for name, names in _methods(endpoint, 3).items():
                arguments = {argument: argument for argument in names}
                getattr(getattr(self.api, namespace), name)(ctxt, **arguments)
                expected.append((ctxt, namespace, name, arguments))
        self.assertEqual(expected, self.recorder.sent)

    def test_pages_of_older_registries(self):
        """They know of no bound: nothing is ever cut off."""
        for name in 'images', 'namespaces':
            resource = getattr(self.api, name)
            self.assertEqual({name: [], 'is_cut': False},
                             resource.list(context.internal(), {}))
            page = {name: ['x'], 'is_cut': True}
            with mock.patch.object(self.recorder, 'call',
                                   return_value=page):
                self.assertEqual(page, resource.list(context.internal(), {}))

    def test_both_sides_have_the_same_types(self):
        for namespace, endpoint in self.endpoints.items():
            for name in _methods(endpoint, 3):
                served, called = (
                    typing.get_type_hints(getattr(type(one), name))
                    for one in (endpoint, getattr(self.api, namespace)))
                self.assertEqual(context.BusContext, served.pop('ctxt'))
                self.assertEqual(context.Caller, called.pop('ctxt'))
                served.pop('conn', None)
                if (namespace, name) in ANSWERS:
                    answer = called.pop('return')
                    self.assertIn(answer,
                                  typing.get_args(served.pop('return')))
                self.assertEqual(served, called, (namespace, name))

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
