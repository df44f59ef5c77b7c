"""What is removed of locations, and what is left alone."""

import types
from unittest import mock

import fixtures
from oslotest import base

from glance.common import exceptions
from glance.conductor.flows import delete_data
from glance.conductor.flows import delete_location
from tests.unit.store import offline

IMAGE = '6ba7b810-9dad-41d1-80b4-00c04fd430c8'
URL = 's3+https://s3.host:9000/images/' + IMAGE
OLD = 's3://key:secret@s3.host:9000/images/' + IMAGE
UNKNOWN = 's3+https://s3.host:9000/images-backup/' + IMAGE


class TestRemoval(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.stores = self.useFixture(offline.Stores('s3', 'file')).all
        self.store, self.deleted = self.stores.get('s3'), []
        self.patch(self.store, 'delete', self.delete)
        self.log = self.useFixture(fixtures.FakeLogger())
        self.registry = mock.Mock()
        self.locations = []
        self.registry.images.get.side_effect = self.image

    def delete(self, url):
        self.store.place(url)
        self.deleted.append(url)

    def image(self, ctxt, image_id):
        if self.locations is None:
            raise exceptions.NotFound()
        return {'locations': [
            {'id': number, 'url': url, 'metadata': {},
             'status': 'active' if number else 'pending_delete'}
            for number, url in enumerate([URL, *self.locations])]}

    def run_(self, flow, url=URL, **input):
        self.run_job(flow, dict({'url': url, 'metadata': {}, 'location': 1},
                                **input))

    def run_job(self, flow, input):
        lease = types.SimpleNamespace(
            do=lambda fn, *args, **kwargs: fn(*args, **kwargs))
        flow.run(types.SimpleNamespace(
            ctxt=None, registry=self.registry, stores=self.stores, id='w',
            number=1, image_id=IMAGE, lease=lease, input=input,
            location=input))

    def test_ended_in_any_case(self):
        for url, expected in ((URL, [URL]), (UNKNOWN, [])):
            self.run_(delete_data, url)
            self.assertEqual(expected, self.deleted)
            self.registry.work.data_deleted.assert_called_once_with(
                None, 'w', 1, IMAGE)
            self.registry.reset_mock()
            del self.deleted[:]

    def test_what_no_store_has_made(self):
        """One error names the image and the location, and not the URL."""
        self.run_(delete_location, UNKNOWN, shared=False)
        self.assertEqual([], self.deleted)
        self.registry.locations.finish_delete.assert_called_once()
        [line] = [one for one in self.log.output.splitlines()
                  if 'Location' in one]
        self.assertIn('Location 1 of image ' + IMAGE, line)
        self.assertNotIn('backup', line)

    def test_work_of_an_older_release(self):
        self.run_job(delete_data, {'url': UNKNOWN, 'metadata': {}})
        self.assertEqual([], self.deleted)

    def test_the_same_by_another_name(self):
        """The image stays, and so does what another location names."""
        for others, expected in (
                ([], [URL]), ([OLD], []), ([UNKNOWN], []),
                (['file:///x', URL + '-x'], [URL]), (None, [URL])):
            self.locations = others
            self.run_(delete_data, stays=True)
            self.assertEqual(expected, self.deleted)
            del self.deleted[:]

    def test_image_that_goes(self):
        self.run_(delete_data)
        self.assertEqual([URL], self.deleted)
        self.registry.images.get.assert_not_called()
