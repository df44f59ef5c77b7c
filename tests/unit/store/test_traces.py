"""What a claim removes of its own when it may be lost."""

import itertools
import types

import fixtures
from oslotest import base

from glance.common import exceptions
from glance.conf import CONF
from glance.conf import work
from glance.store import traces

URL = 'file:///images/i.w-store-1'


class Store:

    id = 'one'

    def __init__(self):
        self.gone, self.settled, self.is_away = [], [], False

    def discard(self, image_id, attempt, url):
        if self.is_away:
            raise exceptions.StoreUnavailable()
        self.gone.append((image_id, attempt, url))

    def settle(self, image_id, attempt):
        if self.is_away:
            raise exceptions.StoreUnavailable()
        self.settled.append((image_id, attempt))

    def is_same(self, url, other):
        return url == other

    def names(self, url):
        return {url.rpartition('/')[2]}


class TestTraces(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        work.register_opts(CONF)
        self.store = Store()
        self.asked, self.answers = 0, []
        self.answer = {'is_held': False, 'names': []}
        self.traces = traces.Traces(self.ask)
        self.trace = self.traces.begin(self.store, 'i', 'w-store-1')

    def ask(self):
        self.asked += 1
        if self.answer is None:
            raise exceptions.RegistryUnavailable()
        return self.answer

    def test_never_told(self):
        """Nobody has to be asked."""
        self.answer = None
        self.traces.remove()
        self.assertEqual([('i', 'w-store-1', None)], self.store.gone)

    def test_data_is_kept_if_held_or_named(self):
        names = (URL, 'w-store-1', 'i.w-store-1', 'file:///other')
        for is_held, name in itertools.product((False, True), names):
            self.store.gone.clear()
            self.answer = {'is_held': is_held, 'names': [name]}
            self.traces.begin(self.store, 'i', 'w-store-1').note(URL)
            self.traces.remove()
            counts = is_held or name != 'file:///other'
            self.assertEqual(counts, ('i', 'w-store-1', URL)
                             not in self.store.gone, (is_held, name))

    def test_the_last_one_settles_what_counts(self):
        for is_last, is_held, name, settled in (
                (True, False, URL, [('i', 'w-store-1')]),
                (True, False, 'file:///other', []), (True, True, URL, []),
                (False, False, URL, [])):
            self.store.settled.clear()
            self.answer = {'is_held': is_held, 'names': [name]}
            trace = self.traces.begin(self.store, 'i', 'w-store-1')
            trace.note(URL)
            trace.is_last = is_last
            self.traces.remove()
            self.assertEqual(settled, self.store.settled)

    def test_settling_is_tried_again(self):
        self.trace.note(URL)
        self.trace.is_last, self.store.is_away = True, True
        self.answer = {'is_held': False, 'names': [URL]}
        self.assertRaises(exceptions.StoreUnavailable, self.traces.remove)
        self.store.is_away = False
        self.traces.remove()
        self.assertEqual(([('i', 'w-store-1')], []),
                         (self.store.settled, self.store.gone))

    def test_all_are_tried_again(self):
        second = self.traces.begin(self.store, 'i', 'w-store-2')
        second.note(URL)
        self.answer = None
        self.assertRaises(exceptions.RegistryUnavailable, self.traces.remove)
        self.assertEqual(1, len(self.store.gone))
        self.answer = {'is_held': False, 'names': []}
        self.traces.remove()
        self.assertEqual(['w-store-1', 'w-store-2'],
                         [gone[1] for gone in self.store.gone])

    def test_removal_goes_on_until_the_store_is_back(self):
        started, pauses = [], []

        def pause(seconds):
            pauses.append(seconds)
            self.store.is_away = len(pauses) < 3
        self.useFixture(fixtures.MonkeyPatch(
            'glance.store.traces.concurrency.spawn', started.append))
        self.useFixture(fixtures.MonkeyPatch(
            'glance.store.traces.time', types.SimpleNamespace(sleep=pause)))
        self.store.is_away = True
        self.traces.remove_patiently()
        self.assertEqual([], self.store.gone)
        started[0]()
        self.assertEqual(3, len(pauses))
        self.assertEqual(1, len(self.store.gone))

    def test_no_endless_patience(self):
        self.useFixture(fixtures.MonkeyPatch(
            'glance.store.traces.concurrency.spawn', lambda fn: fn()))
        self.useFixture(fixtures.MonkeyPatch(
            'glance.store.traces.time',
            types.SimpleNamespace(sleep=lambda seconds: None)))
        self.answer = None
        self.trace.note(URL)
        self.traces.remove_patiently()
        self.assertEqual(CONF.work.max_tries, self.asked)
