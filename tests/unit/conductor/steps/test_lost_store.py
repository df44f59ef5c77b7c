"""A store that was taken out of the configuration keeps no task from ending.
"""

import logging
from unittest import mock

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import context
from glance.common import exceptions
from glance.conductor import flow_runner
from glance.conductor import job as jobs
from glance.conductor.steps import export
from glance.conductor.steps import location
from glance.conductor.steps import store
from glance.conf import CONF


class TestLostStore(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.useFixture(config_fixture.Config(CONF))
        self.registry = mock.Mock()
        self.registry.work.advance.return_value = {
            'cancelled': False, 'gone': False}
        self.stores = mock.Mock(multi=True)
        error = exceptions.BadRequest('There is no such store')
        self.stores.by_id.side_effect = error
        self.stores.by_location.side_effect = error

    def run_flow(self, progress, steps=None, **given):
        flow_runner.run(
            jobs.Job(context.internal(), self.registry, self.stores, {
                'id': 'w', 'kind': 'api_image_import', 'attempt': 2,
                'input': dict({'stores': ['old']}, **given),
                'image_id': 'i', 'progress': progress, 'host': None}),
            steps or [store.Store('old'), store.CheckStored()])
        self.registry.work.hand_back.assert_not_called()

    def check_failed(self, reason):
        self.registry.tasks.fail.assert_called_once()
        self.assertIn(reason, self.registry.tasks.fail.call_args.args[3])

    def check_left_to_others(self):
        """They remove it when the store is there again."""
        arguments = self.registry.imports.discard_later.call_args.args
        self.assertEqual(('i', 'old', ['w-store-1', 'w-store-2']),
                         arguments[3:])

    def test_on_the_way(self):
        self.run_flow({'next': 'store:old'})
        self.check_failed('no such store')
        self.check_left_to_others()

    def test_on_the_way_to_several(self):
        self.run_flow({'next': 'store:old', 'state': {'stored': {'new': 'x'}}},
                      must_succeed=False)
        self.registry.tasks.finish.assert_called_once()
        self.registry.imports.fail_store.assert_called_once()
        self.check_left_to_others()

    def test_image_deleted_on_the_way(self):
        """That is nothing that the store has done."""
        log = self.useFixture(fixtures.FakeLogger(level=logging.WARNING))
        self.stores.by_id.side_effect = None
        self.registry.images.get.side_effect = exceptions.ImageNotFound(
            image_id='i')
        for kind in (store.Store, store.Copy, store.Clone):
            self.registry.tasks.fail.reset_mock()
            self.run_flow({'next': 'store:old'},
                          [kind('old'), store.CheckStored()],
                          must_succeed=False)
            self.check_failed('i')
        self.registry.imports.fail_store.assert_not_called()
        self.assertEqual('', log.output)

    def test_on_the_way_back(self):
        self.run_flow({'next': 'store:old', 'reason': 'cancelled'})
        self.check_failed('cancelled')
        self.check_left_to_others()

    def test_a_recorded_location_is_undone(self):
        self.run_flow({'next': 'store:old', 'reason': 'cancelled',
                       'state': {'stored': {'old': 'x'}}})
        self.check_failed('cancelled')
        self.registry.imports.undo_store.assert_called_once()

    def test_an_exported_object_is_discarded_later(self):
        step = export.ToStore()
        self.run_flow({'next': step.name, 'reason': 'cancelled'}, [step],
                      store='old')
        self.check_failed('cancelled')
        arguments = self.registry.imports.discard_later.call_args.args
        self.assertEqual(('w', 'old'), arguments[3:5])

    def test_a_look_at_a_location_is_undone(self):
        self.registry.locations.is_used.return_value = False
        self.run_flow({'next': 'look', 'reason': 'cancelled'},
                      [location.Look()], url='file:///x', metadata={})
        self.check_failed('cancelled')
