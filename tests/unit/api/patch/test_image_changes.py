"""Tests of what a PATCH asks of the registry."""

from oslotest import base

from glance.api.patch import image_changes
from glance.api.patch import patch_body
from glance.common import context
from glance.common import exceptions
from tests.fixtures import fake_registry


class TestChanges(base.BaseTestCase):

    def build(self, *operations, strict=False, is_admin=False, **image):
        image.setdefault('properties', {'old': '1'})
        return image_changes.build(
            context.RequestContext(project_id='p1', is_admin=is_admin),
            fake_registry.make_image('i', **image),
            [patch_body.Operation(verb, name, value, strict)
             for verb, name, value in operations])

    def parts(self, *operations, **kwargs):
        change = self.build(*operations, **kwargs)
        return tuple(change[name] for name in (
            'set_properties', 'remove_properties', 'must_exist',
            'must_not_exist'))

    def test_only_what_was_named_is_changed(self):
        change = self.build(('replace', 'name', 'n'), ('add', 'min_ram', 5))
        self.assertEqual({'name': 'n', 'min_ram': 5}, change['attributes'])
        self.assertNotIn('tags', change)
        self.assertNotIn('if_status', change)

    def test_new_tags_are_sorted_and_each_is_once(self):
        change = self.build(('replace', 'tags', ['b', 'a', 'b']))
        self.assertEqual(['a', 'b'], change['tags'])
        self.assertEqual({}, change['attributes'])

    def test_adding_sets_new_and_old_properties(self):
        self.assertEqual(({'new': 'x', 'old': 'y'}, [], [], []), self.parts(
            ('add', 'new', 'x'), ('add', 'old', 'y')))

    def test_strict_add(self):
        self.assertEqual(({'new': 'x'}, [], [], ['new']),
                         self.parts(('add', 'new', 'x'), strict=True))
        for name in ('old', 'name', 'tags'):
            self.assertRaises(exceptions.Conflict, self.build,
                              ('add', name, 'x'), strict=True)

    def test_replace_and_remove_need_the_property(self):
        self.assertEqual(({'old': 'x'}, [], ['old'], []),
                         self.parts(('replace', 'old', 'x')))
        self.assertEqual(({}, ['old'], ['old'], []),
                         self.parts(('remove', 'old', None)))
        for verb in ('replace', 'remove'):
            self.assertRaises(exceptions.Conflict, self.build,
                              (verb, 'new', 'x'))

    def test_operations_see_the_ones_before(self):
        self.assertEqual(({'new': 'y'}, [], [], []), self.parts(
            ('add', 'new', 'x'), ('replace', 'new', 'y')))
        self.assertEqual(({}, [], [], []), self.parts(
            ('add', 'new', 'x'), ('remove', 'new', None)))
        self.assertEqual(({'old': 'z'}, [], ['old'], []), self.parts(
            ('remove', 'old', None), ('add', 'old', 'z'), strict=True))
        self.assertEqual(({}, ['old'], ['old'], []), self.parts(
            ('replace', 'old', 'x'), ('remove', 'old', None)))
        self.assertRaises(exceptions.Conflict, self.build,
                          ('remove', 'old', None), ('remove', 'old', None))

    def test_notes_of_imports_are_given_back(self):
        name = 'os_glance_failed_import'
        for properties, value in (({name: 'a'}, 'a'), ({name: ''}, ''),
                                  ({name: None}, ''), ({}, '')):
            for verb in ('add', 'replace'):
                for strict in (False, True):
                    self.assertEqual(({}, [], [], []), self.parts(
                        (verb, name, value), properties=properties,
                        strict=strict))
        for properties, value in (({name: 'a'}, ''), ({name: 'a'}, 'b'),
                                  ({}, 'a')):
            self.assertRaises(exceptions.Forbidden, self.build,
                              ('add', name, value), properties=properties)

    def test_owner_is_for_administrators(self):
        for verb in ('add', 'replace'):
            self.assertRaises(exceptions.Forbidden, self.build,
                              (verb, 'owner', 'p2'))
            change = self.build((verb, 'owner', 'p2'), is_admin=True)
            self.assertEqual({'owner': 'p2'}, change['attributes'])

    def test_formats_only_before_the_data(self):
        for name in ('disk_format', 'container_format'):
            for status in ('queued', 'importing'):
                change = self.build(('replace', name, 'ami'), status=status)
                self.assertEqual(['queued', 'importing'], change['if_status'])
            for status in ('saving', 'active', 'uploading', 'deactivated',
                           'killed'):
                self.assertRaises(exceptions.Forbidden, self.build,
                                  ('replace', name, 'ami'), status=status)
