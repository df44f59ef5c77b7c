"""Images in buckets of an S3 service."""

from oslotest import base as test_base

from glance.store.drivers import s3
from tests.stores import base


class S3Test(base.Suite, test_base.BaseTestCase):

    kind = 's3'
    part = 5 * base.MIB
    copies = True

    def test_copy_in_parts(self):
        """What is too large for one request."""
        self.patch(s3, '_COPIED', 6 * base.MIB)
        self.patch(s3, '_COPIED_PART', 5 * base.MIB)
        self.test_a_copy_belongs_to_the_other_store()
