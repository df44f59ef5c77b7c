"""Images in buckets of an S3 service."""

import boto3
from oslotest import base as test_base

from glance.store.drivers import s3
from tests.fixtures.servers import ceph
from tests.stores import base


class S3Test(base.Suite, test_base.BaseTestCase):

    kind = 's3'
    other = {'s3_store_bucket': 'copies'}

    def options(self):
        self.url = self.useFixture(ceph.Ceph()).s3_url
        return {'s3_store_host': self.url,
                's3_store_access_key': ceph.ACCESS_KEY,
                's3_store_secret_key': ceph.SECRET_KEY,
                's3_store_bucket': 'images',
                's3_store_create_bucket_on_put': 'true',
                's3_store_bucket_url_format': 'path',
                's3_store_large_object_size': '6',
                's3_store_large_object_chunk_size': '5',
                's3_store_thread_pools': '2'}

    def client(self):
        return boto3.client(
            's3', endpoint_url=self.url, aws_access_key_id=ceph.ACCESS_KEY,
            aws_secret_access_key=ceph.SECRET_KEY)

    def left(self):
        """Objects, and uploads that are not finished."""
        client = self.client()
        found = client.list_objects_v2(Bucket='images').get('Contents', [])
        found += client.list_multipart_uploads(
            Bucket='images').get('Uploads', [])
        return [entry['Key'] for entry in found]

    def test_copy_in_parts(self):
        """What is too large for one request."""
        self.patch(s3, '_COPIED', 6 * base.MIB)
        self.patch(s3, '_COPIED_PART', 5 * base.MIB)
        self.test_copy()

    def test_empty(self):
        self.assertEqual(b'', self.get(self.put(b'')))
