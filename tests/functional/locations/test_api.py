"""The calls of /v2/images/{id}/locations."""

import hashlib

from tests.functional.locations import base

DATA = base.DATA
SHA512 = hashlib.sha512(DATA).hexdigest()
MD5 = hashlib.md5(DATA, usedforsecurity=False).hexdigest()
SERVICE = {'project': 'services', 'roles': 'service'}


class TestCase(base.TestCase):

    def setUp(self):
        super().setUp()
        self.service.conf.config(group='work', poll_interval=0.1,
                                 retry_interval=1, max_tries=2)
        self.image_id = self.service.create()['id']

    def path(self, image_id=None):
        return '/v2/images/%s/locations' % (image_id or self.image_id)

    def post(self, status, url=None, image_id=None, validation_data=None,
             **kwargs):
        body = {'url': url or self.url}
        if validation_data is not None:
            body['validation_data'] = validation_data
        return self.expect(status, self.service.call(
            'POST', self.path(image_id), body, **kwargs))

    def hashes(self):
        image = self.image(self.image_id)
        return tuple(image[name] for name in (
            'status', 'checksum', 'os_hash_algo', 'os_hash_value'))

    def task(self):
        task, = self.service.call(
            'GET', '/v2/images/%s/tasks' % self.image_id).json['tasks']
        return task


class TestAdd(TestCase):

    def test_without_proof(self):
        answer = self.post(202)
        self.assertEqual(b'', answer.body)
        self.work()
        self.assertEqual(('active', MD5, 'sha512', SHA512), self.hashes())
        self.assertEqual(len(DATA), self.image(self.image_id)['size'])
        self.assertEqual(DATA, self.service.call(
            'GET', '/v2/images/%s/file' % self.image_id).body)
        self.assertEqual(('success', 'location_import'),
                         (self.task()['status'], self.task()['type']))

    def test_with_proof(self):
        for name in ('md5', 'sha1', 'sha256', 'sha512'):
            self.image_id = self.service.create()['id']
            value = hashlib.new(name, DATA).hexdigest()
            self.post(202, validation_data={'os_hash_algo': name,
                                            'os_hash_value': value})
            self.work()
            self.assertEqual(('active', MD5, name, value), self.hashes())

    def test_wrong_proof(self):
        self.post(202, validation_data={'os_hash_algo': 'sha512',
                                        'os_hash_value': '0' * 128})
        self.assertEqual('importing', self.image(self.image_id)['status'])
        self.work()
        self.assertEqual(('queued', None, None, None), self.hashes())
        self.assertEqual([self.url], self.urls(self.image_id))
        self.assertIsNone(self.image(self.image_id)['size'])
        self.assertIn('another hash', self.task()['message'])

    def test_what_was_refused_is_no_data_of_the_image(self):
        ways = {
            'upload': lambda: self.expect(204, self.service.upload(
                self.image_id, b'other data')),
            'location': lambda: self.post(202),
            'stage': lambda: self.service.call(
                'PUT', '/v2/images/%s/stage' % self.image_id, b'other data')}
        for name, give in ways.items():
            self.image_id = self.service.create()['id']
            self.post(202, validation_data={'os_hash_algo': 'sha512',
                                            'os_hash_value': '0' * 128})
            self.work()
            give()
            self.assertNotIn(self.url, self.urls(self.image_id), name)

    def test_no_hash_wanted(self):
        self.service.conf.config(do_secure_hash=False)
        self.post(202)
        self.work()
        self.assertEqual(('active', None, None, None), self.hashes())
        self.image_id = self.service.create()['id']
        self.post(202, validation_data={'os_hash_algo': 'sha256',
                                        'os_hash_value': 'a' * 64})
        self.work()
        self.assertEqual(('active', None, 'sha256', 'a' * 64), self.hashes())

    def test_an_unreachable_url_leaves_the_image_queued(self):
        self.post(202, url=self.web.url + 'absent')
        self.work()
        self.assertEqual('queued', self.image(self.image_id)['status'])
        self.assertEqual('failure', self.task()['status'])
        self.assertIn('cannot be read', self.task()['message'])
        self.post(202)
        self.work()
        self.assertEqual('active', self.image(self.image_id)['status'])

    def test_malformed_bodies_are_refused(self):
        value = 'a' * 128
        for proof in ('x', {'os_hash_algo': 'sha512'},
                      {'os_hash_value': value},
                      {'os_hash_algo': 'sha384', 'os_hash_value': value},
                      {'os_hash_algo': 'sha512', 'os_hash_value': 'a' * 64},
                      {'os_hash_algo': 'md5', 'os_hash_value': 'g' * 32},
                      {'os_hash_algo': 'md5', 'os_hash_value': 5},
                      {'os_hash_algo': 'sha512', 'os_hash_value': value,
                       'checksum': MD5}):
            self.post(400, validation_data=proof)
        for body in ([], {}, 'x', {'url': 5}, {'url': ''},
                     {'url': 'http://h/' + 'x' * 100000},
                     {'url': self.url, 'metadata': {}}):
            self.expect(400, self.service.call('POST', self.path(), body))
        self.expect(400, self.service.call('POST', self.path()))

    def test_urls_refused(self):
        for url in ('http://127.0.0.1:1/x', 'http://0.0.0.0/x',
                    'http://absent.invalid/x', 'http://u:p@127.0.0.1/x'):
            self.post(400, url=url)

    def test_urls_of_other_schemes_are_refused(self):
        for url in ('file:///etc/passwd', 'rbd://a/b/c/d', 'cinder://x'):
            self.post(403, url=url)
            self.post(400, url=url, roles='admin,member,reader')

    def test_files_of_the_store(self):
        """Not even an administrator names them, however they are written."""
        other = self.service.create()['id']
        self.service.upload(other, DATA)
        path, = self.service.stored_files()
        for scheme in ('file', 'filesystem', 'FILE', 'FileSystem'):
            self.post(400, url='%s://%s' % (scheme, path),
                      roles='admin,member,reader')

    def test_only_owners_and_services_may(self):
        self.post(403, roles='reader')
        self.post(404, project='p9')
        self.post(404, image_id='0' * 36)
        self.post(404, **SERVICE)
        public = self.service.admin('POST', '/v2/images', {
            'visibility': 'public', 'disk_format': 'raw',
            'container_format': 'bare'}).json['id']
        self.post(403, image_id=public)
        self.post(202, image_id=public, **SERVICE)

    def test_other_statuses(self):
        self.post(202)
        self.post(409)
        self.work()
        self.post(409)

    def test_formats_first(self):
        self.image_id = self.service.create(disk_format=None)['id']
        self.post(409)

    def test_deleted_meanwhile(self):
        self.post(202)
        self.expect(204, self.service.call('DELETE',
                                           '/v2/images/' + self.image_id))
        self.work()
        self.assertEqual(404, self.service.call(
            'GET', '/v2/images/' + self.image_id).status_int)

    def test_redirects_are_followed_to_allowed_hosts_only(self):
        """To a server that is not allowed, and to one that is."""
        self.post(202, url='%shop/127.0.0.2/%d/image' % (self.web.url,
                                                         self.web.port))
        self.work()
        self.assertEqual('queued', self.image(self.image_id)['status'])
        self.post(202, url='%shop/127.0.0.1/%d/image' % (self.web.url,
                                                         self.web.port))
        self.work()
        self.assertEqual('active', self.image(self.image_id)['status'])


class TestFetch(TestCase):

    def setUp(self):
        super().setUp()
        self.post(202)
        self.work()

    def test_only_administrators_and_services_may(self):
        found = [{'url': self.url, 'metadata': {}}]
        answer = self.service.admin('GET', self.path())
        self.assertEqual((200, found), (answer.status_int, answer.json))
        self.expect(403, self.service.call('GET', self.path()))
        self.expect(404, self.service.call('GET', self.path(), **SERVICE))
        self.service.call('POST', '/v2/images/%s/members' % self.image_id,
                          {'member': 'services'})
        self.expect(200, self.service.call('GET', self.path(), **SERVICE))
        # A role in the service token is not one of the caller.
        self.expect(403, self.service.call(
            'GET', self.path(), headers={'X-Service-Roles': 'service'}))

    def test_a_405_names_the_allowed_verbs(self):
        answer = self.service.admin('PUT', self.path())
        self.assertEqual((405, {'GET', 'POST'}), (
            answer.status_int, set(answer.headers['Allow'].split(', '))))
