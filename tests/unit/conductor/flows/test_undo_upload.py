"""An upload is undone, also where its store is not there any more."""

import types

from oslotest import base

from glance.common import exceptions
from glance.conductor.flows import undo_upload
from glance.conductor import job as jobs

UNIT = {'id': 'u', 'kind': 'upload', 'attempt': 2, 'image_id': 'i',
        'input': {'store': 'old'}}


class TestUndoUpload(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.told, self.store = [], None
        self.registry = types.SimpleNamespace(
            uploads=types.SimpleNamespace(fail=self.note('fail')),
            imports=types.SimpleNamespace(
                discard_later=self.note('later')))

    def note(self, what):
        return lambda ctxt, *args, **more: self.told.append(
            (what, *args, *more.values()))

    def by_id(self, store_id):
        self.assertEqual('old', store_id)
        if self.store is None:
            raise exceptions.BadRequest('There is no such store')
        return self.store

    def undo(self, **more):
        undo_upload.run(jobs.Job(
            None, self.registry, types.SimpleNamespace(by_id=self.by_id),
            dict(UNIT, **more)))

    def test_data_is_discarded_and_the_upload_fails(self):
        self.store = types.SimpleNamespace(
            discard=lambda *args: self.told.append(args))
        self.undo(progress={'url': 'file:///x', 'reason': 'no'})
        self.assertEqual([('i', 'u', 'file:///x'),
                          ('fail', 'i', 'u', 2, 'no', True)], self.told)

    def test_whether_data_had_come(self):
        for size, progress, received in (
                (None, None, True), (5, None, True), (0, None, False),
                (5, {'received': False}, False)):
            self.undo(progress=progress,
                      input={'store': 'old', 'size': size})
            self.assertIs(received, self.told[-1][-1])

    def test_the_store_is_not_configured_any_more(self):
        self.undo()
        later, fail = self.told
        self.assertEqual(('later', 'u', 2, 'i', 'old', ['u']), later)
        self.assertEqual(('fail', 'i', 'u', 2), fail[:4])

    def test_the_reason_that_was_noted_is_told(self):
        for progress, reason in (({'reason': 'no'}, 'no'), (None, 'died'),
                                 ({}, 'died'), ({'url': 'x'}, 'died')):
            self.undo(progress=progress)
            self.assertIn(reason, self.told[-1][4])

    def test_without_the_url_of_what_is_left(self):
        self.store = types.SimpleNamespace(
            discard=lambda *args: self.told.append(args))
        self.undo()
        self.assertEqual(('i', 'u', None), self.told[0])
