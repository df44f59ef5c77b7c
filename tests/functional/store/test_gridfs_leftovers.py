"""What nobody owns is found in GridFS, and nothing else is touched."""

import types
import uuid

from glance.common import exceptions
from glance.conductor.periodic import leftovers
from glance.conf import CONF
from glance.store import backends
from glance.store.drivers.gridfs import gridfs_files
from tests.functional.store import gridfs


class LeftoversTest(gridfs.TestCase):

    ctxt = None

    def setUp(self):
        super().setUp()
        CONF.set_override('leftovers_grace', 0, 'periodic')
        self.stores = backends.Stores([self.store], 'one')
        self.registry = types.SimpleNamespace(deletions=self)
        self.owned = {}

    def check(self):
        pass

    def owners(self, ctxt, ids):
        return {one: {'is_known': one in self.owned, 'is_image': True,
                      'is_busy': False, 'urls': self.owned.get(one, [])}
                for one in ids}

    def do(self, **expected):
        totals = leftovers.do(self)
        self.assertEqual(expected, {name: totals[name] for name in expected})

    def test_all_of_them(self):
        owned, lost, unknown = (str(uuid.uuid4()) for _ in range(3))
        urls = {one: self.put(b'x' * 5 * gridfs.MIB, gridfs.attempt(), one)
                for one in (owned, lost, unknown)}
        self.owned = {owned: [urls[owned]], lost: []}
        for one in (owned, lost):
            for name in (gridfs.attempt(), gridfs.attempt() + '-store-1'):
                self.put_chunk('%s-%s' % (one, name))
        empty = self.put(b'', gridfs.attempt(), lost)
        others = ['volume-' + lost, lost + '_disk', lost + '-a1']
        for name in others:
            self.put_chunk(name)
        self.do(remove=6, unknown=1)
        self.assertEqual(sorted(others), self.mine(lost))
        self.assertEqual([urls[owned][9:]], self.mine(owned))
        self.assertRaises(exceptions.NotFound, self.store.size, empty)
        self.do(remove=0, unknown=1)

    def test_more_than_one_page_is_removed(self):
        self.patch(gridfs_files, '_SOME', 2)
        image_id = str(uuid.uuid4())
        self.owned = {image_id: []}
        for _ in range(5):
            self.put(b'data', gridfs.attempt(), image_id)
        self.do(remove=5)
        self.assertEqual([], self.mine(image_id))

    def test_sizes_and_times(self):
        image_id, name = str(uuid.uuid4()), gridfs.attempt()
        self.put_chunk('%s-%s' % (image_id, name), 0, b'x' * gridfs.MIB)
        self.put_chunk('%s-%s' % (image_id, name), 1)
        url = self.put(b'data', gridfs.attempt(), image_id)
        whole, part = sorted(self.store.list(), key=lambda one: one.size)
        self.assertEqual((url, None, 4), (whole.url, whole.attempt,
                                          whole.size))
        self.assertEqual((None, name, gridfs.MIB + 4),
                         (part.url, part.attempt, part.size))
        self.assertLess(abs(whole.changed - part.changed), 120)

    def test_what_is_young_stays(self):
        image_id = str(uuid.uuid4())
        self.owned = {image_id: []}
        self.put_chunk('%s-%s' % (image_id, gridfs.attempt()))
        self.put(b'data', gridfs.attempt(), image_id)
        CONF.set_override('leftovers_grace', 3600, 'periodic')
        self.do(remove=0)

    def test_ended_since_it_was_found(self):
        image_id, name = str(uuid.uuid4()), gridfs.attempt()
        self.put_chunk('%s-%s' % (image_id, name))
        [found] = self.store.list()
        self.chunks.delete_many({})
        url = self.put(b'data', name, image_id)
        self.store.drop(found)
        self.assertEqual(b'data', self.get(url))

    def test_another_one_of_the_same_name(self):
        image_id = str(uuid.uuid4())
        url = self.put(b'data', gridfs.attempt(), image_id)
        [found] = self.store.list()
        self.store.drop(found._replace(version=found.version.replace(
            year=2015)))
        self.assertEqual(b'data', self.get(url))
        self.store.drop(found)
        self.assertEqual([], self.mine(image_id))
