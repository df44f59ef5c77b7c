"""Which hosts have which images, and are to have them."""

from glance.common import exceptions
from glance.registry.endpoints import cache
from tests.unit.registry import base

NODE, OTHER = 'http://one:9292', 'http://two:9292'


class CacheTest(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.cache = cache.CacheEndpoint()
        self.ids = [self.create()['id'] for _number in range(3)]

    def call(self, method, node=NODE, **kwargs):
        return getattr(self.cache, method)(self.admin, node=node, **kwargs)

    def add(self, image_id, node=NODE, now=1000.5):
        self.call('add', node, image_id=image_id, size=5, checksum='c' * 32,
                  now=now)

    def cached(self, node=NODE):
        return [entry['image_id'] for entry in
                self.call('list', node)['cached']]

    def queued(self, node=NODE):
        return self.call('list', node)['queued']

    def test_unknown_node(self):
        self.assertEqual({'cached': [], 'queued': []}, self.call('list'))
        self.assertEqual([], self.call('list_queued'))
        self.assertEqual([], self.call('list_cached', after=None, limit=5))
        for method in ('remove', 'unqueue'):
            self.assertEqual(0, self.call(method))
        self.call('hit', hits={self.ids[0]: [1, 2000]})

    def test_an_added_image_is_listed_with_its_facts(self):
        self.add(self.ids[0])
        self.add(self.ids[1], OTHER)
        entry, = self.call('list')['cached']
        self.assertEqual(
            {'image_id': self.ids[0], 'size': 5, 'hits': 0, 'gone': False,
             'checksum': 'c' * 32}, {name: value for name, value
                                     in entry.items() if name not in
                                     ('id', 'last_accessed',
                                      'last_modified')})
        # MariaDB keeps whole seconds.
        for name in ('last_accessed', 'last_modified'):
            self.assertIn(entry[name], (1000, 1000.5, 1001))

    def test_add_again(self):
        self.add(self.ids[0])
        self.call('hit', hits={self.ids[0]: [2, 2000]})
        self.add(self.ids[0], now=3000)
        entry, = self.call('list')['cached']
        self.assertEqual((2, 3000), (entry['hits'], entry['last_modified']))

    def test_order_of_use(self):
        for number, image_id in enumerate(self.ids):
            self.add(image_id, now=1000 + number)
        self.call('hit', hits={self.ids[0]: [3, 2000],
                               self.ids[1]: [1, 1500]})
        self.assertEqual([self.ids[2], self.ids[1], self.ids[0]],
                         self.cached())
        self.assertEqual([0, 1, 3], [entry['hits'] for entry in
                                     self.call('list')['cached']])

    def test_pages_follow_each_other_by_last_use(self):
        """They follow each other by last use, and where this is the same, too.
        """
        ids = [self.create()['id'] for _number in range(7)]
        for number, image_id in enumerate(ids):
            self.add(image_id, now=1000.25 + number // 4)
            self.add(image_id, OTHER)
        whole, after = self.call('list')['cached'], None
        for first in range(0, 8, 2):
            page = self.call('list_cached', after=after, limit=2)
            self.assertEqual(whole[first:first + 2], page)
            after = [page[-1]['last_accessed'], page[-1]['id']]
        self.assertEqual([], self.call('list_cached', after=after, limit=2))

    def test_images_are_removed_from_one_node_only(self):
        for image_id in self.ids:
            self.add(image_id)
            self.add(image_id, OTHER)
        self.assertEqual(1, self.call('remove', image_ids=[self.ids[0]]))
        self.assertEqual(0, self.call('remove', image_ids=[self.ids[0]]))
        self.assertEqual(2, self.call('remove'))
        self.assertEqual([], self.cached())
        self.assertEqual(3, len(self.cached(OTHER)))

    def test_all_nodes_that_have_an_image_are_listed(self):
        self.add(self.ids[0], OTHER)
        self.add(self.ids[0])
        self.assertEqual([NODE, OTHER], self.cache.list_nodes(
            self.admin, image_id=self.ids[0]))
        self.assertEqual([], self.cache.list_nodes(self.admin,
                                                   image_id=self.ids[1]))

    def test_an_image_is_queued_until_it_is_cached(self):
        for image_id in (self.ids[1], self.ids[0], self.ids[1]):
            self.call('queue', image_id=image_id)
        self.call('queue', OTHER, image_id=self.ids[2])
        self.assertEqual([self.ids[1], self.ids[0]], self.queued())
        self.assertEqual(self.queued(), self.call('list_queued'))
        self.add(self.ids[1])
        self.assertEqual([self.ids[0]], self.queued())
        self.assertEqual(1, self.call('unqueue', image_ids=[self.ids[0]]))
        self.assertEqual(0, self.call('unqueue'))
        self.assertEqual(1, self.call('unqueue', OTHER))

    def test_deleted_image(self):
        self.add(self.ids[0])
        self.images.delete(self.owner, image_id=self.ids[0])
        entry, = self.call('list')['cached']
        self.assertTrue(entry['gone'])
        for method in (self.add, lambda image_id: self.call(
                'queue', image_id=image_id)):
            self.assertRaises(exceptions.ImageNotFound, method, self.ids[0])
