"""Images in containers of Swift."""

import json
import os
import uuid

from oslotest import base as test_base
import requests
import swiftclient

from glance.common import context as contexts
from glance.common import exceptions
from tests.fixtures import ports
from tests.fixtures import programs
from tests.fixtures.servers import swift
from tests.fixtures.servers import workspace
from tests.fixtures import stores
from tests.stores import base
from tests.stores import kinds
from tests.unit.store import base as sources

DATA = os.urandom(1000)
PATCH = 'application/openstack-images-v2.1-json-patch'


class SwiftTest(base.Suite, test_base.BaseTestCase):

    kind = 'swift'
    part = 5000 * 1024
    copies = True

    def test_name_of_the_image(self):
        """Bare metal services look for it there."""
        image_id = str(uuid.uuid4())
        first = self.put(b'1', 'a1', image_id)
        second = self.put(b'2', 'a2', image_id)
        self.assertEqual([image_id, image_id + '-a2'],
                         [url.split('/')[-1] for url in (first, second)])
        self.store.delete(first)
        self.store.delete(second)
        self.assertEqual([], self.mine(image_id))

    def check_damage(self, damage):
        """In the first of three pieces, and in the last one."""
        connection = self.store._connection(
            self.store._store.create_location('x'))
        for number in (0, 2):
            image_id = str(uuid.uuid4())
            url = self.put(os.urandom(13 * base.MIB), image_id=image_id)
            pieces = sorted(self.mine(image_id))[1:]
            self.assertEqual(3, len(pieces))
            damage(connection, 'images', pieces[number])
            self.assertRaises(exceptions.NotFound, self.get, url)
            self.store.delete(url)
            self.gone(image_id)

    def test_a_piece_that_is_gone_is_told_from_a_store_that_is_away(self):
        self.check_damage(swiftclient.Connection.delete_object)

    def test_a_piece_that_has_changed_is_told_from_a_store_that_is_away(self):
        self.check_damage(lambda connection, *names: connection.put_object(
            *names, os.urandom(100)))


class Tenants(test_base.BaseTestCase):
    """Each project has its images in its own account."""

    further = {}

    def setUp(self):
        super().setUp()
        self.server = self.useFixture(swift.Swift())
        options = dict(kinds.options('swift', self),
                       swift_store_multi_tenant='true',
                       swift_store_admin_tenants='writers')
        self.loaded = self.useFixture(stores.Stores(
            {'one': 'swift'}, dict(self.further, one=options)))
        self.store = self.loaded.all.default
        self.assertIsNone(self.store.problem)

    def context(self, user='demo'):
        """What a request of a user brings."""
        service = self.store._context(None)
        project = self.server.keystone.project_id(user)
        [entry] = service.service_catalog
        [endpoint] = entry['endpoints']
        url = endpoint['publicURL'].replace(service.project_id, project)
        return contexts.RequestContext(
            auth_token=self.server.keystone.token(user),
            project_id=project, service_catalog=[
                dict(entry, endpoints=[dict(endpoint, publicURL=url)])])


class TenantsTest(Tenants):

    def test_whole_life(self):
        """Users write and read with their tokens, conductors without."""
        context, data = self.context(), b'x' * 1000
        url = self.store.write(str(uuid.uuid4()), 'a1', sources.Source(data),
                               len(data), context).url
        self.assertIn('AUTH_' + context.project_id, url)
        for who in (context, None):
            reader = self.store.open(url, context=who)
            self.assertEqual(data, b''.join(reader))
            reader.close()
        self.assertEqual(len(data), self.store.size(url))
        self.store.delete(url)
        self.assertRaises(exceptions.NotFound, self.store.size, url)
        self.assertRaises(exceptions.NotFound, self.store.set_readers, url,
                          [])

    def can_read(self, url, data, context):
        try:
            reader = self.store.open(url, context=context)
        except exceptions.StoreUnavailable:
            return False
        try:
            return b''.join(reader) == data
        finally:
            reader.close()

    def test_others_read_what_they_may(self):
        """Others read what they may, and nobody without a token."""
        owner, other = self.context(), self.context('alt_demo')
        # One with segments, which are objects of their own.
        for data in (b'x' * 1000, os.urandom(7 << 20)):
            url = self.store.write(str(uuid.uuid4()), 'a1',
                                   sources.Source(data), None, owner).url
            self.assertFalse(self.can_read(url, data, other))
            for projects, may in (([other.project_id], True),
                                  ([owner.project_id], False), (None, True),
                                  ([], False)):
                self.store.set_readers(url, projects)
                self.assertEqual(may, self.can_read(url, data, other),
                                 projects)
                self.assertTrue(self.can_read(url, data, owner))
                self.check_without_token(url)
            self.assertEqual('writers:*', self.acl(url, owner))
            self.store.delete(url)

    def check_without_token(self, url):
        address = 'http' + url.removeprefix('swift+http')
        for path in (address, address.rpartition('/')[0]):
            self.assertEqual(401, requests.get(path, timeout=60).status_code)

    def acl(self, url, context):
        """Who may write, as the owner sees it."""
        place = self.store._place(url)
        return self.store._connection(place, context).head_container(
            place.container)['x-container-write']


class TenantsServiceTest(Tenants):
    """Users with their tokens before a service with its conductor."""

    further = {'paste_deploy': {'flavor': 'trusted-auth'},
               'work': {'poll_interval': '0.5'}}

    def setUp(self):
        super().setUp()
        work, port = self.useFixture(workspace.Workspace()), ports.free_port()
        self.url = 'http://127.0.0.1:%d' % port
        self.useFixture(programs.start(
            'glance-standalone', '--config-file', self.loaded.config, '--port',
            port, '--state-dir', work.join('state'), url=self.url,
            log=work.join('log')))
        self.users = {user: self.context(user)
                      for user in ('demo', 'alt_demo')}

    def call(self, verb, path, user='demo', headers=None, **kwargs):
        context = self.users[user]
        return requests.request(
            verb, self.url + '/v2/images' + path, timeout=60, headers=dict({
                'X-Identity-Status': 'Confirmed', 'X-User-Id': user,
                'X-Project-Id': context.project_id, 'X-Roles': 'admin'
                if user == 'demo' else 'member,reader',
                'X-Auth-Token': context.auth_token,
                'X-Service-Catalog': json.dumps(context.service_catalog),
            }, **headers or {}), **kwargs)

    def new(self):
        answer = self.call('POST', '', json={
            'disk_format': 'raw', 'container_format': 'bare',
            'visibility': 'shared'})
        return '/' + answer.json()['id']

    def gets(self, path, status, user='alt_demo'):
        """Soon it is so, and with the right data."""
        def got():
            answer = self.call('GET', path + '/file', user)
            return answer.status_code == status and (
                status != 200 or answer.content == DATA)
        base.wait_until(got, 'an answer %d' % status)

    def set_visibility(self, path, value):
        self.assertEqual(200, self.call(
            'PATCH', path, headers={'Content-Type': PATCH}, json=[
                {'op': 'replace', 'path': '/visibility', 'value': value}]
        ).status_code)

    def put(self, path, below):
        self.assertEqual(204, self.call('PUT', path + below, headers={
            'Content-Type': 'application/octet-stream'},
            data=DATA).status_code)

    def test_others_download(self):
        path, other = self.new(), self.users['alt_demo'].project_id
        self.put(path, '/file')
        self.gets(path, 404)
        self.call('POST', path + '/members', json={'member': other})
        self.gets(path, 200)
        self.set_visibility(path, 'public')
        self.call('DELETE', path + '/members/' + other)
        self.gets(path, 200)
        self.assertEqual(204, self.call('DELETE', path).status_code)

    def test_others_read_what_was_imported(self):
        """Then the data is in the account of the service."""
        path = self.new()
        self.put(path, '/stage')
        self.call('POST', path + '/import', json={
            'method': {'name': 'glance-direct'}})
        self.gets(path, 200, 'demo')
        self.set_visibility(path, 'community')
        self.gets(path, 200)
