"""Stores come out of both forms of configuration."""

import importlib
import os
import sys
from unittest import mock

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import exceptions
from glance.conf import CONF
from glance.conf import errors
from glance.conf import store as store_conf
from glance.store import backends
from glance.store.drivers.file import filesystem
from glance.store import options

MULTI = """
[DEFAULT]
enabled_backends = fast:file, cold:file, web:http
[glance_store]
default_backend = fast
[fast]
filesystem_store_datadir = %(root)s/fast
store_description = Small and quick
weight = 10
[cold]
filesystem_store_datadirs = %(root)s/cold1:2
filesystem_store_datadirs = %(root)s/cold2:1
[os_glance_staging_store]
filesystem_store_datadir = %(root)s/staging
[os_glance_tasks_store]
filesystem_store_datadir = %(root)s/tasks
"""

SINGLE = """
[DEFAULT]
node_staging_uri = file://%(root)s/staging
[glance_store]
stores = file,http
default_store = file
filesystem_store_datadir = %(root)s/images
[os_glance_tasks_store]
filesystem_store_datadir = %(root)s/tasks
"""


class RegistryTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.root = self.useFixture(fixtures.TempDir()).path
        self.useFixture(config_fixture.Config(CONF))

    def load(self, text, *replaced):
        for old, new in replaced:
            text = text.replace(old, new)
        path = os.path.join(self.root, 'glance.conf')
        with open(path, 'w') as target:
            target.write(text % {'root': self.root})
        CONF(['--config-file', path], project='glance')
        self.addCleanup(CONF.clear_default, 'filesystem_store_datadir',
                        group=store_conf.STAGING_STORE)
        return backends.load(CONF)

    def test_several_stores_come_with_their_options(self):
        stores = self.load(MULTI)
        self.assertTrue(stores.multi)
        self.assertEqual(['fast', 'cold', 'web'], [s.id for s in stores])
        self.assertEqual(['file', 'file', 'http'], [s.type for s in stores])
        self.assertEqual('fast', stores.default.id)
        self.assertEqual('Small and quick', stores.default.description)
        self.assertEqual(10, stores.default.weight)
        self.assertTrue(stores.get('web').read_only)
        self.assertFalse(stores.get('cold').read_only)

    def test_options_that_stores_share(self):
        shared = '[backend_defaults]\nfilesystem_store_file_perm = %s\n[fast]'
        self.load(MULTI, ('[fast]', shared % '640'),
                  ('weight = 10', 'filesystem_store_file_perm = 600'))
        self.assertEqual(
            [0o600, 0o640], [store._mode for store in backends.load(CONF)
                             if store.type == 'file'])
        values = options.values(CONF, 'cold', filesystem.Driver)
        self.assertEqual(64 << 10, values.filesystem_store_chunk_size)
        self.assertRaises(RuntimeError, self.load, MULTI,
                          ('[fast]', shared % '9'))

    def test_options_of_a_store_that_do_nothing(self):
        self.load(MULTI, ('weight = 10', 'filesystem_store_timeout = 5'))
        opt = CONF._groups['fast']._opts['filesystem_store_timeout']['opt']
        self.assertTrue(opt.deprecated_for_removal)

    def test_loading_twice(self):
        self.load(MULTI)
        self.assertEqual(3, len(list(self.load(MULTI))))

    def test_reserved_stores_are_internal(self):
        stores = self.load(MULTI)
        for store_id in store_conf.RESERVED_STORES:
            self.assertRaises(exceptions.BadRequest, stores.get, store_id)
            self.assertEqual(store_id, stores.internal(store_id).id)
            self.assertEqual(store_id, stores.by_id(store_id).id)
        self.assertTrue(os.path.isdir(self.root + '/staging'))

    def test_reserved_ids_cannot_be_configured(self):
        error = self.assertRaises(
            RuntimeError, self.load, MULTI,
            ('web:http', 'os_glance_mine:http'))
        self.assertIn('os_glance_mine', str(error))

    def test_default_must_be_one_of_them(self):
        for value in ('', 'default_backend = none'):
            self.assertRaises(RuntimeError, self.load, MULTI,
                              ('default_backend = fast', value))

    def test_unknown_type(self):
        error = self.assertRaises(RuntimeError, self.load, MULTI,
                                  ('web:http', 'web:nonsense'))
        self.assertIn('nonsense', str(error))

    def test_unknown_algorithm(self):
        for name in ('md6', 'shake_128'):
            self.assertRaises(RuntimeError, self.load, MULTI,
                              ('[DEFAULT]', '[DEFAULT]\n'
                               'hashing_algorithm = ' + name))

    def test_by_url_and_by_location(self):
        stores = self.load(MULTI)
        for url, expected in [
                ('file://%s/cold2/x' % self.root, 'cold'),
                ('file://%s/fast/x' % self.root, 'fast'),
                ('file:///elsewhere/x', 'fast'),
                ('https://host/x', 'web'), ('HTTP://host/x', 'web')]:
            self.assertEqual(expected, stores.by_url(url).id)
        self.assertRaises(exceptions.BadRequest, stores.by_url, 'rbd://x')
        for metadata, expected in [
                ({'store': 'cold'}, 'cold'), ({'backend': 'cold'}, 'cold'),
                ({'store': 'gone'}, 'fast'), ({}, 'fast'), (None, 'fast')]:
            location = {'url': 'file:///elsewhere/x', 'metadata': metadata}
            self.assertEqual(expected, stores.by_location(location).id)
            # The URL knows better.
            location['url'] = 'file://%s/cold2/x' % self.root
            self.assertEqual('cold', stores.by_location(location).id)

    def test_a_store_that_metadata_names_wrongly(self):
        """Users can change it."""
        stores = self.load(MULTI)
        for wrong in (5, None, True, [1], {'a': 'b'}, '', 'x' * 300, 1.5,
                      store_conf.STAGING_STORE):
            for name in ('store', 'backend'):
                location = {'url': 'file://%s/cold2/x' % self.root,
                            'metadata': {name: wrong}}
                self.assertEqual('cold', stores.by_location(location).id)
                self.assertEqual([location], stores.by_weight([location]))

    def test_former_locations(self):
        text = '[DEFAULT]\nformer_locations = %s'
        stores = self.load(MULTI, ('[DEFAULT]', text % 'cold=file:///old/'))
        self.assertEqual(('file:///old/',), stores.get('cold').former)
        self.assertEqual('cold', stores.by_url('file:///old/x').id)
        self.assertEqual((), stores.get('fast').former)
        for wrong in ('gone=file:///old/', 'file:///old/', 'cold=/old/',
                      'cold=file:///old', 'cold=http://old/', 'cold='):
            self.assertRaises(RuntimeError, self.load, MULTI,
                              ('[DEFAULT]', text % wrong))

    def test_former_locations_of_names_after_a_colon(self):
        self.useFixture(fixtures.MockPatch('shutil.which'))
        new = ('web:http', 'web:http, dogs:sheepdog')
        text = '[DEFAULT]\nformer_locations = dogs=sheepdog://10.0.0.5:7000'
        stores = self.load(MULTI, new, ('[DEFAULT]', text + ':'))
        self.assertEqual('dogs', stores.by_url(
            'sheepdog://10.0.0.5:7000:x').id)
        for wrong in '', '/':
            self.assertRaises(RuntimeError, self.load, MULTI, new,
                              ('[DEFAULT]', text + wrong))

    def test_by_weight(self):
        stores = self.load(MULTI)
        locations = [{'url': 'rbd://x', 'metadata': {}},
                     {'url': 'x', 'metadata': {'store': 'cold'}},
                     {'url': 'x', 'metadata': {'store': 'web'}},
                     {'url': 'x', 'metadata': {'store': 'fast'}}]
        ordered = [locations[number] for number in (3, 1, 2, 0)]
        self.assertEqual(ordered, stores.by_weight(locations))

    def test_the_older_form_names_stores_by_type(self):
        stores = self.load(SINGLE)
        self.assertFalse(stores.multi)
        self.assertEqual(['file', 'http'], [s.id for s in stores])
        self.assertEqual('file', stores.default.id)
        self.assertEqual({}, stores.default.metadata)
        staging = stores.internal(store_conf.STAGING_STORE)
        self.assertTrue(staging.owns('file://%s/staging/x' % self.root))

    def test_single_goes_on_without_a_broken_store(self):
        stores = self.load(SINGLE, ('file,http', 'file,nonsense'))
        self.assertEqual(['file'], [store.id for store in stores])

    def test_single_needs_its_default(self):
        self.assertRaises(RuntimeError, self.load, SINGLE,
                          ('default_store = file', 'default_store = rbd'))


class TestMissing(base.BaseTestCase):
    """A store whose library is not installed: what is said, and done."""

    def setUp(self):
        super().setUp()
        self.conf = self.useFixture(config_fixture.Config(CONF))
        self.log = self.useFixture(fixtures.FakeLogger())
        folder = self.useFixture(fixtures.TempDir()).path
        options.register_native(CONF, 'here', filesystem.Driver)
        for group in ('here', *store_conf.RESERVED_STORES):
            self.conf.config(group=group, filesystem_store_datadir=folder)

    def load(self, kind):
        self.conf.config(enabled_backends={'mine': kind, 'here': 'file'})
        self.conf.config(group='glance_store', default_backend='mine')
        return backends.load(CONF)

    def refused(self, kind):
        """:returns: what is said of it"""
        store = self.load(kind).get('mine')
        self.assertRaises(exceptions.StoreUnavailable, store.check)
        self.assertIn('Store mine cannot be used: ' + store.problem,
                      self.log.output)
        return store.problem

    def without(self, module):
        return mock.patch.object(
            backends, '_adapter',
            side_effect=ImportError('No module named ' + module))

    def test_others_are_served(self):
        with self.without('boto3'):
            stores = self.load('s3')
        stores.get('here').check()
        store = stores.default
        self.assertEqual({'problem': store.problem}, store.details())
        location = {'url': 's3://host/bucket/name',
                    'metadata': {'store': 'mine'}}
        self.assertIs(store, stores.by_location(location))
        self.assertIs(store, stores.by_url(location['url']))
        for call in (lambda: store.write('i', 'a', None),
                     lambda: store.open(location['url']),
                     lambda: store.size(location['url']),
                     lambda: store.delete(location['url']),
                     lambda: store.discard('i', 'a'),
                     lambda: store.place(location['url'])):
            self.assertRaises(exceptions.StoreUnavailable, call)
        self.assertFalse(store.owns(location['url']))

    def test_the_only_one(self):
        self.conf.config(group='glance_store', stores=['rbd'],
                         default_store='rbd')
        with self.without('rbd'):
            store = backends.load(CONF).default
        self.assertIn('python3-rbd', store.problem)

    def test_a_kind_that_there_is_not(self):
        self.assertRaisesRegex(errors.ConfigurationError,
                               'there is no store type flie, but .*file',
                               self.load, 'flie')

    def test_how_to_get_it(self):
        for kind, module in (('s3', 'boto3'), ('swift', 'swiftclient'),
                             ('cinder', 'cinderclient')):
            with mock.patch.object(
                    backends, '_adapter',
                    side_effect=ImportError('No module named ' + module)):
                told = self.refused(kind)
            self.assertIn('pip install glance[%s]' % kind, told)
            self.assertNotIn(module, told)

    def test_a_missing_program_is_named(self):
        self.useFixture(fixtures.EnvironmentVariable('PATH', '/nowhere'))
        told = self.refused('sheepdog')
        self.assertIn('needs the program dog, which is not installed; it '
                      'comes with Sheepdog', told)
        self.assertNotIn('\n', told)

    def test_library_of_a_driver_of_ours(self):
        """It is loaded when a store needs it."""
        package = importlib.import_module('glance.store.drivers.gridfs')
        with mock.patch.dict(sys.modules, pymongo=None):
            for name in ('gridfs_client', 'gridfs_files'):
                sys.modules.pop('glance.store.drivers.gridfs.' + name, None)
                if hasattr(package, name):
                    self.addCleanup(setattr, package, name,
                                    getattr(package, name))
                    delattr(package, name)
            self.assertEqual(
                'the type gridfs needs libraries that are not installed; '
                'pip install glance[gridfs] installs them',
                self.refused('gridfs'))
            self.assertEqual(2, len(backends.declared('gridfs')))
