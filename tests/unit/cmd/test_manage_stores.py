"""What `glance-manage stores check` prints, and how it ends."""

import os

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base

from glance.cmd import manage_stores
from glance.conf import CONF
from glance.conf import errors
from glance.conf import store as store_conf
from glance.store.drivers.file import filesystem
from glance.store import options


class TestCheck(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.conf = self.useFixture(config_fixture.Config(CONF))
        self.root = self.useFixture(fixtures.TempDir()).path
        for name in ('one', 'two'):
            options.register_native(CONF, name, filesystem.Driver)
        for name in ('one', 'two', *store_conf.RESERVED_STORES):
            self.conf.config(group=name, filesystem_store_datadir=os.path.join(
                self.root, name))
        self.conf.config(enabled_backends={'one': 'file', 'two': 'file'})
        self.conf.config(group='glance_store', default_backend='one')
        self.out = self.useFixture(fixtures.StringStream('stdout')).stream
        self.useFixture(fixtures.MonkeyPatch('sys.stdout', self.out))

    def printed(self):
        self.out.seek(0)
        return self.out.read()

    def test_all_stores_are_tried(self):
        self.assertEqual(0, manage_stores.check())
        printed = self.printed()
        self.assertEqual(2, printed.count('delete'))
        self.assertIn('one (file)', printed)
        self.assertIn('two (file)', printed)

    def test_one_store_is_tried_alone(self):
        self.assertEqual(0, manage_stores.check('two', '5'))
        self.assertNotIn('one', self.printed())

    def test_what_is_wrong_is_told_with_what_to_do(self):
        self.useFixture(fixtures.MonkeyPatch(
            'glance.store.drivers.file.filesystem.os.access',
            lambda path, mode: not path.endswith('two')))
        self.assertEqual(1, manage_stores.check())
        printed = self.printed()
        self.assertIn('See that the server runs', printed)
        self.assertEqual(1, printed.count('delete'))
        self.assertNotIn(self.root, printed)

    def test_wrong_arguments_are_refused(self):
        for args in (('three', '60'), ('one', '0'), ('one', 'x')):
            self.assertRaises(errors.ConfigurationError, manage_stores.check,
                              *args)
