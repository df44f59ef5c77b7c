"""What a host has cached, asked for in parts."""

import fixtures
from oslotest import base

from glance.common import context
from glance.registry.rpcapi import cache


class Bus:
    """Entries in the order of their use.

    :ivar cap: version that the registries know
    :ivar used: entries that are used while the next page is told
    """

    cap = '1.9'

    def __init__(self, count):
        self.entries = [{'id': number, 'last_accessed': 1000 + number}
                        for number in range(count)]
        self.calls = []
        self.used = ()

    def can_send(self, version):
        return version <= self.cap

    def call(self, ctxt, namespace, method, version, node, **arguments):
        self.calls.append((method, version))
        return getattr(self, method)(**arguments)

    def list(self):
        return {'cached': self.entries, 'queued': ['a', 'b']}

    def list_queued(self):
        return ['a', 'b']

    def list_cached(self, after, limit):
        rest = [entry for entry in self.entries if after is None
                or [entry['last_accessed'], entry['id']] > after]
        for entry in self.used:
            self.entries.remove(entry)
            self.entries.append(dict(entry, last_accessed=5000))
        self.used = ()
        return rest[:limit]


class PagesTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.MonkeyPatch(
            'glance.registry.rpcapi.cache._PAGE', 3))

    def pages(self, bus):
        self.bus = bus
        return [[entry['id'] for entry in page] for page in cache.Cache(
            bus).pages(context.internal(), 'node')]

    def test_pages_end_with_one_that_is_not_full(self):
        for count, pages in ((0, [[]]), (2, [[0, 1]]), (3, [[0, 1, 2], []]),
                             (7, [[0, 1, 2], [3, 4, 5], [6]])):
            self.assertEqual(pages, self.pages(Bus(count)))
            self.assertEqual([('list_cached', '1.9')] * len(pages),
                             self.bus.calls)

    def test_used_meanwhile(self):
        """Who was told of is not told of again."""
        bus = Bus(7)
        bus.used = bus.entries[1:2] + bus.entries[4:5]
        self.assertEqual([[0, 1, 2], [3, 5, 6], [4]], self.pages(bus))

    def test_registry_of_a_former_release(self):
        bus = Bus(7)
        bus.cap = '1.8'
        self.assertEqual([list(range(7))], self.pages(bus))
        self.assertEqual(['a', 'b'], cache.Cache(bus).queued(
            context.internal(), 'node'))
        self.assertEqual([('list', '1.4')] * 2, bus.calls)

    def test_queued_images_come_with_one_call(self):
        bus = Bus(0)
        self.assertEqual(['a', 'b'], cache.Cache(bus).queued(
            context.internal(), 'node'))
        self.assertEqual([('list_queued', '1.9')], bus.calls)
