"""Leftovers in several stores, some of which fail."""

import time
import types

from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import exceptions
from glance.conductor.periodic import leftovers
from glance.conf import CONF
from glance.store import backends
from glance.store import driver


class Store:

    def __init__(self, store_id, objects, error=None):
        self.id, self._objects, self.error = store_id, objects, error
        self.dropped = []

    def list(self):
        if self._objects is None:
            raise exceptions.StoreUnavailable()
        return self._list()

    def _list(self):
        yield from self._objects
        if self.error is not None:
            raise self.error

    schemes = ('s3',)

    def owns(self, url):
        return url.startswith('s3://host/')

    def may_be_same(self, url, other):
        return url == 's3://host/' + other

    def names(self, url):
        return {url.split('/')[3], url.split('/')[-1]}

    def settle(self, image_id, attempt):
        self.dropped.append(('settled', image_id, attempt))

    def drop(self, found):
        if found.url == 'used':
            raise exceptions.InUseByStore()
        self.dropped.append(found.url)


def found(url, attempt=None, changed=0):
    return driver.Found('image', attempt, url, 7, changed)


class LeftoversTestCase(base.BaseTestCase):

    ctxt = None

    def setUp(self):
        super().setUp()
        self.conf = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])

    def check(self):
        pass

    urls, owner = (), {'is_known': True, 'is_image': True, 'is_busy': False}

    def owners(self, ctxt, ids):
        self.asked = (self.asked or []) + [ids]
        return dict.fromkeys(ids, dict(self.owner, urls=self.urls))

    asked = None

    def do(self, *stores):
        self.stores = backends.Stores(stores, 'last')
        self.registry = types.SimpleNamespace(deletions=self)
        return leftovers.do(self)

    def test_stores_that_are_away(self):
        last = Store('last', [found('a')])
        totals = self.do(
            Store('away', None),
            Store('goes', [], exceptions.StoreUnavailable()), last)
        self.assertEqual((1, 7), (totals['remove'], totals['bytes']))
        self.assertEqual(['a'], last.dropped)

    def test_what_may_be_used(self):
        """An image may have a location of which nobody knows what it names."""
        for urls, removed in (
                (['s3://host/b', 'file:///a'], ['a']), (['s3://host/a'], []),
                (['s3://old.host/x'], []), (['s3://host/a?x', 'x'], ['a'])):
            self.urls, store = urls, Store('last', [found('a')])
            self.do(store)
            self.assertEqual(removed, store.dropped)

    def test_what_is_in_use_stays(self):
        """And is not counted; the others are removed."""
        store = Store('one', [found('used'), found('free')])
        totals = self.do(store)
        self.assertEqual((1, 7), (totals['remove'], totals['bytes']))
        self.assertEqual(['free'], store.dropped)

    def test_late_exports_of_a_known_task_are_dropped(self):
        """What a late writer left beside it goes, if the task is known."""
        for known, dropped in (({'object': 'one'}, ['s3://bucket/two']),
                               ({'object': None}, []), ({}, [])):
            self.owner = dict(self.owner, is_image=False)
            self.owner.pop('object', None)
            self.owner.update(known)
            store = Store('s', [found('s3://bucket/one'),
                                found('s3://bucket/two')])
            self.do(store)
            self.assertEqual(dropped, store.dropped)

    def test_exported_where_the_name_is_not_the_last_of_the_url(self):
        """Former releases have told of the last, which is not unique."""
        for known, dropped in (('one', ['rbd://pool/two/snap']),
                               ('snap', [])):
            self.owner = dict(self.owner, is_image=False, object=known)
            store = Store('s', [found('rbd://pool/one/snap'),
                                found('rbd://pool/two/snap')])
            self.do(store)
            self.assertEqual(dropped, store.dropped)

    def test_where_it_is_off_nothing_is_asked(self):
        self.conf.config(group='periodic', leftovers='off')
        self.assertEqual({'off': True}, self.do(Store('s', [found('a')])))
        self.assertIsNone(self.asked)

    def test_only_told_of(self):
        self.conf.config(group='periodic', leftovers='report')
        store = Store('s', [found('a')])
        self.assertEqual({'remove': 1, 'settle': 0, 'unknown': 0, 'bytes': 7},
                         self.do(store))
        self.assertEqual([], store.dropped)

    def test_the_owner_decides_what_goes(self):
        for owner, attempt, urls, totals, dropped in (
                ({}, 'x', (), (1, 0, 0, 7), ['a']),
                ({}, 'x', ['s3://host/a'], (0, 1, 0, 0),
                 [('settled', 'image', 'x')]),
                ({'is_busy': True}, 'x', (), (0, 0, 0, 0), []),
                ({'is_known': False}, 'x', (), (0, 0, 1, 0), []),
                ({'is_known': False}, None, (), (0, 0, 1, 0), []),
                # The attempt of an export that nobody goes on with.
                ({'is_image': False}, 'x', (), (1, 0, 0, 7), ['a'])):
            self.owner = dict(LeftoversTestCase.owner, **owner)
            self.urls, store = urls, Store('s', [found('a', attempt)])
            self.assertEqual(
                dict(zip(('remove', 'settle', 'unknown', 'bytes'), totals)),
                self.do(store))
            self.assertEqual(dropped, store.dropped)

    def test_what_was_changed_lately_stays(self):
        self.conf.config(group='periodic', leftovers_grace=100)
        now = time.time()
        store = Store('s', [found('old', changed=now - 101),
                            found('new', changed=now - 50)])
        self.assertEqual(1, self.do(store)['remove'])
        self.assertEqual(['old'], store.dropped)

    def test_asked_for_in_pieces(self):
        """And once for each image."""
        store = Store('s', [found('a')] * 501)
        self.assertEqual(501, self.do(store)['remove'])
        self.assertEqual([['image'], ['image']], self.asked)

    def test_nothing_is_asked_where_nothing_is_old(self):
        self.do(Store('s', [found('a', changed=time.time())]))
        self.assertIsNone(self.asked)

    def test_a_store_that_cannot_list(self):
        store = Store('s', [])
        store.list = lambda: None
        self.assertEqual(0, self.do(store)['remove'])

    def test_stopped_between_pieces(self):
        def stop():
            raise ValueError()
        self.check = stop
        self.assertRaises(ValueError, self.do, Store('s', [found('a')]))

    def test_described_without_its_url(self):
        for attempt, text in (
                (None, 'store s: image, 7 bytes, unchanged for 50 seconds: '
                 'remove'),
                ('x', 'store s: image (attempt x), 7 bytes, unchanged for '
                 '50 seconds: remove')):
            self.assertEqual(text, leftovers.describe(
                Store('s', []), found('secret', attempt, time.time() - 50),
                'remove'))
