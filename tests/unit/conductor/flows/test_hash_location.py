"""Data is hashed, again later where it cannot be read, and not for ever."""

import logging
import types
from unittest import mock

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import context
from glance.common import exceptions
from glance.conductor import claims
from glance.conductor.flows import hash_location
from glance.conductor import job as jobs
from glance.conf import CONF

URL = 'http://host/a'


class Reader:

    length = 6

    def __iter__(self):
        yield b'abc'
        yield b'def'

    def close(self):
        pass


class TestHashLocation(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        conf = self.useFixture(config_fixture.Config(CONF))
        conf.config(http_retries=2)
        conf.config(group='work', retry_interval=10)
        self.registry, self.store = mock.Mock(), mock.Mock()
        self.registry.images.get.return_value = {
            'os_hash_algo': 'sha256', 'locations': [
                {'id': 1, 'url': URL, 'status': 'verifying'}]}
        self.registry.work.advance.return_value = {
            'cancelled': False, 'gone': False}
        self.store.open.side_effect = lambda url: Reader()
        self.stores = types.SimpleNamespace(
            by_location=mock.Mock(return_value=self.store))

    def job(self, tries=0):
        return jobs.Job(context.internal(), self.registry, self.stores, {
            'id': 'w', 'kind': 'hash_location', 'attempt': 7,
            'image_id': 'i', 'input': {'url': URL, 'metadata': {}},
            'progress': tries and {'next': 'hash', 'tries': tries}})

    def hashed(self):
        """:returns: what the registry was told of the data"""
        arguments = self.registry.locations.hashed.call_args.args
        self.assertEqual(('i', 'w', 7, URL), arguments[1:5])
        return arguments[5]

    def handed_back(self):
        """:returns: tries, and the pause"""
        self.registry.locations.hashed.assert_not_called()
        arguments = self.registry.work.hand_back.call_args.args
        return arguments[3]['tries'], arguments[5]

    def test_hashes_are_told_to_the_registry(self):
        hash_location.run(self.job())
        self.assertEqual(6, self.hashed()['size'])
        self.registry.work.hand_back.assert_not_called()

    def test_what_is_noted_has_the_name_that_other_releases_know(self):
        job = self.job()
        hash_location.run(job)
        self.assertEqual('hash', job.next)

    def test_data_of_no_store_is_tried_again_later(self):
        for error in (exceptions.StoreUnavailable(),
                      exceptions.BadRequest('No such store')):
            self.stores.by_location.side_effect = error
            for tries, pause in ((0, 10), (1, 20)):
                hash_location.run(self.job(tries))
                self.assertEqual((tries + 1, pause), self.handed_back())

    def test_not_for_ever(self):
        self.store.open.side_effect = exceptions.StoreUnavailable()
        hash_location.run(self.job(2))
        self.assertIsNone(self.hashed())

    def test_no_data(self):
        self.store.open.side_effect = exceptions.NotFound()
        hash_location.run(self.job())
        self.assertIsNone(self.hashed())

    def test_registry_away(self):
        """That says nothing of the data."""
        self.registry.images.get.side_effect = (
            exceptions.RegistryUnavailable())
        self.assertRaises(exceptions.RegistryUnavailable,
                          hash_location.run, self.job(2))
        self.registry.locations.hashed.assert_not_called()

    def test_deleted_before(self):
        log = self.useFixture(fixtures.FakeLogger(level=logging.WARNING))
        self.registry.images.get.side_effect = exceptions.ImageNotFound(
            image_id='i')
        hash_location.run(self.job())
        self.assertIsNone(self.hashed())
        self.assertEqual('', log.output)

    def test_deleted_while_it_is_read(self):
        log = self.useFixture(fixtures.FakeLogger(level=logging.WARNING))
        image = self.registry.images.get.return_value
        for error in (exceptions.NotFound(), exceptions.StoreUnavailable()):
            self.registry.images.get.side_effect = [
                image, exceptions.ImageNotFound(image_id='i')]
            self.store.open.side_effect = error
            hash_location.run(self.job())
            self.assertIsNone(self.hashed())
            self.registry.work.hand_back.assert_not_called()
        self.assertEqual('', log.output)

    def test_deleted_meanwhile(self):
        log = self.useFixture(fixtures.FakeLogger(level=logging.WARNING))
        job = self.job()
        self.registry.work.advance.return_value['gone'] = True

        def open_(url):
            job.lease.renew()
            return Reader()
        self.store.open.side_effect = open_
        hash_location.run(job)
        self.assertIsNone(self.hashed())
        self.assertEqual('', log.output)

    def test_handed_over(self):
        job = self.job()
        job.stop(claims.Draining())
        self.assertRaises(claims.Draining, hash_location.run, job)
        self.registry.locations.hashed.assert_not_called()

    def test_what_is_told_of_the_data(self):
        job = self.job()
        hash_location.run(job)
        data = self.hashed()
        self.assertEqual('sha256', data['os_hash_algo'])
        self.assertEqual(6, job.done)
        # It tells of its progress, and hears that the image is gone.
        self.assertIsNotNone(job.next)
        self.registry.images.get.return_value['os_hash_algo'] = None
        hash_location.run(job)
        self.assertEqual(CONF.hashing_algorithm, self.hashed_again())

    def hashed_again(self):
        return (self.registry.locations.hashed.call_args.args[5]
                ['os_hash_algo'])

    def test_what_operators_are_told(self):
        for error, is_recorded, level, text in (
                (exceptions.NotFound(), True, 'WARNING', 'not hashed'),
                (exceptions.NotFound(), False, 'INFO', 'not hashed'),
                (exceptions.BadLocation(), True, 'WARNING', 'not hashed'),
                (exceptions.StoreUnavailable(), True, 'WARNING',
                 '2 tries are left')):
            log = self.useFixture(fixtures.FakeLogger(
                level=logging.INFO, format='%(levelname)s %(message)s'))
            self.registry.images.get.return_value['locations'][0][
                'url'] = URL if is_recorded else 'other'
            self.store.open.side_effect = error
            hash_location.run(self.job())
            self.assertIn(text, log.output)
            self.assertTrue(log.output.startswith(level), log.output)
