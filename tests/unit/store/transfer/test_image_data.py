"""Bad locations of an image are never opened."""

import types

from oslotest import base

from glance.common import exceptions
from glance.store.transfer import image_data


class TestBadLocations(base.BaseTestCase):

    def image(self, *statuses):
        return {'id': 'i', 'size': 1, 'locations': [
            {'url': status, 'metadata': {}, 'status': status}
            for status in statuses]}

    def in_order(self, *statuses):
        stores = types.SimpleNamespace(by_weight=list)
        return [one['status'] for one in image_data.in_order(
            stores, self.image(*statuses))]

    def test_left_out(self):
        self.assertEqual(['active'], self.in_order('bad', 'active'))
        self.assertEqual([], self.in_order('bad', 'verifying'))

    def test_bad_copies_without_a_good_one_are_damage(self):
        for statuses, expected in ((('bad',), True), (('bad', 'bad'), True),
                                   (('bad', 'verifying'), True),
                                   (('bad', 'active'), False), ((), False),
                                   (('active',), False)):
            self.assertEqual(expected, image_data.is_damaged(
                self.image(*statuses)), statuses)

    def test_nothing_to_open(self):
        self.assertRaises(exceptions.DataDamaged, image_data.open_, None,
                          self.image('bad'), [])
