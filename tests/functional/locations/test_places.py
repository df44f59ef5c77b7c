"""Locations that seem to be of an image and lead to data of others."""

import io
import os
import types
from unittest import mock

import botocore.exceptions
import fixtures
from glance_store._drivers import s3 as their_s3
from glance_store._drivers import vmware_datastore as their_vmware
import sqlalchemy as sa

from glance.api import services
from glance.conf import CONF
from glance.db.connect import engine
from glance.db import schema
from glance.store import options
from tests.functional.locations import base
from tests.unit.store import offline

DATA = base.DATA
ADMIN = {'roles': 'admin,member,reader'}
HOST = 's3+https://s3.host:9000/'


class Buckets:
    """An S3 service: {(bucket, key): data}."""

    exceptions = types.SimpleNamespace()

    def __init__(self):
        self.objects = {}

    def _get(self, bucket, key):
        if (bucket, key) not in self.objects:
            raise botocore.exceptions.ClientError(
                {'Error': {'Code': '404'}}, 'head_object')
        return self.objects[bucket, key]

    def head_object(self, Bucket, Key):
        return {'ContentLength': len(self._get(Bucket, Key))}

    def get_object(self, Bucket, Key, Range=None):
        data = self._get(Bucket, Key)
        body = io.BytesIO(data)
        body.iter_chunks = lambda size: [data]
        return {'ContentLength': len(data), 'Body': body}

    def delete_object(self, Bucket, Key):
        self.objects.pop((Bucket, Key), None)


class TestCase(base.TestCase):

    options = {'multi': True}

    def setUp(self):
        super().setUp()
        self.own, self.victim = (self.service.create()['id']
                                 for _number in range(2))
        self.log = self.useFixture(fixtures.FakeLogger())

    def url_of(self, image_id):
        with engine.reader() as conn:
            return conn.scalar(sa.select(
                schema.image_locations.c.value).where(
                    schema.image_locations.c.image_id == image_id))

    def say(self, image_id, url):
        """What somebody has got into the database before."""
        with engine.writer() as conn:
            conn.execute(sa.update(schema.image_locations).where(
                schema.image_locations.c.image_id == image_id).values(
                    value=url))

    def download(self, image_id, **kwargs):
        return self.service.call('GET', '/v2/images/%s/file' % image_id,
                                 **kwargs)

    def delete(self, image_id):
        self.expect(204, self.service.call('DELETE',
                                           '/v2/images/' + image_id))


class TestBuckets(TestCase):

    def setUp(self):
        super().setUp()
        self.buckets = Buckets()
        for target, name, value in (
                (their_s3.Store, '_create_s3_client',
                 lambda store: self.buckets),
                (their_vmware.Store, 'reset_session', mock.Mock()),
                (their_vmware.Store, '_get_datastore', mock.Mock()),
                (their_vmware, 'api', mock.Mock())):
            self.useFixture(fixtures.MockPatchObject(target, name, value))
        self.service.conf.config(enabled_backends={
            'fast': 'file', 'objects': 's3', 'disks': 'vmware'})
        for group, kind, plugin in (('objects', 's3', their_s3.Store),
                                    ('disks', 'vmware',
                                     their_vmware.Store)):
            CONF.register_opts(options.common(), group=group)
            CONF.register_opts(plugin.OPTIONS, group=group)
            for name, value in offline.OPTIONS[kind].items():
                if name == 'vmware_datastores':
                    value = [value]
                self.service.conf.config(group=group, **{name: value})
        services._parts.pop('stores', None)
        self.buckets.objects = {
            ('images', self.victim): DATA, ('images', self.own): DATA,
            ('other-bucket', 'key'): DATA, ('images-backup', self.own): DATA}
        self.before = dict(self.buckets.objects)

    def attacks(self):
        return [text % self.own for text in (
            HOST + 'images/%s/other-bucket/key',
            HOST + 'images/' + self.victim + '#/%s',
            HOST + 'images/' + self.victim + '?/%s',
            HOST + 'images-backup/%s', HOST + 'images/../images-backup/%s',
            HOST.replace('://', '://a:b@') + 'images-backup/%s',
            'vsphere://vcenter/folder/openstack/images/../../vm1/vm1-flat.'
            'vmdk?dcPath=%%2FDC+0&dsName=Disk&x=/%s')]

    def test_urls_of_data_of_others_are_refused(self):
        for url in self.attacks():
            for caller in ({}, ADMIN):
                self.expect(400, self.patch(
                    self.own, 'add', '/locations/-', self.location(url),
                    **caller))
        self.expect(403, self.patch(
            self.own, 'add', '/locations/-',
            self.location(HOST + 'images/' + self.victim)))
        self.assertEqual('queued', self.image(self.own)['status'])

    def test_a_url_of_its_own_data_is_taken(self):
        url = HOST + 'images/' + self.own
        self.expect(200, self.patch(self.own, 'add', '/locations/-',
                                    self.location(url)))
        self.assertEqual(DATA, self.download(self.own).body)
        self.delete(self.own)
        self.work()
        self.assertNotIn(('images', self.own), self.buckets.objects)
        self.assertEqual(3, len(self.buckets.objects))

    def test_there_already(self):
        for url in self.attacks():
            own = self.service.create()['id']
            self.service.upload(own, DATA)
            self.say(own, url)
            for caller in ({}, ADMIN):
                answer = self.download(own, **caller)
                self.assertEqual(409, answer.status_int, answer.text)
                self.assertNotIn('s3.host', answer.text)
            self.delete(own)
        self.work()
        self.assertEqual(self.before, self.buckets.objects)
        self.assertEqual(len(self.attacks()), self.log.output.count(
            'what it names is not removed'))

    def test_two_names_of_one_place(self):
        """Removing one of two locations keeps the data of the other."""
        url = HOST + 'images/' + self.own
        self.expect(200, self.patch(self.own, 'add', '/locations/-',
                                    self.location(url)))
        with engine.writer() as conn:
            conn.execute(sa.insert(schema.image_locations).from_select(
                ['image_id', 'value', 'meta_data', 'status', 'created_at',
                 'deleted'],
                sa.select(
                    schema.image_locations.c.image_id,
                    sa.literal(url.replace('://', '://key:secret@')),
                    sa.literal('{"a": "b"}'), schema.image_locations.c.status,
                    schema.image_locations.c.created_at,
                    schema.image_locations.c.deleted)))
        self.expect(200, self.patch(self.own, 'remove', '/locations/1',
                                    **ADMIN))
        self.work()
        self.assertEqual(DATA, self.download(self.own).body)

    def test_delete_from_the_store(self):
        """What is no location of the store stays as it is."""
        self.service.upload(self.own, DATA)
        self.say(self.own, HOST + 'images-backup/' + self.own)
        self.expect(409, self.service.admin(
            'DELETE', '/v2/stores/fast/' + self.own))
        self.assertEqual(self.before, self.buckets.objects)


class TestFiles(TestCase):

    def setUp(self):
        super().setUp()
        self.service.upload(self.victim, DATA)
        self.service.upload(self.own, DATA)
        self.folder = os.path.join(self.service.state, 'fast')
        self.outside = os.path.join(self.service.state, self.own)
        with open(self.outside, 'wb') as file:
            file.write(DATA)

    def test_there_already(self):
        os.symlink(self.outside, os.path.join(self.folder, 'link'))
        for path in (self.outside, '%s/../%s' % (self.folder, self.own),
                     '%s/./%s' % (self.folder, self.victim),
                     '%s//%s' % (self.folder, self.victim),
                     os.path.join(self.folder, 'link'),
                     '%s/%s/../%s' % (self.folder, self.own, self.victim)):
            own = self.service.create()['id']
            self.service.upload(own, DATA)
            self.say(own, 'file://' + path)
            self.assertEqual(409, self.download(own).status_int)
            self.assertEqual(409, self.download(own, **ADMIN).status_int)
            self.delete(own)
        self.work()
        self.assertTrue(os.path.exists(self.outside))
        self.assertEqual(DATA, self.download(self.victim).body)
