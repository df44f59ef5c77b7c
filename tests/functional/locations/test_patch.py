"""PATCH of the locations of an image."""

import hashlib
import json

import fixtures

from glance.common import exceptions
from glance.db.connect import engine
from glance.db import schema
from tests.functional.locations import base

DATA = base.DATA
SHA512 = hashlib.sha512(DATA).hexdigest()
MD5 = hashlib.md5(DATA, usedforsecurity=False).hexdigest()
PROOF = {'os_hash_algo': 'sha512', 'os_hash_value': SHA512}
ADMIN = {'roles': 'admin,member,reader'}


class TestMetadata(base.TestCase):
    """What users make of the metadata of a location hurts nobody."""

    options = {'multi': True}

    def test_any_name_of_a_store(self):
        image_id = self.service.create()['id']
        self.expect(204, self.service.upload(image_id, DATA))
        url, = self.urls(image_id)
        for name in 'store', 'backend':
            for value in (5, [1], {'a': 'b'}, None, True, '', 'cold', 'none',
                          'os_glance_staging_store', 'os_glance_tasks_store'):
                self.expect(200, self.patch(
                    image_id, 'replace', '/locations',
                    [{'url': url, 'metadata': {name: value}}]))
                self.check(image_id)
        self.expect(204, self.service.call('DELETE', '/v2/images/' + image_id))
        self.work()
        self.assertEqual([], self.service.stored_files())

    def check(self, image_id):
        path = '/v2/images/' + image_id
        self.assertEqual(DATA, self.expect(
            200, self.service.call('GET', path + '/file')).body)
        listed, = self.expect(200, self.service.call(
            'GET', '/v2/images')).json['images']
        self.assertEqual('fast', listed['stores'])
        self.expect(403, self.service.call(
            'DELETE', '/v2/stores/fast/' + image_id, **ADMIN))

    def test_a_store_that_is_gone(self):
        image_id = self.service.create()['id']
        self.expect(204, self.service.upload(image_id, DATA))
        for value in (5, [1], {'a': 'b'}, True, 'gone'):
            with engine.writer() as conn:
                conn.execute(schema.image_locations.update(), {
                    'value': self.url,
                    'meta_data': json.dumps({'store': value})})
            listed, = self.expect(200, self.service.call(
                'GET', '/v2/images')).json['images']
            self.assertEqual('gone' if value == 'gone' else '',
                             listed['stores'])


class TestQueued(base.TestCase):

    def setUp(self):
        super().setUp()
        self.image_id = self.service.create()['id']

    def test_first_location(self):
        image = self.expect(200, self.add(self.image_id)).json
        self.assertEqual(('active', len(DATA), [self.location()]),
                         (image['status'], image['size'],
                          image['locations']))
        self.assertIsNone(image['os_hash_value'])
        answer = self.service.call('GET', '/v2/images/%s/file' % self.image_id)
        self.assertEqual(DATA, answer.body)
        self.work()
        self.assertEqual(('active', None, None, None), self.hashes())

    def hashes(self):
        image = self.image(self.image_id)
        return tuple(image[name] for name in (
            'status', 'checksum', 'os_hash_algo', 'os_hash_value'))

    def test_a_list_replaces_the_empty_one(self):
        other = self.web.url + 'other'
        self.web.add('other', DATA)
        self.expect(200, self.patch(
            self.image_id, 'replace', '/locations',
            [self.location(), self.location(other)]))
        self.assertEqual([self.url, other], self.urls(self.image_id))
        self.work()
        self.assertEqual(('active', None, None, None), self.hashes())

    def test_one_address_with_several_names(self):
        other = self.url + '#new'
        for url in (self.url, other):
            self.expect(200, self.add(self.image_id, url=url))
        self.assertEqual([self.url, other], self.urls(self.image_id))
        self.expect(200, self.patch(
            self.image_id, 'remove', '/locations/0', roles='admin'))
        self.assertEqual([other], self.urls(self.image_id))
        self.assertEqual(DATA, self.service.call(
            'GET', '/v2/images/%s/file' % self.image_id).body)

    def test_with_proof(self):
        proof = dict(PROOF, checksum=MD5)
        image = self.expect(200, self.add(
            self.image_id, validation_data=proof)).json
        self.assertEqual((MD5, SHA512), (image['checksum'],
                                         image['os_hash_value']))
        self.work()
        self.assertEqual('active', self.image(self.image_id)['status'])

    def test_wrong_proof(self):
        """It is believed, and nothing is read."""
        self.expect(200, self.add(self.image_id, validation_data=dict(
            PROOF, os_hash_value='0' * 128)))
        self.work()
        self.assertEqual(('active', None, 'sha512', '0' * 128),
                         self.hashes())
        self.assertEqual(1, len(self.web.requests(1)))

    def test_second_right_after_the_first(self):
        other = self.web.url + 'other'
        self.web.add('other', DATA)
        for url in (self.url, other):
            self.expect(200, self.add(self.image_id, url=url))
        self.assertEqual([self.url, other], self.urls(self.image_id))

    def test_malformed_proof(self):
        for proof in ({}, [], 'x', {'os_hash_algo': 'sha512'},
                      dict(PROOF, os_hash_algo='sha256'),
                      dict(PROOF, os_hash_value='xyz'),
                      dict(PROOF, os_hash_value=1),
                      dict(PROOF, checksum='0'), dict(PROOF, more='x')):
            self.expect(409, self.add(self.image_id, validation_data=proof))
        self.assertEqual('queued', self.image(self.image_id)['status'])

    def test_unreachable_or_empty(self):
        self.web.add('empty', b'')
        for name in ('absent', 'empty', 'loop'):
            self.expect(400, self.add(self.image_id, url=self.web.url + name))
        self.expect(400, self.add(self.image_id, url='http://127.0.0.1:1/x'))
        self.assertEqual('queued', self.image(self.image_id)['status'])

    def test_malformed_locations_are_refused(self):
        for value in (None, [], 'x', {}, {'url': self.url},
                      {'metadata': {}}, self.location(url=5),
                      self.location(url='x' * 256), self.location(url='a b'),
                      dict(self.location(), metadata='x'),
                      dict(self.location(), metadata={'a': 'x' * 70000}),
                      dict(self.location(), metadata={'os_glance_x': 'y'}),
                      dict(self.location(), metadata={'x': '\ud800'})):
            answer = self.service.patch(self.image_id, [
                {'op': 'add', 'path': '/locations/-', 'value': value}])
            self.expect(400, answer)

    def test_files_of_the_store(self):
        other = self.service.create()['id']
        self.service.upload(other, DATA)
        path, = self.service.stored_files()
        for scheme in ('file', 'filesystem', 'FILE', 'FileSystem'):
            for caller in ({}, ADMIN):
                self.expect(400, self.patch(
                    self.image_id, 'add', '/locations/-',
                    self.location('%s://%s' % (scheme, path)), **caller))

    def test_positions_that_are_not_there_are_refused(self):
        value = self.location()
        for verb, path in (('add', '/locations'), ('add', '/locations/1'),
                           ('add', '/locations/01'), ('add', '/locations/x'),
                           ('add', '/locations/-/url'),
                           ('remove', '/locations/0'),
                           ('remove', '/locations'),
                           ('remove', '/locations/-'),
                           ('replace', '/locations/0')):
            self.expect(400, self.patch(self.image_id, verb, path, value,
                                        **ADMIN))
        self.expect(403, self.patch(self.image_id, 'replace', '/locations',
                                    []))

    def test_formats_first(self):
        self.image_id = self.service.create(disk_format=None)['id']
        self.expect(400, self.add(self.image_id))

    def test_older_media_type(self):
        self.expect(200, self.service.patch(
            self.image_id, [{'add': '/locations/-', 'value': self.location()}],
            media_type='application/openstack-images-v2.0-json-patch'))

    def test_hidden_locations_cannot_be_changed(self):
        self.service.conf.config(show_multiple_locations=False)
        self.expect(403, self.add(self.image_id))
        self.expect(403, self.patch(self.image_id, 'remove', '/locations/0'))

    def test_of_others(self):
        self.expect(404, self.patch(self.image_id, 'add', '/locations/-',
                                    self.location(), project='p9'))


class TestChecked(base.TestCase):
    """Data that users name is read, where the operator wants that."""

    options = {'check_patched_locations': True}

    def setUp(self):
        super().setUp()
        self.image_id = self.service.create()['id']

    hashes = TestQueued.hashes

    def test_first_location(self):
        self.expect(200, self.add(self.image_id))
        self.work()
        self.assertEqual(('active', MD5, 'sha512', SHA512), self.hashes())

    def test_wrong_proof(self):
        """An administrator is believed all the same."""
        wrong = dict(PROOF, os_hash_value='0' * 128)
        self.expect(200, self.add(self.image_id, validation_data=wrong))
        self.work()
        self.assertEqual('deactivated', self.image(self.image_id)['status'])
        self.image_id = self.service.create()['id']
        self.expect(200, self.patch(
            self.image_id, 'add', '/locations/-',
            self.location(validation_data=wrong), **ADMIN))
        self.work()
        self.assertEqual('active', self.image(self.image_id)['status'])

    def test_second_right_after_the_first(self):
        other = self.web.url + 'other'
        self.web.add('other', DATA)
        for url in (self.url, other):
            self.expect(200, self.add(self.image_id, url=url))
        self.work()
        self.assertEqual(('active', MD5, 'sha512', SHA512), self.hashes())
        self.assertEqual([self.url, other], self.urls(self.image_id))


class TestActive(base.TestCase):

    options = {'check_patched_locations': True}

    def setUp(self):
        super().setUp()
        self.image_id = self.service.create()['id']
        self.service.upload(self.image_id, DATA)
        self.first, = self.urls(self.image_id)

    def test_same_data(self):
        """It counts when its data has been compared, and not before."""
        image = self.expect(200, self.add(self.image_id, position=0)).json
        self.assertEqual([self.url, self.first],
                         [one['url'] for one in image['locations']])
        self.service.call('GET', '/v2/images/%s/file' % self.image_id)
        self.assertEqual(1, len(self.web.requests(1)))
        self.work()
        answer = self.service.call('GET', '/v2/images/%s/file' % self.image_id)
        self.assertEqual(DATA, answer.body)
        self.assertEqual(3, len(self.web.requests(3)))

    def test_by_a_service(self):
        self.expect(200, self.patch(self.image_id, 'add', '/locations/0',
                                    self.location(), **ADMIN))
        self.service.call('GET', '/v2/images/%s/file' % self.image_id)
        self.assertEqual(2, len(self.web.requests(2)))

    def test_the_same_location_twice_is_refused(self):
        self.expect(200, self.add(self.image_id))
        self.expect(400, self.add(self.image_id))
        self.expect(200, self.patch(
            self.image_id, 'add', '/locations/-',
            dict(self.location(), metadata={'a': 'b'})))

    def test_locations_beyond_the_quota_are_refused(self):
        self.service.conf.config(image_location_quota=1)
        self.expect(413, self.add(self.image_id))
        self.service.conf.config(image_location_quota=-1)
        self.expect(200, self.add(self.image_id))

    def test_conflicting_proof(self):
        self.expect(409, self.add(self.image_id, validation_data=dict(
            PROOF, os_hash_value='0' * 128)))
        self.expect(200, self.add(self.image_id, validation_data=PROOF))

    def test_replace_metadata(self):
        new = [{'url': self.first, 'metadata': {'a': 'b'}}]
        image = self.expect(200, self.patch(
            self.image_id, 'replace', '/locations', new)).json
        self.assertEqual(new, image['locations'])
        self.expect(400, self.patch(self.image_id, 'replace', '/locations',
                                    [self.location()]))
        self.expect(403, self.patch(self.image_id, 'replace', '/locations',
                                    []))

    def test_emptied_on_the_way(self):
        """As the clients change metadata."""
        new = [{'url': self.first, 'metadata': {'a': 'b'}}]
        self.expect(200, self.service.patch(self.image_id, [
            {'op': 'replace', 'path': '/locations', 'value': value}
            for value in ([], new)]))

    def test_administrators_may_remove_all_but_one(self):
        self.expect(200, self.add(self.image_id))
        self.work()
        self.expect(403, self.patch(self.image_id, 'remove', '/locations/1'))
        self.expect(400, self.patch(self.image_id, 'remove', '/locations/2',
                                    **ADMIN))
        self.expect(200, self.patch(self.image_id, 'remove', '/locations/0',
                                    **ADMIN))
        self.assertEqual([self.url], self.urls(self.image_id))
        self.expect(403, self.patch(self.image_id, 'remove', '/locations/0',
                                    **ADMIN))
        self.work()
        self.assertEqual([], self.service.stored_files())

    def test_remove_what_is_in_use(self):
        self.expect(200, self.add(self.image_id))
        self.work()
        before = self.urls(self.image_id)

        def fail(store, url, context=None):
            raise exceptions.InUseByStore()
        self.useFixture(fixtures.MonkeyPatch(
            'glance.store.drivers.file.filesystem.Driver.check_unused', fail))
        self.expect(409, self.patch(self.image_id, 'remove', '/locations/0',
                                    **ADMIN))
        self.work()
        self.assertEqual(before, self.urls(self.image_id))
        self.assertEqual(1, len(self.service.stored_files()))
        # What stays is not asked about.
        self.expect(200, self.patch(self.image_id, 'remove', '/locations/1',
                                    **ADMIN))

    def test_the_last_that_works_stays(self):
        """One that nobody has compared yet is not enough."""
        self.expect(200, self.add(self.image_id))
        self.expect(403, self.patch(self.image_id, 'remove', '/locations/0',
                                    **ADMIN))

    def test_other_statuses(self):
        self.service.call('POST',
                          '/v2/images/%s/actions/deactivate' % self.image_id)
        self.expect(409, self.add(self.image_id))

    def test_together_with_others(self):
        answer = self.service.patch(self.image_id, [
            {'op': 'add', 'path': '/locations/-', 'value': self.location()},
            {'op': 'replace', 'path': '/name', 'value': 'new'}])
        self.expect(200, answer)
        self.assertEqual('new', self.image(self.image_id)['name'])
        answer = self.service.patch(self.image_id, [
            {'op': 'replace', 'path': '/name', 'value': 'newer'},
            {'op': 'add', 'path': '/locations/9', 'value': self.location()}])
        self.expect(400, answer)
        self.assertEqual('new', self.image(self.image_id)['name'])

    def test_deleted_with_a_foreign_location(self):
        """What cannot be deleted does not keep the conductor busy."""
        self.expect(200, self.add(self.image_id))
        self.expect(204, self.service.call('DELETE',
                                           '/v2/images/' + self.image_id))
        self.work()
        self.assertEqual([], self.service.stored_files())
