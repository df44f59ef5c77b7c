"""The stores, for the service to use and for the checker to look into.

Each gives `type` and `options` for the configuration, `sizes()` of all that is
in it, finished or not, by name, and `read(url)` of a location; `name(url)` is
the name of its object.
"""

import os
import urllib.parse

import boto3

from tests.fixtures.servers import ceph


class Folder:
    """Files below a folder."""

    type = 'file'

    def __init__(self, path):
        self._path = path
        self.options = {'filesystem_store_datadir': path}

    def sizes(self):
        return {name: os.path.getsize(os.path.join(parent, name))
                for parent, _folders, names in os.walk(self._path)
                for name in names}

    def name(self, url):
        return os.path.basename(urllib.parse.urlsplit(url).path)

    def read(self, url):
        with open(urllib.parse.urlsplit(url).path, 'rb') as file:
            return file.read()


class Bucket:
    """Objects of an S3 service.

    :param port: through which the service reaches it
    :param url: the address for the checker
    """

    type = 's3'
    _NAME = 'images'

    def __init__(self, port, url):
        self._client = boto3.client(
            's3', endpoint_url=url, region_name='us-east-1',
            aws_access_key_id=ceph.ACCESS_KEY,
            aws_secret_access_key=ceph.SECRET_KEY)
        self._client.create_bucket(Bucket=self._NAME)
        self.options = {
            's3_store_host': 'http://127.0.0.1:%d' % port,
            's3_store_access_key': ceph.ACCESS_KEY,
            's3_store_secret_key': ceph.SECRET_KEY,
            's3_store_bucket': self._NAME,
            's3_store_bucket_url_format': 'path',
            's3_store_large_object_size': '2',
            's3_store_large_object_chunk_size': '5',
            's3_store_thread_pools': '2'}

    def sizes(self):
        pages = self._client.get_paginator('list_objects_v2').paginate(
            Bucket=self._NAME)
        found = {entry['Key']: entry['Size'] for page in pages
                 for entry in page.get('Contents', ())}
        uploads = self._client.list_multipart_uploads(Bucket=self._NAME)
        for entry in uploads.get('Uploads', ()):
            found['%s, in parts' % entry['Key']] = 0
        return found

    def name(self, url):
        return urllib.parse.urlsplit(url).path.rpartition('/')[2]

    def read(self, url):
        try:
            return self._client.get_object(
                Bucket=self._NAME, Key=self.name(url))['Body'].read()
        except self._client.exceptions.NoSuchKey:
            raise FileNotFoundError(2, 'no such object') from None
