"""What is sent while the version is pinned is what old registries know."""

import inspect
import itertools

from oslotest import base

from glance.common import context
from glance.common import exceptions
from glance.registry import manager
from glance.registry import rpcapi
from tests.fixtures import rpc_versions

# Without these arguments a call would mean something else.
NEEDED = {('images', 'delete', 'unused'),
          ('images', 'list', 'usage'),
          ('locations', 'hashed', 'goes_on'),
          ('members', 'create', 'readers'),
          ('members', 'delete', 'readers')}


class PinnedClient:
    """Stands for the guarded client."""

    def __init__(self, pin):
        self._pin = pin
        self.sent = []

    def can_send(self, version):
        return rpc_versions.pair(version) <= rpc_versions.pair(self._pin)

    def check(self, version):
        if not self.can_send(version):
            raise exceptions.RegistryUnavailable()

    def call(self, ctxt, namespace, method, version='1.0', **arguments):
        self.check(version)
        if namespace == 'bus':      # every server of ours has it
            return 'pong'
        self.sent.append((namespace, method, version, sorted(arguments)))
        return []

    write = cast = call


# A method is (namespace, name).
FIRST = {method: version for version in reversed(rpc_versions.versions())
         for method in rpc_versions.methods(version)}
# [(method, argument, the last version without it)]
ADDED = [(method, name, old)
         for old, new in itertools.pairwise(rpc_versions.versions())
         for method, arguments in rpc_versions.methods(old).items()
         for name in rpc_versions.methods(new)[method]
         if name not in arguments]


def _calls():
    """(method, those of its later arguments that are set)"""
    for method in rpc_versions.methods(rpcapi.VERSION):
        added = [name for one, name, _old in ADDED if one == method]
        for count in range(len(added) + 1):
            for chosen in itertools.combinations(added, count):
                yield method, set(chosen)


def _signature(obj, method):
    return inspect.signature(inspect.unwrap(
        getattr(type(obj), method))).parameters


def _sent(pin, method, chosen):
    """:returns: what goes out, None when the call is refused"""
    client = PinnedClient(pin)
    namespace, name = method
    resource = getattr(rpcapi.RegistryAPI(client), namespace)
    needed = [one for one, parameter in _signature(resource, name).items()
              if parameter.default is parameter.empty]
    try:
        getattr(resource, name)(context.internal(), **{
            one: 'value of ' + one for one in (*needed[2:], *chosen)})
    except exceptions.RegistryUnavailable:
        return None
    return client.sent[0] if client.sent else None


class TableTestCase(base.BaseTestCase):
    """The table is that of the code; its past is that of the history."""

    def setUp(self):
        super().setUp()
        self.endpoints = {endpoint.target.namespace: endpoint
                          for endpoint in manager.endpoints()}
        self.api = rpcapi.RegistryAPI(PinnedClient(rpcapi.VERSION))

    def test_it_ends_with_the_version(self):
        self.assertEqual(rpcapi.VERSION, rpc_versions.versions()[-1])

    def test_it_has_all_endpoints(self):
        for namespace, endpoint in self.endpoints.items():
            self.assertEqual(
                endpoint.target.version,
                rpc_versions.target(namespace, rpcapi.VERSION), namespace)

    def test_it_has_all_methods_and_arguments(self):
        served = {
            (namespace, name): sorted(list(_signature(endpoint, name))[3:])
            for namespace, endpoint in self.endpoints.items()
            for name, _ in inspect.getmembers(type(endpoint),
                                              inspect.isfunction)
            if not name.startswith('_')}
        known = rpc_versions.methods(rpcapi.VERSION)
        self.assertEqual(served, {method: sorted(arguments)
                                  for method, arguments in known.items()})

    def test_methods_are_documented_with_their_version(self):
        for (namespace, name), version in FIRST.items():
            doc = getattr(getattr(self.api, namespace), name).__doc__
            self.assertIn('since %s.' % version, doc, (namespace, name))

    def test_defaults_are_those_of_the_registry(self):
        for (namespace, name), argument, _old in ADDED:
            called, served = (
                _signature(twin, name)[argument].default for twin in
                (getattr(self.api, namespace), self.endpoints[namespace]))
            self.assertIsNot(inspect.Parameter.empty, called)
            self.assertEqual(called, served, (namespace, name, argument))


class PinnedTestCase(base.BaseTestCase):

    def test_nothing_is_sent_that_is_not_known(self):
        for pin in rpc_versions.versions():
            known = rpc_versions.methods(pin)
            for method, chosen in _calls():
                sent = _sent(pin, method, chosen)
                if sent:
                    # Some do the same by means of older methods.
                    self.check_sent(pin, known.get(sent[:2]), *sent)

    def check_sent(self, pin, known, namespace, name, version, arguments):
        what = (pin, namespace, name, version)
        self.assertIsNotNone(known, what)
        self.assertEqual([], sorted(set(arguments) - set(known)), what)
        self.assertLessEqual(
            rpc_versions.pair(version),
            rpc_versions.pair(rpc_versions.target(namespace, pin)), what)

    def test_all_that_is_known_is_sent(self):
        for pin in rpc_versions.versions():
            known = rpc_versions.methods(pin)
            for method, chosen in _calls():
                if method in known and chosen <= set(known[method]):
                    later = {name for one, name, _old in ADDED
                             if one == method}
                    sent = _sent(pin, method, chosen)
                    self.assertIsNotNone(sent, (pin, method, chosen))
                    self.assertEqual(
                        sorted(set(known[method]) - later | chosen), sent[3])

    def test_methods_are_sent_as_the_first_that_had_them(self):
        for method, version in FIRST.items():
            self.assertEqual((*method, version),
                             _sent(version, method, ())[:3])

    def test_what_is_not_known_is_left_out_unless_it_is_needed(self):
        for method, argument, old in ADDED:
            self.assertEqual((*method, argument) in NEEDED,
                             _sent(old, method, {argument}) is None,
                             (method, argument))
