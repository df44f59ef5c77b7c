"""Who tells a store last knows the last state, whoever was quicker."""

import types

from oslotest import base

from glance.common import exceptions
from glance.conductor.flows import set_readers
from glance.conductor import job as jobs

UNIT = {'id': 'u', 'kind': 'set_readers', 'attempt': 3, 'image_id': 'i',
        'input': {}}


class TestSetReaders(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.image = {'visibility': 'shared', 'owner': 'o', 'locations': [
            {'url': 'a', 'metadata': {}}, {'url': 'b', 'metadata': {}}]}
        self.members, self.told, self.finished = ['m'], [], []
        self.meanwhile = self.error = None
        self.registry = types.SimpleNamespace(
            images=types.SimpleNamespace(get=self._get),
            members=types.SimpleNamespace(list=self._list),
            work=types.SimpleNamespace(
                finish=lambda *args: self.finished.append(args)))
        self.stores = types.SimpleNamespace(by_location=lambda location: (
            types.SimpleNamespace(has_readers=location['url'] == 'a',
                                  set_readers=self._set)))

    def _get(self, ctxt, image_id):
        if self.image is None:
            raise exceptions.ImageNotFound(image_id=image_id)
        return dict(self.image)

    def _list(self, ctxt, image_id):
        self.assertEqual('i', image_id)
        return [{'member_id': member} for member in self.members]

    def _set(self, url, projects):
        self.told.append((url, projects))
        if self.error is not None:
            raise self.error
        if self.meanwhile is not None:
            change, self.meanwhile = self.meanwhile, None
            change()

    def run_flow(self):
        set_readers.run(jobs.Job('ctxt', self.registry, self.stores, UNIT))
        self.assertEqual([('ctxt', 'u', 3)], self.finished)

    def test_changed_meanwhile(self):
        self.meanwhile = lambda: self.image.update(visibility='private')
        self.run_flow()
        self.assertEqual([('a', ['m', 'o']), ('a', ['o'])], self.told)

    def test_member_added_meanwhile(self):
        self.meanwhile = lambda: self.members.append('n')
        self.run_flow()
        self.assertEqual([('a', ['m', 'o']), ('a', ['m', 'n', 'o'])],
                         self.told)

    def test_nothing_is_told_of_an_absent_image(self):
        self.image = None
        self.run_flow()
        self.assertEqual([], self.told)

    def test_data_gone(self):
        self.error = exceptions.NotFound()
        self.run_flow()

    def test_store_away(self):
        """Whoever runs it puts it back, so another one tries again."""
        self.error = exceptions.StoreUnavailable()
        self.assertRaises(exceptions.StoreUnavailable, self.run_flow)
        self.assertEqual([], self.finished)

    def test_who_may_read(self):
        for visibility, owner, members, expected in (
                ('public', 'o', ['m'], None), ('community', 'o', [], None),
                ('private', 'o', ['m'], ['o']), ('private', None, [], []),
                ('shared', 'o', [], ['o']), ('shared', None, ['m'], ['m'])):
            self.finished.clear()
            self.told.clear()
            self.image.update(visibility=visibility, owner=owner)
            self.members = members
            self.run_flow()
            self.assertEqual([('a', expected)], self.told)

    def test_a_store_that_is_not_configured_any_more(self):
        by_location = self.stores.by_location

        def find(location):
            if location['url'] == 'b':
                raise exceptions.BadRequest()
            return by_location(location)
        self.stores.by_location = find
        self.image['locations'].reverse()
        self.run_flow()
        self.assertEqual(['a'], [url for url, _projects in self.told])

    def test_a_location_that_no_store_has_made(self):
        self.error = exceptions.BadLocation()
        self.run_flow()
