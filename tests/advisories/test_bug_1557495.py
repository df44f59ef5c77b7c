"""Bug 1557495: a location was added while the status changed."""

from glance.registry.rpcapi import locations as rpcapi
from tests.advisories import locations


class TestRace(locations.TestCase):

    def setUp(self):
        super().setUp()
        self.image_id = self.service.create()['id']

    def race(self, first):
        """Status of adding a location when something else comes before."""
        update, meanwhile = rpcapi.Locations.update, [first]

        def after_that(*args, **kwargs):
            if meanwhile:
                meanwhile.pop()()
            return update(*args, **kwargs)
        self.patch(rpcapi.Locations, 'update', after_that)
        return self.add(self.image_id, self.url)

    def test_an_upload_wins_over_an_added_location(self):
        status = self.race(lambda: self.service.upload(self.image_id,
                                                       b'uploaded'))
        self.assertEqual(409, status)
        self.assertEqual(1, len(self.show(self.image_id)['locations']))
        self.assertEqual(b'uploaded', self.download(self.image_id))

    def test_another_location(self):
        other = self.web.put('other', b'other')
        status = self.race(lambda: self.add(self.image_id, other))
        self.assertEqual(409, status)
        self.assertEqual(b'other', self.download(self.image_id))

    def test_a_deleted_image_takes_no_location(self):
        status = self.race(lambda: self.service.call(
            'DELETE', self.path(self.image_id)))
        self.assertEqual(404, status)
