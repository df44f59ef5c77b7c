"""Where imports get their data from, and what may go wrong there."""

import json
import os
import socket
import threading

from tests.fixtures import ports
from tests.fixtures.servers import nginx
from tests.functional.imports import base

DATA = os.urandom(300000)
REGION = 'https://image.example.org'


class Liar(threading.Thread):
    """A web server that gives one answer, cut off in the middle."""

    def __init__(self, answer):
        super().__init__(daemon=True)
        self._answer = answer
        self.port = ports.free_port()
        self._sock = socket.create_server(('127.0.0.1', self.port))

    def run(self):
        with self._sock:
            connection, _peer = self._sock.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(self._answer)


class TestSources(base.TestCase):

    multi = False

    def setUp(self):
        super().setUp()
        self.web.add('cat', DATA)
        self.image_id = self.service.create()['id']

    def from_url(self, url):
        return self.import_(self.image_id, {'name': 'web-download',
                                            'uri': url})

    def check_fails(self, url, reason):
        self.assertEqual(202, self.from_url(url).status_int)
        task = self.ended(self.image_id)
        self.assertEqual('failure', task['status'])
        self.assertIn(reason, task['message'])
        self.assertEqual('queued', self.image(self.image_id)['status'])
        self.assertEqual([], self.service.stored_files())

    def allow(self, *more_ports):
        self.service.conf.config(
            group='import_filtering_opts',
            allowed_ports=[self.web.port, *more_ports])

    def test_refused_at_once(self):
        for url in ('ftp://127.0.0.1/cat', 'http://127.0.0.1/cat',
                    'http://127.1:%d/cat' % self.web.port,
                    'http://[::1]:%d/cat' % self.web.port,
                    'http://10.0.0.1:%d/cat' % self.web.port,
                    'http://nobody.invalid:%d/' % self.web.port, 'cat', ''):
            response = self.from_url(url)
            self.assertEqual(400, response.status_int, url)
        self.assertEqual([], self.tasks(self.image_id))
        self.assertEqual('queued', self.image(self.image_id)['status'])

    def test_a_redirect_to_an_allowed_host_is_followed(self):
        self.from_url('%shop/127.0.0.1/%d/cat'
                      % (self.web.url, self.web.port))
        self.assertEqual('success', self.ended(self.image_id)['status'])
        self.assertEqual(DATA, self.data(self.image_id))

    def test_redirect_to_a_host_that_is_not_allowed(self):
        self.check_fails('%shop/0.0.0.0/%d/cat'
                         % (self.web.url, self.web.port), 'not allowed')
        self.check_fails(self.web.url + 'hop/127.0.0.1/22/cat',
                         'not allowed')

    def test_redirects_without_end(self):
        self.check_fails(self.web.url + 'loop', 'could not be read')

    def test_nobody_learns_what_answers_where(self):
        closed = ports.free_port()
        other = Liar(b'SSH-2.0-OpenSSH_9.2\r\n')
        other.start()
        self.allow(closed, other.port)
        messages = set()
        for url in ('http://127.0.0.1:%d/' % closed,
                    'http://127.0.0.1:%d/' % other.port,
                    self.web.url + 'none'):
            self.from_url(url)
            messages.add(self.ended(self.image_id)['message'])
        self.assertEqual({'The source could not be read.'}, messages)

    def test_short_download(self):
        liar = Liar(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc')
        liar.start()
        self.allow(liar.port)
        self.check_fails('http://127.0.0.1:%d/' % liar.port,
                         'did not give all of its data')

    def test_broken_chunks(self):
        liar = Liar(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
                    b'3\r\nabc\r\n5\r\nab')
        liar.start()
        self.allow(liar.port)
        self.check_fails('http://127.0.0.1:%d/' % liar.port,
                         'did not give all of its data')

    def test_too_large(self):
        self.service.conf.config(image_size_cap=len(DATA) - 1)
        self.check_fails(self.web.url + 'cat', 'larger than')

    def test_forms_of_requests(self):
        path = '/v2/images/%s/import' % self.image_id
        for body in ([], 'x', {}, {'method': 'web-download'},
                     {'method': {}}, {'method': {'name': 1}},
                     {'method': {'name': 'unknown'}},
                     {'method': {'name': 'web-download'}},
                     {'method': {'name': 'web-download', 'uri': 1}},
                     {'method': {'name': 'glance-direct'}, 'stores': 'x'},
                     {'method': {'name': 'glance-direct'}, 'stores': [1]},
                     {'method': {'name': 'glance-direct'}, 'all_stores': 1},
                     {'method': {'name': 'glance-direct'},
                      'all_stores_must_succeed': 'no'}):
            response = self.service.call('POST', path, body)
            self.assertEqual(400, response.status_int, body)

    def test_an_image_that_cannot_take_it_is_refused(self):
        self.assertEqual(409, self.import_(
            self.image_id, {'name': 'glance-direct'}).status_int)
        self.assertEqual(409, self.import_(
            self.image_id, {'name': 'copy-image'}).status_int)
        self.assertEqual(404, self.web_import('none', 'cat').status_int)
        bare = self.service.create(disk_format=None)['id']
        self.assertEqual(409, self.web_import(bare, 'cat').status_int)
        self.service.upload(self.image_id, DATA)
        self.assertEqual(409, self.web_import(self.image_id,
                                              'cat').status_int)

    def test_methods_that_are_off(self):
        self.service.conf.config(enabled_import_methods=[])
        self.assertEqual(400, self.web_import(self.image_id,
                                              'cat').status_int)
        self.assertEqual(404, self.stage(self.image_id, DATA).status_int)


class TestStage(base.TestCase):

    multi = False

    def setUp(self):
        super().setUp()
        self.image_id = self.service.create()['id']

    def check_untouched(self):
        self.assertEqual('queued', self.image(self.image_id)['status'])
        self.assertEqual([], self.staged_files())
        self.assertEqual([], self.work())

    def test_data_is_staged_only_once(self):
        self.assertEqual(415, self.service.call(
            'PUT', '/v2/images/%s/stage' % self.image_id, {}).status_int)
        self.assertEqual(404, self.stage('none', DATA).status_int)
        self.check_untouched()
        self.assertEqual(204, self.stage(self.image_id, DATA).status_int)
        self.assertEqual(409, self.stage(self.image_id, DATA).status_int)

    def test_wrong_size(self):
        response = self.stage(self.image_id, DATA, headers={
            'x-openstack-image-size': '5'})
        self.assertEqual(400, response.status_int)
        self.check_untouched()

    def test_too_large(self):
        self.service.conf.config(image_size_cap=5)
        self.assertEqual(413, self.stage(self.image_id, DATA).status_int)
        self.check_untouched()

    def test_staged_by_an_older_release(self):
        from glance.db.connect import engine
        from glance.db import own_schema
        self.stage(self.image_id, DATA)
        with engine.writer() as conn:
            conn.execute(own_schema.work.delete())
        self.import_(self.image_id, {'name': 'glance-direct'})
        self.assertEqual('success', self.ended(self.image_id)['status'])
        self.assertEqual(DATA, self.data(self.image_id))

    def test_data_is_lost(self):
        self.stage(self.image_id, DATA)
        for name in self.staged_files():
            os.unlink(os.path.join(self.service.state, 'staging', name))
        self.import_(self.image_id, {'name': 'glance-direct'})
        task = self.ended(self.image_id)
        self.assertEqual(('failure', 'The staged data is not there any '
                          'more.'), (task['status'], task['message']))
        self.assertEqual('queued', self.image(self.image_id)['status'])


class TestOtherRegion(base.TestCase):

    multi = False
    OTHER = '11111111-2222-3333-4444-555555555555'

    def setUp(self):
        super().setUp()
        self.service.conf.config(
            enabled_import_methods=['glance-download'])
        self.image_id = self.service.create(
            disk_format=None, container_format=None)['id']

    def serve(self, **values):
        self.web.add(self.OTHER, DATA)
        self.web.add(self.OTHER + '.json', json.dumps(dict({
            'status': 'active', 'disk_format': 'raw', 'size': len(DATA),
            'container_format': 'bare', 'os_distro': 'debian', 'hw_a': 'b',
            'os_glance_x': 'y', 'other': 'z'}, **values)).encode())

    def ask(self, region='north', endpoint=None, **more):
        catalog = [{'type': 'image', 'endpoints': [
            {'region': 'north', 'publicURL': endpoint or self.web.url}]}]
        return self.import_(
            self.image_id, dict({'glance_image_id': self.OTHER}, **more,
                                name='glance-download', glance_region=region),
            headers={'X-Service-Catalog': json.dumps(catalog),
                     'X-Auth-Token': 'secret'})

    def test_data_and_some_properties_come_over(self):
        self.serve()
        response = self.ask()
        self.assertEqual(202, response.status_int, response.text)
        task = self.ended(self.image_id)
        self.assertEqual('success', task['status'], task['message'])
        self.assertNotIn('secret', json.dumps(task))
        image = self.image(self.image_id)
        self.assertEqual(('active', 'raw', 'bare', 'debian', 'b'), (
            image['status'], image['disk_format'],
            image['container_format'], image['os_distro'], image['hw_a']))
        self.assertNotIn('other', image)
        self.assertNotIn('os_glance_x', image)

    def test_other_content_than_the_record_says(self):
        self.service.conf.config(group='image_import_opts',
                                 image_import_plugins=['image_conversion'])
        for disk_format in ('qcow2', 'iso'):
            self.serve(disk_format=disk_format)
            self.ask()
            task = self.ended(self.image_id)
            self.assertEqual('failure', task['status'])
            self.assertIn('says that it is ' + disk_format, task['message'])
            self.assertEqual('queued', self.image(self.image_id)['status'])

    def test_rules_for_urls_of_users_do_not_count_for_the_catalogue(self):
        """Image services listen on 9292, at addresses of the cloud."""
        for rules in ({}, {'allowed_hosts': ['example.org']},
                      {'disallowed_hosts': ['127.0.0.1']},
                      {'allowed_ports': [], 'allowed_hosts': [],
                       'disallowed_ports': [self.web.port]},
                      {'allowed_schemes': ['https']}):
            self.allow_nothing(**rules)
            self.serve()
            response = self.ask()
            self.assertEqual(202, response.status_int, response.text)
            task = self.ended(self.image_id)
            self.assertEqual('success', task['status'], task['message'])
            self.image_id = self.service.create(
                disk_format=None, container_format=None)['id']

    def allow_nothing(self, **rules):
        self.service.conf.config(
            group='import_filtering_opts',
            **dict({'allowed_hosts': [], 'allowed_ports': [80, 443]},
                   **rules))

    def test_redirects_have_to_follow_them(self):
        self.serve()
        other = self.useFixture(nginx.Nginx())
        hop = '%shop/127.0.0.1/%d/' % (self.web.url, other.port)
        for rules, reason in (
                ({'allowed_hosts': ['127.0.0.1']}, 'the port'),
                ({'allowed_ports': [other.port]}, 'another host'),
                ({'allowed_ports': [other.port],
                  'allowed_hosts': ['example.org']}, 'the host')):
            self.allow_nothing(**rules)
            self.assertEqual(202, self.ask(endpoint=hop).status_int)
            task = self.ended(self.image_id)
            self.assertEqual('failure', task['status'])
            self.assertIn(reason, task['message'])
        self.assertEqual([], other.requests(0))

    def test_redirects_to_itself(self):
        self.allow_nothing()
        self.serve()
        self.ask(endpoint='%shop/127.0.0.1/%d/' % (self.web.url,
                                                   self.web.port))
        task = self.ended(self.image_id)
        self.assertEqual('success', task['status'], task['message'])

    def test_the_task_fails_where_the_catalogue_has_no_such_service(self):
        self.service.patch(self.image_id, [
            {'op': 'add', 'path': '/os_distro', 'value': 'windows'}])
        for kwargs in ({'region': 'south'},
                       {'glance_service_interface': 'internal'},
                       {'glance_service_interface': 'x'}):
            self.assertEqual(202, self.ask(**kwargs).status_int, kwargs)
            task = self.ended(self.image_id)
            self.assertEqual('failure', task['status'])
            self.assertIn('no image service', task['message'])
            image = self.image(self.image_id)
            self.assertEqual(('queued', 'windows'),
                             (image['status'], image['os_distro']))

    def test_refused_at_once(self):
        refused = self.ask(glance_image_id='foo')
        self.assertEqual(400, refused.status_int)
        self.assertIn('image id does not look like a UUID', refused.text)

    def test_an_unfit_image_there_fails_the_task(self):
        for values, reason in (({'status': 'queued'}, 'not active'),
                               ({'size': 5}, 'another size')):
            self.serve(**values)
            self.ask()
            task = self.ended(self.image_id)
            self.assertEqual('failure', task['status'])
            self.assertIn(reason, task['message'])
            self.assertEqual('queued', self.image(self.image_id)['status'])
