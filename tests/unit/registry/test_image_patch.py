"""Limits on what an image may have, as they meet what it has."""

from glance.common import exceptions
from tests.unit.registry import base


class LimitTest(base.RegistryTestCase):
    """An image that has three, under a limit that was lowered to two."""

    def setUp(self):
        super().setUp()
        names = ['a', 'b', 'c']
        self.image_id = self.create(tags=names, properties=dict.fromkeys(
            names, 'x'))['id']

    def update(self, **changes):
        changes['limits'] = {'tags': 2, 'properties': 2}
        return self.images.update(self.owner, image_id=self.image_id,
                                  changes=changes)

    def test_what_is_there_may_stay_and_change(self):
        image = self.update(tags=['a', 'b', 'c'], set_properties={'a': 'y'})
        self.assertEqual({'a', 'b', 'c'}, set(image['tags']))
        self.assertEqual('y', image['properties']['a'])

    def test_as_many_others_are_refused(self):
        self.assertRaises(exceptions.LimitExceeded, self.update,
                          tags=['a', 'b', 'd'])
        self.assertRaises(exceptions.LimitExceeded, self.update,
                          set_properties={'d': 'x'}, remove_properties=['a'])
