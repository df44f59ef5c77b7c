"""Bug 1371728: of two PATCHes at once, the last one undid the other."""

from glance.registry.rpcapi import images
from tests.advisories import base


class TestTwoPatches(base.TestCase):

    options = {'conductor': False}

    def race(self, first, second):
        """Statuses of two PATCHes, each decided on the same old image."""
        statuses, update = [], images.Images.update

        def after_the_other(*args):
            if not statuses:
                statuses.append(None)
                statuses[0] = self.service.patch(self.image_id,
                                                 [first]).status_int
            return update(*args)
        self.patch(images.Images, 'update', after_the_other)
        answer = self.service.patch(self.image_id, [second])
        return [*statuses, answer.status_int]

    def setUp(self):
        super().setUp()
        self.image_id = self.service.create(name='old', a='1', b='1')['id']

    def set(self, name, value):
        return {'op': 'replace', 'path': '/' + name, 'value': value}

    def test_different_things(self):
        self.assertEqual([200, 200], self.race(self.set('name', 'new'),
                                               self.set('a', '2')))
        image = self.show(self.image_id)
        self.assertEqual(('new', '2', '1'),
                         (image['name'], image['a'], image['b']))

    def test_different_properties(self):
        self.assertEqual([200, 200], self.race(self.set('b', '2'),
                                               self.set('a', '2')))
        image = self.show(self.image_id)
        self.assertEqual(('2', '2'), (image['a'], image['b']))

    def test_one_rests_on_what_the_other_removed(self):
        self.assertEqual([200, 409], self.race(
            {'op': 'remove', 'path': '/a'}, self.set('a', '2')))
        self.assertNotIn('a', self.show(self.image_id))
