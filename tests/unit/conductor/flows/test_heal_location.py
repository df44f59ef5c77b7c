"""A bad copy is replaced, wherever the one who did it was cut off."""

import hashlib
import logging
import os
import types

import fixtures

from glance.common import context
from glance.common import exceptions
from glance.conductor import claims
from glance.conductor.flows import heal_location
from glance.conductor import job as jobs
from glance.conf import CONF
from glance.metrics import counters
from glance.store import backends as store_registry
from glance.store.drivers.file import filesystem
from glance.store.transfer import image_data
from tests.unit.store import base

DATA = bytes(range(256)) * 2048
IMAGE = '12345678-1234-1234-1234-123456789abc'


class Registry:
    """Stands for the registry; it has one image.

    :ivar told: what was written, in order
    """

    def __init__(self, image):
        self.image, self.told = image, []
        self.error = None
        self.images = types.SimpleNamespace(get=self._get)
        self.audits = types.SimpleNamespace(failed=self._failed,
                                            healed=self._healed)
        self.work = types.SimpleNamespace(
            finish=lambda *args: self.told.append('finish'))

    def _get(self, ctxt, image_id):
        if self.image is None:
            raise exceptions.ImageNotFound(image_id=image_id)
        return self.image

    def _failed(self, ctxt, image_id, location, reason):
        self.told.append((reason, location['id']))
        self.failed = image_id, location

    def _healed(self, ctxt, work_id, attempt, image_id, location, written):
        if self.error is not None:
            raise self.error
        self.told.append('healed')
        self.healed = work_id, attempt, image_id, location, written
        self.image['locations'][0].update(written, status='active')


class TestHeal(base.StoreTestCase):

    def setUp(self):
        super().setUp()
        self.stores = [self.make(name) for name in ('bad', 'good', 'third')]
        urls = [self.put(store, b'x' + DATA[1:] if store.id == 'bad'
                         else DATA) for store in self.stores]
        self.image = {
            'id': IMAGE, 'size': len(DATA), 'owner': 'p',
            'checksum': hashlib.md5(DATA, usedforsecurity=False).hexdigest(),
            'os_hash_algo': 'sha512',
            'os_hash_value': hashlib.sha512(DATA).hexdigest(),
            'locations': [
                {'id': number, 'url': url, 'metadata': {'store': store.id},
                 'status': 'active' if number else 'bad'}
                for number, (url, store) in enumerate(
                    zip(urls, self.stores))]}
        self.registry = Registry(self.image)

    def make(self, name):
        folder = self.useFixture(fixtures.TempDir()).path
        return filesystem.Driver(name, base.values(folder))

    def put(self, store, data, attempt='first', settled=True):
        url = store.write(IMAGE, attempt, base.Source(data)).url
        if settled:
            store.settle(IMAGE, attempt)
        return url

    def heal(self, attempt=1, **more):
        bad = self.image['locations'][0]
        unit = {'id': 'w', 'kind': 'heal_location', 'attempt': attempt,
                'image_id': IMAGE, 'input': dict({
                    name: bad[name] for name in ('id', 'url', 'metadata')},
                    **more)}
        stores = store_registry.Stores(self.stores, 'good')
        job = jobs.Job(context.internal(), self.registry, stores, unit)
        heal_location.run(job)

    def listed(self, position=0):
        """Attempts that are not settled, and whole data."""
        return [one.attempt for one in self.stores[position].list()]

    def data(self, position=0):
        url = self.image['locations'][position]['url']
        with open(url.removeprefix('file://'), 'rb') as file:
            return file.read()

    def test_good_data_is_written_and_recorded(self):
        self.heal()
        self.assertEqual(['healed', 'finish'], self.registry.told)
        self.assertEqual(DATA, self.data())
        self.assertEqual([None, None], self.listed())

    def test_store_that_is_not_configured_any_more(self):
        self.image['locations'][0].update(
            url='rbd://fsid/pool/image/snap', metadata={'store': 'ceph'})
        last = CONF.work.max_tries
        for attempt in (1, last - 1):
            self.assertRaises(exceptions.BadRequest, self.heal, attempt)
        self.assertEqual([], self.registry.told)
        self.heal(attempt=last)
        self.assertEqual(['finish'], self.registry.told)

    def test_store_that_stays_away(self):
        def fail(*args, **kwargs):
            raise exceptions.StoreUnavailable()
        self.stores[0].write = fail
        self.assertRaises(exceptions.StoreUnavailable, self.heal)
        self.heal(attempt=CONF.work.max_tries)
        self.assertEqual(['finish'], self.registry.told)

    def test_written_but_not_recorded(self):
        self.put(self.stores[0], b'half', 'w-heal-1', settled=False)
        self.heal(attempt=2)
        self.assertEqual(['healed', 'finish'], self.registry.told)
        self.assertEqual([None, None], self.listed())
        self.assertEqual(DATA, self.data())

    def test_recorded_but_not_settled(self):
        before = self.image['locations'][0]['url']
        url = self.put(self.stores[0], DATA, 'w-heal-1', settled=False)
        self.image['locations'][0].update(url=url, status='active')
        self.heal(attempt=2, url=before)
        self.assertEqual(['finish'], self.registry.told)
        self.assertEqual(DATA, self.data())
        self.assertEqual([None, None], self.listed())

    def test_deleted_meanwhile(self):
        self.put(self.stores[0], DATA, 'w-heal-1', settled=False)
        bad = dict(self.image['locations'][0])
        for image in (dict(self.image, locations=[]), None):
            self.registry.image = image
            self.image['locations'][0] = bad
            self.heal(attempt=2)
        self.assertEqual(['finish', 'finish'], self.registry.told)
        self.assertEqual([None], self.listed())

    def test_deleted_while_it_is_healed(self):
        """Sources that go are no damage, and nothing is left to tell."""
        log = self.useFixture(fixtures.FakeLogger(level=logging.WARNING))
        paths = [location['url'].removeprefix('file://')
                 for location in self.image['locations'][1:]]

        def delete(stores, image):
            self.registry.image = None
            for path in paths:
                os.unlink(path)
            return image['locations'][1:]
        self.patch(image_data, 'in_order', delete)
        self.heal()
        self.assertEqual('finish', self.registry.told[-1])
        self.assertEqual('', log.output)

    def test_deleted_while_its_store_is_away(self):
        log = self.useFixture(fixtures.FakeLogger(level=logging.WARNING))

        def fail(*args, **kwargs):
            self.registry.image = None
            raise exceptions.StoreUnavailable()
        self.stores[0].write = fail
        self.heal(attempt=CONF.work.max_tries)
        self.assertEqual(['finish'], self.registry.told)
        self.assertEqual('', log.output)

    def test_put_right_meanwhile(self):
        self.image['locations'][0]['status'] = 'active'
        self.heal()
        self.assertEqual(['finish'], self.registry.told)
        self.assertEqual([None], self.listed())

    def test_a_source_that_is_bad_as_well(self):
        path = self.image['locations'][1]['url'].removeprefix('file://')
        with open(path, 'r+b') as file:
            file.write(b'y')
        self.heal()
        self.assertEqual([('hash', 1), 'healed', 'finish'],
                         self.registry.told)
        self.assertEqual(DATA, self.data())

    def test_no_source(self):
        for location in self.image['locations'][1:]:
            os.unlink(location['url'].removeprefix('file://'))
        self.heal()
        self.assertEqual([('missing', 1), ('missing', 2), 'finish'],
                         self.registry.told)
        self.assertEqual([None], self.listed())

    def test_a_source_that_is_away(self):
        self.patch(self.stores[1], 'open', self.fail_)
        self.heal()
        self.assertEqual(['healed', 'finish'], self.registry.told)
        self.image['locations'][0]['status'] = 'bad'
        self.patch(self.stores[2], 'open', self.fail_)
        self.assertRaises(exceptions.StoreUnavailable, self.heal)

    def fail_(self, url):
        raise exceptions.StoreUnavailable()

    def test_refused_record(self):
        for error in (exceptions.Gone(), exceptions.LeaseLost()):
            self.registry.error = error
            try:
                self.heal()
            except exceptions.LeaseLost:
                self.assertEqual(['finish'], self.registry.told)
            self.assertEqual([None], self.listed())

    def test_handed_over(self):
        self.patch(jobs.Job, 'stopped', lambda job: claims.Draining())
        self.assertRaises(claims.Draining, self.heal)
        self.assertEqual([], self.registry.told)
        self.assertEqual([None], self.listed())

    def counted(self, store_id, result):
        return counters.AUDITS.labels(store_id, result)._value.get()

    def test_what_is_recorded(self):
        before = self.counted('bad', 'healed')
        bad = dict(self.image['locations'][0])
        contexts, write = [], self.stores[0].write

        def note(image_id, attempt, source, size, context):
            contexts.append(context.project_id)
            return write(image_id, attempt, source, size, context)
        self.stores[0].write = note
        self.heal(attempt=3)
        work_id, attempt, image_id, location, written = self.registry.healed
        self.assertEqual(('w', 3, IMAGE, {'id': 0, 'url': bad['url']}),
                         (work_id, attempt, image_id, location))
        self.assertEqual({'url', 'metadata', 'readers'}, set(written))
        self.assertEqual(({'store': 'bad'}, False),
                         (written['metadata'], written['readers']))
        self.assertEqual(DATA, self.data())
        self.assertEqual(['p'], contexts)
        self.assertEqual(1, self.counted('bad', 'healed') - before)

    def test_by_the_hash_of_the_image(self):
        self.image.update(os_hash_algo='sha256', os_hash_value=hashlib.new(
            'sha256', DATA).hexdigest(), checksum=None)
        self.heal()
        self.assertEqual(DATA, self.data())
        self.image['locations'][0]['status'] = 'bad'
        self.image['os_hash_value'] = '0' * 64
        self.heal(attempt=2)
        self.assertEqual([('hash', 1), ('hash', 2), 'finish'],
                         self.registry.told[-3:])

    def test_a_hash_that_nobody_can_compute(self):
        for attempt, name in enumerate(('whirlpool-2', 'shake_128'), 1):
            self.image.update(os_hash_algo=name, os_hash_value='0' * 64)
            self.image['locations'][0]['status'] = 'bad'
            self.heal(attempt=attempt)
            self.assertEqual(DATA, self.data())

    def test_a_source_that_is_bad_is_named(self):
        self.image['checksum'] = '0' * 32
        self.heal()
        source = self.image['locations'][2]
        self.assertEqual((IMAGE, {'id': 2, 'url': source['url']}),
                         self.registry.failed)

    def test_operators_are_told_which_store_stays_unhealed(self):
        """Operators are told of the store, also one that nobody knows."""
        for url, metadata, name in (
                (None, {'store': 'bad'}, 'bad'),
                ('rbd://x/y/z/snap', {'store': 'ceph'}, 'ceph'),
                ('rbd://x/y/z/snap', {}, 'unknown')):
            self.registry.told.clear()
            before = self.counted(name, 'unhealed')
            log = self.useFixture(fixtures.FakeLogger(level=logging.ERROR))
            self.image['locations'] = self.image['locations'][:1]
            self.image['locations'][0].update(
                url=url or self.image['locations'][0]['url'],
                metadata=metadata)
            self.heal(attempt=CONF.work.max_tries)
            self.assertEqual(['finish'], self.registry.told)
            self.assertEqual(1, self.counted(name, 'unhealed') - before)
            self.assertIn('%s in store %s cannot' % (IMAGE, name),
                          log.output)

    def test_a_store_that_is_only_read(self):
        self.useFixture(fixtures.MonkeyPatch(
            'glance.store.drivers.file.filesystem.Driver.read_only', True))
        log = self.useFixture(fixtures.FakeLogger())
        self.heal()
        self.assertEqual(['finish'], self.registry.told)
        self.assertNotEqual(DATA, self.data())
        self.assertIn('no store has good data', log.output)

    def test_a_source_that_no_store_has_made(self):
        self.image['locations'][1]['url'] = 'file:///elsewhere/x'
        self.heal()
        self.assertEqual(['healed', 'finish'], self.registry.told)

    def test_discarded_by_its_url(self):
        told, discard = [], self.stores[0].discard
        self.stores[0].discard = lambda *args: (
            told.append(args), discard(*args))
        self.image['checksum'] = '0' * 32
        self.heal()
        self.assertEqual([(IMAGE, 'w-heal-1')] * 2,
                         [args[:2] for args in told])
        self.assertTrue(all(args[2].startswith('file://') for args in told))
