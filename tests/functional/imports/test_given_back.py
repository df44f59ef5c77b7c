"""Tools that copy properties give back what imports have noted there."""

import os

from glance.db.connect import engine
from glance.db.images import image_writes
from tests.functional.imports import base

DATA = os.urandom(1000)
LOCK = 'os_glance_import_task'
TO_DO = 'os_glance_importing_to_stores'
FAILED = 'os_glance_failed_import'
NOTES = (LOCK, TO_DO, FAILED)
PATCHES = ('application/openstack-images-v2.1-json-patch',
           'application/openstack-images-v2.0-json-patch')


def operation(media_type, verb, name, value):
    if media_type == PATCHES[0]:
        return {'op': verb, 'path': '/' + name, 'value': value}
    return {verb: '/' + name, 'value': value}


class TestCase(base.TestCase):

    def setUp(self):
        super().setUp()
        self.web.add('cat', DATA)

    def imported(self, **body):
        image_id = self.service.create(mine='too')['id']
        self.assertEqual(202, self.web_import(
            image_id, 'cat', **body).status_int)
        self.ended(image_id)
        return self.image(image_id)

    def copied(self, image, **headers):
        """POST of what a tool takes for the properties of an image."""
        body = {name: value for name, value in image.items()
                if name == 'mine' or name.startswith('os_glance')}
        return self.service.call('POST', '/v2/images', body)

    def patched(self, image_id, media_type, *changes):
        return self.service.call(
            'PATCH', '/v2/images/' + image_id,
            [operation(media_type, *change) for change in changes],
            headers={'Content-Type': media_type})

    def note(self, image_id, **notes):
        with engine.writer() as conn:
            image_writes.set_properties(
                conn, image_id, notes,
                image_writes.property_names(conn, image_id))

    def check_given_back(self, image):
        """All that can be read may be written as it is, and changes nothing.
        """
        other = self.service.create()
        seen = self.image(image['id'])
        for media_type in PATCHES:
            for verb in ('add', 'replace'):
                for name in NOTES:
                    if name not in image:
                        continue
                    response = self.patched(image['id'], media_type,
                                            (verb, name, image[name]),
                                            ('replace', 'name', verb))
                    self.assertEqual(200, response.status_int, response.text)
                    self.assertEqual(
                        dict(seen, name=verb, updated_at=None),
                        dict(response.json, updated_at=None))
                    if image[name] == '':
                        self.check_not_set(self.patched(
                            other['id'], media_type, (verb, name, '')), 200)

    def check_not_set(self, response, status):
        self.assertEqual(status, response.status_int, response.text)
        self.assertEqual([], [name for name in response.json
                              if name.startswith('os_glance')])


class TestAfterImports(TestCase):

    def test_notes_of_an_import_may_be_given_back(self):
        image = self.imported(stores=['fast', 'cold'])
        self.assertEqual(('', ''), (image[TO_DO], image[FAILED]))
        response = self.copied(image)
        self.check_not_set(response, 201)
        self.assertEqual('too', response.json['mine'])
        self.check_given_back(image)

    def test_notes_of_a_copy_may_be_given_back(self):
        image_id = self.imported(stores=['fast'])['id']
        self.import_(image_id, {'name': 'copy-image'}, admin=True,
                     stores=['cold'])
        self.assertEqual('success', self.ended(image_id)['status'])
        image = self.image(image_id)
        self.check_not_set(self.copied(image), 201)
        self.check_given_back(image)

    def test_notes_of_a_failure_fit_that_image_only(self):
        self.break_store('cold')
        image = self.imported(stores=['fast', 'cold'],
                              all_stores_must_succeed=False)
        self.assertEqual(('', 'cold'), (image[TO_DO], image[FAILED]))
        self.check_given_back(image)
        # Of another image, this would be a lie.
        self.assertEqual(403, self.copied(image).status_int)

    def test_tasks_of_users(self):
        image = self.imported(stores=['fast'])
        notes = {name: image[name] for name in NOTES if name in image}
        for body in (
                {'type': 'import', 'input': {
                    'import_from': self.web.url + 'cat',
                    'import_from_format': 'raw', 'image_properties': dict(
                        notes, disk_format='raw', container_format='bare')}},
                {'type': 'clone', 'input': {
                    'image_id': image['id'], 'image_properties': notes}}):
            response = self.service.admin('POST', '/v2/tasks', body)
            self.assertEqual(201, response.status_int, response.text)


class TestOldRows(TestCase):

    def test_under_way(self):
        image_id = self.service.create()['id']
        self.note(image_id, **{LOCK: 'task', TO_DO: 'fast', FAILED: ''})
        self.check_given_back(self.image(image_id))
        for media_type in PATCHES:
            for name, value in ((LOCK, 'other'), (TO_DO, ''), (TO_DO, 'cold'),
                                (FAILED, 'fast'), (LOCK, '')):
                for verb in ('add', 'replace'):
                    self.assertEqual(403, self.patched(
                        image_id, media_type, (verb, name, value)).status_int)

    def test_null_is_empty_and_may_be_given_back(self):
        image_id = self.service.create()['id']
        self.note(image_id, **{TO_DO: None})
        image = self.image(image_id)
        self.assertEqual('', image[TO_DO])
        self.check_given_back(image)


class TestRefused(TestCase):

    def test_other_names_and_changes(self):
        image = self.imported(stores=['fast'])
        self.note(image['id'], os_glance_stage_host='http://secret',
                  os_glance_x='')
        for media_type in PATCHES:
            for name, value in (
                    ('os_glance_stage_host', 'http://secret'),
                    ('os_glance_stage_host', ''), ('os_glance_x', ''),
                    ('os_glance', ''), ('os_glance_foo', 'bar')):
                self.assertEqual(403, self.patched(
                    image['id'], media_type, ('add', name, value)).status_int)
            for name in NOTES:
                item = {'op': 'remove', 'path': '/' + name}
                if media_type == PATCHES[1]:
                    item = {'remove': '/' + name}
                self.assertEqual(403, self.service.call(
                    'PATCH', '/v2/images/' + image['id'], [item],
                    headers={'Content-Type': media_type}).status_int)
        for body in ({TO_DO: 'fast'}, {FAILED: 'x'}, {LOCK: 'x'},
                     {'os_glance_foo': 'bar'}, {'os_glance': ''},
                     {'os_glance_x': ''}):
            self.assertEqual(403, self.service.call(
                'POST', '/v2/images', body).status_int, body)
        for value in (None, 5, ['']):
            self.assertIn(self.service.call(
                'POST', '/v2/images', {TO_DO: value}).status_int, (400, 403))
