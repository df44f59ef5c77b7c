"""Tests of the handlers of images."""

import os

import fixtures

from glance.common import exceptions
from glance.conf import CONF
from glance.store import backends
from tests.fixtures import fake_registry
from tests.unit.api.v2 import base


class TestGet(base.TestCase):

    def test_properties_are_shown_and_internals_are_not(self):
        self.use(fake_registry.make_image(
            base.IMAGE, tags=['a'], properties={'x': 'y', 'old': None,
                                                'os_glance_stage_host': 'h',
                                                'name': 'shadow'}))
        image = self.call('GET', '/images/' + base.IMAGE).json
        self.assertEqual(('y', '', ['a'], 'cat'), (
            image['x'], image['old'], image['tags'], image['name']))
        self.assertEqual('/v2/images/%s/file' % base.IMAGE, image['file'])
        for name in ('os_glance_stage_host', 'locations', 'direct_url',
                     'stores', 'member', 'deleted'):
            self.assertNotIn(name, image)

    def test_one_call(self):
        self.call('GET', '/images/' + base.IMAGE)
        self.assertEqual(['images.get'], [c[0] for c in self.registry.calls])

    def test_an_unknown_id_is_not_found(self):
        for image_id in ('b' + base.IMAGE[1:], 'x' * 37, 'a b', '%E2%82%AC'):
            response = self.call('GET', '/images/' + image_id)
            self.assertEqual(404, response.status_int)

    def test_not_for_a_caller_without_role(self):
        response = self.call('GET', '/images/' + base.IMAGE,
                             ctxt=base.caller(roles=['stranger']))
        self.assertEqual(404, response.status_int)

    def test_a_body_is_refused(self):
        response = self.call('GET', '/images/' + base.IMAGE, {})
        self.assertEqual(400, response.status_int)


class TestLocations(base.TestCase):

    def setUp(self):
        super().setUp()
        self.use(fake_registry.make_image(base.IMAGE, locations=[
            {'id': 1, 'url': 'file:///a', 'metadata': {'store': 's1'},
             'status': 'active'},
            {'id': 2, 'url': 'file:///b', 'metadata': {'store': 's2'},
             'status': 'pending_delete'}]))

    def get(self, ctxt=None):
        return self.call('GET', '/images/' + base.IMAGE, ctxt=ctxt).json

    def test_direct_url(self):
        self.conf.config(show_image_direct_url=True)
        self.assertEqual('file:///a', self.get()['direct_url'])

    def test_a_location_on_its_way_out_is_hidden(self):
        self.conf.config(show_multiple_locations=True)
        self.assertEqual([{'url': 'file:///a', 'metadata': {'store': 's1'}}],
                         self.get()['locations'])

    def test_the_policy_hides_urls_from_others(self):
        self.conf.config(show_multiple_locations=True,
                         show_image_direct_url=True)
        image = self.get(base.caller('p2'))
        self.assertEqual([], image['locations'])
        self.assertNotIn('direct_url', image)

    def test_a_store_of_data_that_goes_is_hidden(self):
        self.conf.config(enabled_backends={'s1': 'file', 's2': 'file'})
        self.parts = {'stores': backends.Stores([], None)}
        self.assertEqual('s1', self.get()['stores'])


class TestList(base.TestCase):

    def test_links_keep_repeated_keys(self):
        path = '/images?tag=a&tag=b%%26c&limit=1&marker=%s' % base.IMAGE
        page = self.call('GET', path).json
        self.assertEqual('/v2/images?tag=a&tag=b%26c&limit=1', page['first'])
        self.assertEqual('/v2/images?tag=a&tag=b%%26c&limit=1&marker=%s'
                         % base.IMAGE, page['next'])
        self.assertEqual('/v2/schemas/images', page['schema'])

    def test_last_page(self):
        page = self.call('GET', '/images').json
        self.assertEqual('/v2/images', page['first'])
        self.assertNotIn('next', page)

    def test_empty_page(self):
        page = self.call('GET', '/images?limit=0').json
        self.assertEqual([], page['images'])
        self.assertNotIn('next', page)
        self.assertEqual([], self.registry.calls)

    def test_one_call_with_the_query(self):
        self.call('GET', '/images?name=cat&os_hidden=true')
        self.assertEqual(['images.list'], [c[0] for c in self.registry.calls])
        query = self.registry.calls[0][1][0]
        self.assertEqual([['name', 'eq', 'cat']], query['filters'])
        self.assertTrue(query['os_hidden'])

    def test_a_page_that_is_cut_goes_on(self):
        images = [fake_registry.make_image(base.IMAGE)]
        self.registry.images.list = lambda ctxt, query, usage: {
            'images': images, 'is_cut': True}
        page = self.call('GET', '/images?limit=2').json
        self.assertEqual('/v2/images?limit=2&marker=' + base.IMAGE,
                         page['next'])

    def test_rule_of_the_operator_thins_the_page_out(self):
        folder = self.useFixture(fixtures.TempDir()).path
        self.conf.config(group='oslo_policy',
                         policy_file=os.path.join(folder, 'policy.yaml'))
        with open(CONF.oslo_policy.policy_file, 'w') as rules:
            rules.write('"get_image": "\'dog\':%(name)s"\n')
        dog = 'd' + base.IMAGE[1:]
        self.use(fake_registry.make_image(dog, name='dog'),
                 fake_registry.make_image(base.IMAGE, name='cat'))
        page = self.call('GET', '/images?limit=2').json
        self.assertEqual(['dog'], [one['name'] for one in page['images']])
        # The page was full before.
        self.assertEqual('/v2/images?limit=2&marker=' + base.IMAGE,
                         page['next'])

    def test_a_caller_without_a_role_may_not(self):
        response = self.call('GET', '/images', ctxt=base.caller(roles=['x']))
        self.assertEqual(403, response.status_int)


class TestCreate(base.TestCase):

    def created(self):
        return self.registry.calls[-1][1][0]

    def check(self, status, ctxt=None, **body):
        return self.check_body(status, body, ctxt)

    def check_body(self, status, body, ctxt=None):
        response = self.call('POST', '/images', body, ctxt)
        self.assertEqual(status, response.status_int, response.text)
        if status >= 400:
            self.assertEqual([], self.registry.calls)
        return response

    def test_what_is_not_given_has_its_default(self):
        image = self.check(201).json
        self.assertEqual('shared', image['visibility'])
        self.assertEqual(
            {'id': image['id'], 'name': None, 'owner': 'p1', 'tags': [],
             'visibility': 'shared', 'disk_format': None, 'min_disk': 0,
             'container_format': None, 'min_ram': 0, 'protected': False,
             'os_hidden': False, 'properties': {}}, self.created())

    def test_headers_tell_link_methods_and_stores(self):
        self.conf.config(enabled_backends={'s1': 'file', 's2': 'file'})
        response = self.check(201, id=base.IMAGE)
        self.assertEqual('http://localhost/v2/images/' + base.IMAGE,
                         response.location)
        self.assertEqual('glance-direct,web-download,copy-image',
                         response.headers['OpenStack-image-import-methods'])
        self.assertEqual('s1,s2',
                         response.headers['OpenStack-image-store-ids'])
        self.conf.config(enabled_backends={}, enabled_import_methods=[],
                         public_endpoint='https://images.example/x/')
        response = self.check(201, id=base.IMAGE)
        self.assertEqual('https://images.example/x/v2/images/' + base.IMAGE,
                         response.location)
        self.assertNotIn('OpenStack-image-import-methods', response.headers)
        self.assertNotIn('OpenStack-image-store-ids', response.headers)

    def test_everything_settable(self):
        self.check(201, name='n', disk_format='qcow2', min_ram=1, min_disk=2,
                   container_format='bare', protected=True, os_hidden=True,
                   visibility='private', tags=['b', 'a', 'b'], foo='bar')
        image = self.created()
        self.assertEqual({'foo': 'bar'}, image['properties'])
        self.assertEqual(['a', 'b'], image['tags'])
        self.assertTrue(image['protected'] and image['os_hidden'])

    def test_what_is_ours_cannot_be_given(self):
        for name in ('checksum', 'created_at', 'direct_url', 'file', 'schema',
                     'self', 'size', 'status', 'stores', 'updated_at',
                     'virtual_size', 'os_hash_algo', 'os_hash_value',
                     'locations', 'deleted', 'deleted_at', 'location',
                     'os_glance_x', 'os_glance'):
            self.check_body(403, {name: 'x'})

    def test_notes_of_imports_are_left_out(self):
        for name in ('os_glance_failed_import', 'os_glance_import_task'):
            self.check_body(403, {name: 'x'})
        self.check(201, os_glance_failed_import='', foo='bar',
                   os_glance_importing_to_stores='')
        self.assertEqual({'foo': 'bar'}, self.created()['properties'])

    def test_bad_values(self):
        for body in ({'name': 3}, {'name': 'n' * 256}, {'id': 'x'},
                     {'min_ram': -1}, {'tags': 'a'}, {'foo': None},
                     {'foo': 3}, {'n' * 256: 'x'}, {'': 'x'},
                     {'foo': '\U0001f600'}, {'visibility': 'x'},
                     {'disk_format': 'floppy'}):
            self.check_body(400, body)
        for body in ([], [1], 'x', 3, None):
            self.assertEqual(
                400, self.call('POST', '/images', body).status_int)

    def test_quotas_of_properties_and_tags_hold(self):
        self.conf.config(image_property_quota=1, image_tag_quota=1)
        self.check(413, a='1', b='2')
        self.check(413, tags=['a', 'b'])
        self.check(201, tags=['a', 'a'], a='1')
        self.conf.config(image_property_quota=-1, image_tag_quota=-1)
        self.check(201, tags=['a', 'b'], a='1', b='2')

    def test_visibility_has_its_policy(self):
        self.check(403, visibility='public')
        self.check(201, visibility='community')
        self.check(201, base.ADMIN, visibility='public')

    def test_only_administrators_give_images_away(self):
        self.check(403, owner='p2')
        self.check(403, owner=None)
        self.check(201, owner='p1')
        self.check(201, base.ADMIN, owner='p2')
        self.assertEqual('p2', self.created()['owner'])

    def test_reader_may_not(self):
        self.check(403, base.caller(roles=['reader']))


class TestUpdate(base.TestCase):

    def test_result_and_calls(self):
        response = self.patch([{'op': 'add', 'path': '/a', 'value': 'b'}])
        self.assertEqual(200, response.status_int)
        self.assertEqual('b', response.json['a'])
        self.assertEqual(['images.get', 'images.update'],
                         [c[0] for c in self.registry.calls])
        self.assertEqual({'properties': 128, 'tags': 128},
                         self.changes()['limits'])

    def test_older_media_type(self):
        response = self.patch([{'replace': '/name', 'value': 'b'}],
                              version='0')
        self.assertEqual('b', response.json['name'])

    def test_media_type(self):
        response = self.call('PATCH', '/images/' + base.IMAGE, [])
        self.assertEqual(415, response.status_int)
        self.assertEqual(
            'application/openstack-images-v2.1-json-patch, '
            'application/openstack-images-v2.0-json-patch',
            response.headers['Accept-Patch'])

    def test_owner_cannot_be_given_away(self):
        for op in ('add', 'replace'):
            response = self.patch([{'op': op, 'path': '/owner',
                                    'value': 'p2'}])
            self.assertEqual(403, response.status_int)
        self.assertNotIn('images.update',
                         [c[0] for c in self.registry.calls])

    def test_visibility_has_its_policy(self):
        body = [{'op': 'replace', 'path': '/visibility', 'value': 'public'}]
        self.assertEqual(403, self.patch(body).status_int)
        self.assertEqual(200, self.patch(body, base.ADMIN).status_int)

    def test_strangers_may_not_change_an_image(self):
        response = self.patch([], base.caller('p2'))
        self.assertEqual(403, response.status_int)


class TestDelete(base.TestCase):

    def test_an_image_is_deleted_by_two_calls(self):
        response = self.call('DELETE', '/images/' + base.IMAGE)
        self.assertEqual((204, b''), (response.status_int, response.body))
        self.assertEqual(['images.get', 'images.delete'],
                         [c[0] for c in self.registry.calls])

    def test_a_protected_image_stays(self):
        self.use(fake_registry.make_image(base.IMAGE, protected=True))
        for ctxt in (None, base.ADMIN):
            response = self.call('DELETE', '/images/' + base.IMAGE, ctxt=ctxt)
            self.assertEqual(403, response.status_int)

    def test_strangers_may_not_delete_an_image(self):
        response = self.call('DELETE', '/images/' + base.IMAGE,
                             ctxt=base.caller('p2'))
        self.assertEqual(403, response.status_int)

    def test_registry_away(self):
        def fail(image_id):
            raise exceptions.RegistryUnavailable()
        self.registry._images_get = fail
        self.registry.images = self.registry._resource('images', 'get')
        response = self.call('DELETE', '/images/' + base.IMAGE)
        self.assertEqual(503, response.status_int)
        self.assertIn('Retry-After', response.headers)
