"""How much there is is looked at before each of it is."""

from unittest import mock

import fixtures

from glance.api.checks import location_urls
from glance.api.patch import image_changes
from glance.api.patch import location_changes
from glance.api.patch import location_operations
from glance.api.patch import patch_body
from glance.api.schemas import metadef_requests
from glance.api.schemas import validation
from glance.api import task_types
from glance.api.v2 import images
from glance.common import exceptions
from tests.fixtures import fake_registry
from tests.unit.api.v2 import base

_MANY = 50000
_A_FEW = 2000
_DEFINITION = {'title': 't', 'type': 'string'}


def _named(makes=None):
    return {'n%d' % number: makes or 'v' for number in range(_MANY)}


def _listed(makes=str):
    return [makes(number) for number in range(_MANY)]


def _size(value):
    """How many values a schema would look at."""
    count, waiting = 0, [value]
    while waiting:
        item = waiting.pop()
        count += 1
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return count


class TestCase(base.TestCase):

    def setUp(self):
        super().setUp()
        self.seen = seen = []
        real = validation.Validator.check

        def check(validator, value, *args, **kwargs):
            seen.append(_size(value))
            return real(validator, value, *args, **kwargs)
        patcher = mock.patch.object(validation.Validator, 'check', check)
        patcher.start()
        self.addCleanup(patcher.stop)

    def assert_cheap(self):
        self.assertLess(sum(self.seen), _A_FEW)
        self.seen.clear()


class TestImages(TestCase):

    def refused(self, body):
        self.assertRaises(exceptions.LimitExceeded, images.prepare,
                          base.caller(), body)
        self.assert_cheap()

    def test_too_many_properties_are_refused_unread(self):
        self.refused(_named())
        self.refused(dict(_named(), min_disk='x'))

    def test_too_many_tags_are_refused_unread(self):
        self.refused({'tags': _listed()})
        self.refused({'tags': _listed() + [1, {}]})

    def test_without_a_limit(self):
        self.conf.config(image_property_quota=-1, image_tag_quota=-1)
        made = images.prepare(base.caller(), dict(_named(), tags=_listed()))
        self.assertEqual((_MANY, _MANY),
                         (len(made['properties']), len(made['tags'])))
        self.assert_cheap()

    def test_one_tag_many_times(self):
        made = images.prepare(base.caller(), {'tags': ['a'] * _MANY})
        self.assertEqual(['a'], made['tags'])
        self.assert_cheap()

    def test_where_the_error_is(self):
        """It is named as it would be by the schema of all."""
        for body, place in (({'tags': ['a', 1]}, 'tags.1: 1 is not of'),
                            ({'tags': ['a', 'b' * 256]}, 'tags.1: '),
                            ({'tags': 'a'}, 'tags: '),
                            ({'a': 'b', 'c': 1}, 'c: 1 is not of type'),
                            ({'min_disk': -1}, 'min_disk: ')):
            error = self.assertRaises(exceptions.BadRequest, images.prepare,
                                      base.caller(), body)
            self.assertIn('The image is not valid at ' + place, error.message)

    def test_what_is_no_property_does_not_count(self):
        body = {'p%d' % number: 'v' for number in range(128)}
        images.prepare(base.caller(), dict(body, name='x', tags=['a']))
        for name in ('status', 'deleted', 'locations', 'os_glance_x'):
            self.assertRaises(exceptions.Forbidden, images.prepare,
                              base.caller(), {**body, name: 'x'})
        self.refused(dict(body, more='x'))

    def test_too_many_properties_of_tasks_are_refused(self):
        self.useFixture(fixtures.MonkeyPatch('glance.common.uris.check',
                                             lambda *args: None))
        self.assertRaises(
            exceptions.LimitExceeded, task_types.build, base.caller(),
            {'type': 'import', 'input': {
                'import_from': 'http://host/x', 'import_from_format': 'raw',
                'image_properties': _named()}})


class TestPatch(TestCase):

    def change(self, tags, before=()):
        image = dict(fake_registry.make_image(base.IMAGE), tags=[*before])
        return image_changes.build(base.caller(), image, [
            patch_body.Operation('replace', 'tags', tags, False)])

    def test_tags_beyond_the_limit_may_only_shrink(self):
        self.assertRaises(exceptions.LimitExceeded, self.change, _listed())
        before = [str(number) for number in range(200)]
        self.assertEqual(sorted(before[1:]),
                         self.change(before[1:], before)['tags'])
        self.assertRaises(exceptions.LimitExceeded, self.change,
                          before[1:] + ['x'], before)

    def test_too_many_locations_are_refused_unread(self):
        """None of them is looked for in its store."""
        image = fake_registry.make_image(base.IMAGE)
        self.conf.config(show_multiple_locations=True)
        location = {'metadata': {}}
        for operations in (
                [('replace', ['locations'],
                  [dict(location, url='http://host/%d' % number)
                   for number in range(11)])],
                [('add', ['locations', '-'],
                  dict(location, url='http://host/%d' % number))
                 for number in range(11)]):
            given = [location_operations.operation(verb, steps,
                                                   {'value': value})
                     for verb, steps, value in operations]
            with mock.patch.object(location_urls, 'find_store',
                                   autospec=True) as find:
                self.assertRaises(
                    exceptions.LimitExceeded, location_changes.build,
                    base.caller(), dict(image, status='queued',
                                        locations=[]), given)
                self.assertFalse(find.called)


class TestMetadefs(TestCase):

    def refused(self, form, body, error=exceptions.LimitExceeded):
        self.assertRaises(error, form, body)
        self.assert_cheap()

    def test_too_large_namespaces_are_refused_unread(self):
        for part in ('objects', 'tags', 'resource_type_associations'):
            self.refused(metadef_requests.namespace, {
                'namespace': 'n',
                part: _listed(lambda number: {'name': str(number)})})
        self.refused(metadef_requests.namespace, {
            'namespace': 'n', 'properties': _named(_DEFINITION)})
        for part in ({'properties': _named(_DEFINITION)},
                     {'required': _listed()}):
            self.refused(metadef_requests.namespace,
                         {'namespace': 'n', 'objects': [dict(part, name='o')]},
                         exceptions.BadRequest)

    def test_too_many_tags_are_refused_unread(self):
        self.refused(metadef_requests.tags, {
            'tags': _listed(lambda number: {'name': str(number)})})

    def test_too_large_objects_are_refused_unread(self):
        for part in ({'properties': _named(_DEFINITION)},
                     {'required': _listed()}):
            self.refused(metadef_requests.object_, dict(part, name='o'),
                         exceptions.BadRequest)

    def test_too_long_lists_in_properties_are_refused(self):
        for name in ('operators', 'required'):
            self.refused(metadef_requests.property_, {
                'name': 'p', name: _listed(), **_DEFINITION},
                exceptions.BadRequest)

    def test_other_shapes(self):
        for form in (metadef_requests.namespace, metadef_requests.tags,
                     metadef_requests.object_, metadef_requests.property_):
            for body in ([], 'x', 1, None, {'tags': 1}, {'objects': 'x'},
                         {'objects': [1]}, {'properties': 1},
                         {'required': 1, 'operators': {}}):
                self.assertRaises(exceptions.BadRequest, form, body)
