"""Tests of PATCH bodies, apart from the image they are for."""

import json

from oslotest import base

from glance.api.patch import patch_body
from glance.api import request
from glance.common import exceptions
from glance.conf import CONF


class TestPatch(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])

    def parse(self, *items, media_type=patch_body.MEDIA_TYPES[0]):
        req = request.Request.blank('/', method='PATCH')
        req.body = json.dumps(items).encode()
        req.content_type = media_type
        return [(one.verb, one.name, one.value)
                for one in patch_body.parse(req)]

    def parse_v20(self, *items):
        return self.parse(*items, media_type=patch_body.MEDIA_TYPES[1])

    def refuse(self, item, error=exceptions.BadRequest):
        self.assertRaises(error, self.parse, item)

    def add(self, path, value='x'):
        return {'op': 'add', 'path': path, 'value': value}

    def test_both_forms(self):
        expected = [('add', 'a', 'b'), ('replace', 'name', None),
                    ('remove', 'c', None)]
        self.assertEqual(expected, self.parse(
            self.add('/a', 'b'),
            {'op': 'replace', 'path': '/name', 'value': None},
            {'op': 'remove', 'path': '/c'}))
        self.assertEqual(expected, self.parse_v20(
            {'add': '/a', 'value': 'b'}, {'replace': '/name', 'value': None},
            {'remove': '/c'}))

    def test_media_type(self):
        for media_type in ('application/json', 'application/json-patch+json',
                           'application/openstack-images-v2.2-json-patch'):
            error = self.assertRaises(exceptions.UnsupportedMediaType,
                                      self.parse, media_type=media_type)
            self.assertEqual(patch_body.MEDIA_TYPES, error.accept_patch)
        self.assertEqual([], self.parse(
            media_type=patch_body.MEDIA_TYPES[0] + '; charset=utf-8'))

    def test_escapes_in_paths_are_understood(self):
        self.assertEqual([('add', 'a/b~c~1', 'x')],
                         self.parse(self.add('/a~1b~0c~01')))
        for path in ('/a~', '/a~2b', '/~~1'):
            self.refuse(self.add(path))

    def test_bad_paths_are_refused(self):
        for path in ('a', '', '/', '/a/b', '//a', '/a/', 3, None, ['/a'],
                     '/' + 'n' * 256, '/tags/-', '/tags/0'):
            self.refuse(self.add(path))

    def test_bad_operations_are_refused_in_both_forms(self):
        for item in ('x', 3, [], None, {}, {'op': 'add', 'path': '/a'},
                     {'op': 'add', 'value': 'x'}, {'path': '/a', 'value': ''},
                     {'op': 'move', 'path': '/a', 'from': '/b'},
                     {'op': ['add'], 'path': '/a', 'value': 'x'},
                     {'op': 'replace', 'path': '/a'}):
            self.refuse(item)
        for item in ({'value': 'x'}, {'add': '/a'}, {'add': 1, 'value': ''},
                     {'add': '/a', 'remove': '/b', 'value': 'x'}):
            self.assertRaises(exceptions.BadRequest, self.parse_v20, item)

    def test_number_of_operations_is_bounded(self):
        self.assertRaises(exceptions.BadRequest, self.parse,
                          *[{'op': 'remove', 'path': '/a'}] * 1001)

    def test_bad_values_are_refused(self):
        for path, value in (
                ('/a', 3), ('/a', None), ('/a', ['x']), ('/name', 3),
                ('/name', 'n' * 256), ('/min_ram', -1), ('/min_ram', True),
                ('/min_ram', 2147483648), ('/min_disk', '5'),
                ('/visibility', 'secret'), ('/protected', 'true'),
                ('/disk_format', 'floppy'), ('/tags', 'x'),
                ('/tags', ['t' * 256]), ('/tags', [3]),
                ('/owner', 'o' * 256), ('/a', '\U0001f600'), ('/a', '\0'),
                ('/a', 'v' * 65536), ('/a', '\u20ac' * 21846)):
            self.refuse(self.add(path, value))
        self.parse(self.add('/a', '\u20ac' * 21845))

    def test_what_is_ours_cannot_be_touched(self):
        for name in ('id', 'checksum', 'created_at', 'direct_url', 'file',
                     'os_hash_algo', 'os_hash_value', 'schema', 'self',
                     'size', 'status', 'stores', 'updated_at', 'virtual_size',
                     'deleted', 'deleted_at', 'location', 'os_glance_x',
                     'os_glance', 'locations', 'locations/-'):
            self.refuse(self.add('/' + name), exceptions.Forbidden)
            self.refuse({'op': 'remove', 'path': '/' + name},
                        exceptions.Forbidden)

    def test_notes_of_imports(self):
        for name in ('os_glance_import_task', 'os_glance_failed_import',
                     'os_glance_importing_to_stores'):
            self.assertEqual([('add', name, 'x')],
                             self.parse(self.add('/' + name)))
            self.refuse({'op': 'remove', 'path': '/' + name},
                        exceptions.Forbidden)
            self.refuse(self.add('/' + name, 5))

    def test_base_attributes_stay(self):
        for name in ('name', 'tags', 'owner', 'visibility', 'min_ram'):
            self.refuse({'op': 'remove', 'path': '/' + name},
                        exceptions.Forbidden)

    def test_names_of_internals_are_plain_properties(self):
        self.assertEqual(
            [('add', name, 'x') for name in ('image_id', 'properties',
                                             'extra_properties')],
            self.parse(*[self.add('/' + name) for name in
                         ('image_id', 'properties', 'extra_properties')]))
