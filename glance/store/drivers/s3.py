"""Images as objects of an S3 service, with names that hold the attempt.

Bytes that are written but not published are unfinished multipart uploads of
the same name: both are found without any note of them.
"""

from collections.abc import Iterator
from email import utils
import functools
import time
import types
import typing

import boto3.session
import botocore.config
import botocore.exceptions
from glance_store._drivers import s3 as their_driver
from glance_store import exceptions as theirs
from glance_store import location

from glance.common import concurrency
from glance.common import context as contexts
from glance.common import exceptions
from glance.store import driver
from glance.store.drivers import glance_store as adapter
from glance.store.drivers import parts
from glance.store.drivers import s3_parts
from glance.store.drivers import store_errors
from glance.store import object_names
from glance.store import places
from glance.store.transfer import sources

_SCHEMES = ('s3', 's3+http', 's3+https')
_ABSENT = ('404', 'NoSuchKey', 'NoSuchBucket', 'NoSuchUpload', 'NotFound')
# What one request copies at most.
_COPIED = 5 << 30
_COPIED_PART = 1 << 30
_ONE_AT_A_TIME = concurrency.native.threading.Lock()


class _Session(boto3.session.Session):
    """What makes clients; it is not made for several threads."""

    def client(self, *args: typing.Any, **kwargs: typing.Any) -> typing.Any:
        if kwargs.get('use_ssl'):
            # TLS lets nobody change the data: one hash less.
            kwargs['config'] = kwargs['config'].merge(botocore.config.Config(
                s3=dict(kwargs['config'].s3, payload_signing_enabled=False)))
        with _ONE_AT_A_TIME:
            return super().client(*args, **kwargs)


@functools.cache
def _session(**keys: str) -> _Session:
    return _Session(**keys)


# The driver makes a new one for each client, which reads descriptions of the
# service for 60 ms of processor time, with each request.
their_driver.boto_session = types.SimpleNamespace(Session=_session)


class Driver(adapter.Driver):

    _asking = None      # a client

    def _ask(self, timeout: float) -> None:
        client = self._asking = self._asking or self._connect_hastily(timeout)
        try:
            client.head_bucket(Bucket=self._store.bucket)
        except botocore.exceptions.ClientError as error:
            if not (_is_absent(error) and self._store._option_get(
                    's3_store_create_bucket_on_put')):
                raise

    def clock_ahead(self) -> float | None:
        """It refuses requests of another time, and says its own with that."""
        try:
            answer = self._connect().head_bucket(Bucket=self._store.bucket)
        except botocore.exceptions.ClientError as error:
            answer = error.response
        except botocore.exceptions.BotoCoreError:
            return None
        date = answer['ResponseMetadata']['HTTPHeaders'].get('date')
        return date and (utils.parsedate_to_datetime(date).timestamp()
                         - time.time())

    def _connect_hastily(self, timeout: float) -> typing.Any:
        """:returns: a client that does not try again"""
        store, usual = self._store, self._connect().meta
        return _session(aws_access_key_id=store.access_key,
                        aws_secret_access_key=store.secret_key).client(
            's3', endpoint_url=usual.endpoint_url,
            region_name=usual.region_name,
            verify=store._option_get('s3_store_cacert') or None,
            config=usual.config.merge(botocore.config.Config(
                connect_timeout=timeout, read_timeout=timeout,
                retries={'total_max_attempts': 1})))

    def _write(self, image_id: str, attempt: str, source: driver.Source,
               size: int | None, context: contexts.Caller | None
               ) -> driver.Written:
        name = self._name(image_id, attempt)
        client = self._writing()
        if self._store._object_exists(client, self._store.bucket, name):
            raise exceptions.Duplicate()
        if size is None or size >= self._store.s3_store_large_object_size:
            self._put_parts(client, name, source, size)
        else:
            client.put_object(**self._at(name),
                              Body=sources.read_piece(source, size))
        return self._written(name)

    def _put_parts(self, client: typing.Any, name: str, source: driver.Source,
                   size: int | None) -> None:
        chunk = s3_parts.chunk_size(
            self._store.s3_store_large_object_chunk_size, size)
        with s3_parts.Upload(client, self._at(name)) as upload:
            count = parts.send(source, parts.sizes(chunk, s3_parts.STEP),
                               self._store.s3_store_thread_pools,
                               self._connect, upload.put)
        if not count:
            client.put_object(**self._at(name), Body=b'')

    def _at(self, name: str) -> dict[str, str]:
        return {'Bucket': self._store.bucket, 'Key': name}

    def _connect(self) -> typing.Any:
        return self._store._create_s3_client()

    def _writing(self) -> typing.Any:
        """:returns: a client, when there is a bucket to write to"""
        client, store = self._connect(), self._store
        if not store._bucket_exists(client, store.bucket):
            if not store._option_get('s3_store_create_bucket_on_put'):
                raise theirs.BackendException()
            store._create_bucket(client, store.s3_host, store.bucket,
                                 store.region_name)
        return client

    def _written(self, name: str) -> driver.Written:
        return driver.Written(self._prefix() + name, dict(self.metadata))

    def _prefix(self) -> str:
        """:returns: the URL of the bucket, with a slash"""
        return '%s://%s/%s/' % (self._known('scheme'), self._host(),
                                self._known('bucket'))

    def _host(self) -> str:
        return self._known('full_s3_host').partition('://')[2].strip('/')

    def find_place(self, url: str) -> places.Place:
        """Old releases named the key of the account and its secret."""
        scheme, _colon, rest = url.partition('://')
        keys, at, tail = rest.rpartition('@')
        if scheme not in _SCHEMES or (at and ':' not in keys):
            raise exceptions.BadLocation()
        container = self._host(), self._known('bucket')
        name = places.below('%s/%s/' % container, tail)
        return places.named(container, name, self._prefix() + name)

    def discard(self, image_id: str, attempt: str, url: str | None = None
                ) -> None:
        """Unfinished uploads first: they may become objects until then."""
        self.demand()
        where = self._at(self._name(image_id, attempt))
        with store_errors.translated(self.id, 'discard'):
            client = self._connect()
            try:
                self._abort_uploads(client, where)
                client.delete_object(**where)
            except botocore.exceptions.ClientError as error:
                if not _is_absent(error):
                    raise

    @staticmethod
    def _abort_uploads(client: typing.Any, where: dict[str, str]) -> None:
        pages = client.get_paginator('list_multipart_uploads').paginate(
            Bucket=where['Bucket'], Prefix=where['Key'])
        for page in pages:
            for upload in page.get('Uploads', ()):
                if upload['Key'] == where['Key']:
                    client.abort_multipart_upload(
                        **where, UploadId=upload['UploadId'])

    def list(self) -> Iterator[driver.Found]:
        with store_errors.translated(self.id, 'list'):
            client = self._connect()
            yield from self._objects(client)
            yield from self._uploads(client)

    def _pages(self, client: typing.Any, verb: str, key: str
               ) -> Iterator[tuple[object_names.Name, dict[str, typing.Any]]]:
        try:
            for page in client.get_paginator(verb).paginate(
                    Bucket=self._store.bucket):
                for entry in page.get(key, ()):
                    name = object_names.parse(entry['Key'])
                    if name is not None and name.segment is None:
                        yield name, entry
        except botocore.exceptions.ClientError as error:
            if not _is_absent(error):
                raise

    def _objects(self, client: typing.Any) -> Iterator[driver.Found]:
        for name, entry in self._pages(client, 'list_objects_v2', 'Contents'):
            yield driver.Found(
                name.image_id, None, self._written(entry['Key']).url,
                entry['Size'], entry['LastModified'].timestamp(),
                entry['ETag'])

    def _uploads(self, client: typing.Any) -> Iterator[driver.Found]:
        for name, entry in self._pages(client, 'list_multipart_uploads',
                                       'Uploads'):
            if name.attempt is not None:
                yield driver.Found(
                    name.image_id, name.attempt, None, 0,
                    entry['Initiated'].timestamp(), entry['UploadId'])

    def drop(self, found: driver.Found) -> None:
        """Beside an unfinished upload, a finished one may have its name."""
        if found.attempt is None:
            self.delete(found.whole_url)
            return
        where = self._at(self._name(found.image_id, found.attempt))
        with store_errors.translated(self.id, 'drop'):
            try:
                self._connect().abort_multipart_upload(
                    **where, UploadId=found.version)
            except botocore.exceptions.ClientError as error:
                if not _is_absent(error):
                    raise

    def clone(self, url: str, image_id: str, attempt: str,
              context: contexts.Caller | None = None) -> driver.Written | None:
        return self.copy(self, url, image_id, attempt, context)

    def copy(self, source: typing.Self, url: str, image_id: str, attempt: str,
             context: contexts.Caller | None = None) -> driver.Written | None:
        near = ('full_s3_host', 'access_key', 'secret_key')
        if any(getattr(self._store, name) != getattr(source._store, name)
               for name in near):
            return None
        return self._kept(image_id, attempt, self._copy, source._place(url),
                          self._name(image_id, attempt))

    def _copy(self, place: location.StoreLocation, name: str
              ) -> driver.Written:
        client = self._writing()
        origin = {'Bucket': place.bucket, 'Key': place.key}
        size = client.head_object(**origin)['ContentLength']
        if size <= _COPIED:
            client.copy_object(**self._at(name), CopySource=origin)
            return self._written(name)
        with s3_parts.Upload(client, self._at(name)) as upload:
            for number, first in enumerate(range(0, size, _COPIED_PART), 1):
                upload.copy(number, origin, first,
                            min(size, first + _COPIED_PART) - 1)
        return self._written(name)

    def _open(self, place: location.Location, offset: int, length: int | None,
              context: contexts.Caller | None) -> adapter.Reader:
        place = place.store_location
        where = {'Bucket': place.bucket, 'Key': place.key}
        if offset or length is not None:
            last = '' if length is None else offset + length - 1
            where['Range'] = 'bytes=%d-%s' % (offset, last)
        if length == 0:
            return adapter.Reader(self.id, (), 0, 0)
        try:
            answer = self._connect().get_object(**where)
        except botocore.exceptions.ClientError as error:
            if _is_absent(error):
                raise theirs.NotFound() from None
            if error.response['Error']['Code'] == 'InvalidRange':
                return adapter.Reader(self.id, (), 0, 0)
            raise
        body = answer['Body']
        return adapter.Reader(self.id, body.iter_chunks(adapter.CHUNK), 0,
                              answer['ContentLength'], body.close)


def _is_absent(error: botocore.exceptions.ClientError) -> bool:
    return error.response['Error']['Code'] in _ABSENT
