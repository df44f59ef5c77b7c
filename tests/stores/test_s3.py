"""Images in buckets of an S3 service."""

import hashlib
import types

from botocore import awsrequest
from oslotest import base as test_base

from glance.store.drivers import s3
from tests.fixtures import stores
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


class SigningTest(test_base.BaseTestCase):
    """What a request says of its data."""

    def signed(self, url):
        store = self.useFixture(stores.Stores({'one': 's3'}, {'one': {
            's3_store_host': url, 's3_store_access_key': 'user',
            's3_store_secret_key': 'secret', 's3_store_bucket': 'images',
            's3_store_bucket_url_format': 'path'}})).all.default
        client, found = store._connect(), []

        def answer(request, **kwargs):
            found.append(request.headers['X-Amz-Content-SHA256'])
            return awsrequest.AWSResponse(
                request.url, 200, {},
                types.SimpleNamespace(stream=lambda: [b'']))
        client.meta.events.register('before-send.s3', answer)
        client.upload_part(Bucket='images', Key='k', UploadId='u',
                           PartNumber=1, Body=bytearray(b'data'))
        return found[-1].decode()

    def test_the_hash_of_the_data_is_for_connections_without_tls(self):
        self.assertEqual(hashlib.sha256(b'data').hexdigest(),
                         self.signed('http://127.0.0.1:9'))
        self.assertEqual('UNSIGNED-PAYLOAD',
                         self.signed('https://127.0.0.1:9'))
