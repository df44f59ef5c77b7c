"""Bug 1895173: an update of a property that was the same already failed."""

import concurrent.futures

from tests.advisories import base


class TestTheSameTwice(base.TestCase):

    options = {'conductor': False}

    def test_in_turn(self):
        image_id = self.service.create(a='1')['id']
        for _time in range(2):
            for verb in ('replace', 'add'):
                self.assertEqual(200, self.change(image_id, verb, 'a', '1'))
                self.assertEqual(200, self.change(image_id, verb, 'name',
                                                  'n'))

    def test_at_the_same_time(self):
        image_id = self.service.create(a='1')['id']
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(
                lambda value: self.change(image_id, 'add', 'a', '2'),
                range(40)))
        self.assertEqual({200}, set(statuses))
        self.assertEqual('2', self.show(image_id)['a'])
        self.assertEqual(200, self.change(image_id, 'remove', 'a'))
        self.assertNotIn('a', self.show(image_id))
        self.assertEqual(200, self.change(image_id, 'add', 'a', '3'))
        self.assertEqual('3', self.show(image_id)['a'])
