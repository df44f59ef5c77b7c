"""Whether data should be there, as the database is now."""

from glance.common import context
from glance.common import exceptions
from glance.conductor import claims
from glance.conductor import recorded
from tests.unit.conductor import base
from tests.unit.conductor.base import IMAGE


class TestIsRecorded(base.WorkTestCase):

    def check(self, expected, **location):
        claim = claims.Claim(context.internal(), self.registry, None, 'it', 1)
        self.assertIs(expected, recorded.is_recorded(claim, IMAGE, location))

    def test_by_url_and_by_id_where_it_is_known(self):
        self.records[IMAGE]['locations'] = [
            {'id': number, 'url': url, 'status': status}
            for number, url, status in ((1, 'a', 'active'), (2, 'b', 'bad'),
                                        (3, 'c', 'pending_delete'))]
        for url, expected in (('a', True), ('b', True), ('c', False),
                              ('d', False)):
            self.check(expected, url=url)
            self.check(expected, url=url, id=None)
        self.check(True, url='a', id=1)
        self.check(False, url='a', id=2)

    def test_no_image(self):
        self.registry.images.get.side_effect = exceptions.ImageNotFound(
            image_id=IMAGE)
        self.check(False, url='a')
