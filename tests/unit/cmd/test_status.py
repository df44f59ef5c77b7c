"""Whether an installation is ready: what is said of recorded locations."""

import os
from unittest import mock

import fixtures
from oslo_config import fixture as config_fixture
from oslo_upgradecheck import upgradecheck
from oslo_utils import timeutils
from oslotest import base

from glance.cmd import status
from glance.conf import CONF
from glance.db.connect import engine
from glance.db.images import locations
from glance.db import schema
from glance import policy
from glance.service import config_checks
from tests.fixtures import database

TEXT = """
[DEFAULT]
enabled_backends = fast:file, web:http
[glance_store]
default_backend = fast
[fast]
filesystem_store_datadir = %(root)s/fast
[web]
[os_glance_staging_store]
filesystem_store_datadir = %(root)s/staging
[os_glance_tasks_store]
filesystem_store_datadir = %(root)s/tasks
"""
IMAGE = '6ba7b810-9dad-41d1-80b4-00c04fd430c8'


class TestSheepdog(base.BaseTestCase):
    """The check has the name that scripts know; the driver is back."""

    def check(self, kind, **kwargs):
        config = self.useFixture(config_fixture.Config(CONF))
        config.config(enabled_backends={'mine': kind})
        with mock.patch('shutil.which', **kwargs):
            return status.Checks().sheepdog()

    def test_with_and_without_its_program(self):
        self.assertEqual(
            upgradecheck.Code.SUCCESS,
            self.check('sheepdog', return_value='/usr/bin/dog').code)
        result = self.check('sheepdog', return_value=None)
        self.assertEqual(upgradecheck.Code.FAILURE, result.code)
        self.assertIn('program dog', result.details)
        self.assertEqual(upgradecheck.Code.SUCCESS,
                         self.check('file', return_value=None).code)


class TestLocations(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.root = self.useFixture(fixtures.TempDir()).path
        self.useFixture(config_fixture.Config(CONF))
        path = os.path.join(self.root, 'glance.conf')
        with open(path, 'w') as file:
            file.write(TEXT % {'root': self.root})
        CONF(['--config-file', path], project='glance',
             default_config_dirs=[])
        self.useFixture(database.Database(None))

    def add(self, *urls):
        now = timeutils.utcnow()
        with engine.writer() as conn:
            conn.execute(schema.images.insert().values(
                id=IMAGE, status='active', visibility='shared', min_disk=0,
                min_ram=0, deleted=False, protected=False, os_hidden=False,
                created_at=now, updated_at=now))
            for url in urls:
                locations.create(conn, IMAGE, url, {})

    def check(self):
        return status.Checks().locations()

    def test_what_stores_can_read_is_fine(self):
        self.add('file://%s/fast/%s' % (self.root, IMAGE),
                 'http://93.184.216.34/x')
        self.assertEqual(upgradecheck.Code.SUCCESS, self.check().code)

    def test_what_no_store_has_made(self):
        self.add('file://%s/fast/%s' % (self.root, IMAGE), 'rbd://a/b/c/d',
                 'file://%s/old/x' % self.root,
                 'file://%s/fast/../x' % self.root)
        result = self.check()
        self.assertEqual(upgradecheck.Code.WARNING, result.code)
        self.assertIn('3 locations', result.details)
        self.assertIn('%s (2), %s (3)' % (IMAGE, IMAGE), result.details)
        self.assertNotIn('file://', result.details)

    def test_what_a_web_server_has(self):
        """Counted as far as an option keeps it from being read."""
        urls = ['http://%s/x' % host for host in (
            '8.8.8.8', '10.0.0.1:8080', '127.0.0.1', '169.254.169.254')]
        self.add(*urls, 'http://169.254.169.254/y', 'https://absent.invalid/')
        result = self.check()
        self.assertEqual(upgradecheck.Code.WARNING, result.code)
        self.assertIn('2 locations lead', result.details)
        self.assertIn('%s (4), %s (5).' % (IMAGE, IMAGE), result.details)
        self.assertNotIn('169', result.details)
        for kind, count in (('private', 3), ('public', 4)):
            CONF.set_override('http_readable_addresses', kind, group='web')
            self.assertIn('%d locations lead' % count, self.check().details)

    def test_both_kinds(self):
        self.add('rbd://a/b/c/d', 'http://169.254.169.254/y')
        details = self.check().details
        self.assertIn('1 locations are not', details)
        self.assertIn('1 locations lead', details)

    def test_what_an_earlier_configuration_has_made(self):
        self.add('file://%s/old/x' % self.root)
        CONF.set_override('former_locations',
                          ['fast=file://%s/old/' % self.root])
        self.assertEqual(upgradecheck.Code.SUCCESS, self.check().code)


class TestConfig(base.BaseTestCase):
    """Each check tells of what a program would not start with."""

    def setUp(self):
        super().setUp()
        self.root = self.useFixture(fixtures.TempDir()).path
        self.useFixture(config_fixture.Config(CONF))
        policy.reset()
        self.addCleanup(policy.reset)

    def checked(self, text):
        """:returns: {name of a check: (code, details)} of all"""
        path = os.path.join(self.root, 'a.conf')
        with open(path, 'w') as file:
            file.write(text)
        CONF([], project='glance', default_config_files=[path],
             default_config_dirs=[])
        checks = config_checks.Checks()
        return {name: check(checks)
                for name, check in config_checks.Checks._upgrade_checks}

    def codes(self, text):
        return {name: result.code.name
                for name, result in self.checked(text).items()
                if result.code != upgradecheck.Code.SUCCESS}

    def store(self):
        return '[glance_store]\nfilesystem_store_datadir = %s\n' % self.root

    def test_nothing_is_wrong(self):
        self.assertEqual({}, self.codes(self.store()))

    def test_all_values_are_told(self):
        details = self.checked(self.store() + (
            '[work]\nlease = x\n[DEFAULT]\nworkers = many\n'))[
                'Values'].details
        for told in ('lease in %s/a.conf line 4' % self.root,
                     'workers in %s/a.conf line 6' % self.root):
            self.assertIn(told, details)

    def test_each_check_fails_alone(self):
        missing = os.path.join(self.root, 'none')
        for name, code, text in (
                ('Names of options', 'WARNING', '[DEFAULT]\nworker = 1\n'),
                ('Paste file', 'FAILURE', '[paste_deploy]\nflavor = x\n'),
                ('Policy file', 'FAILURE',
                 '[oslo_policy]\npolicy_file = %s/a.conf\n' % self.root),
                ('Property protections', 'FAILURE',
                 '[DEFAULT]\nproperty_protection_file = %s\n' % missing),
                ('Certificates', 'FAILURE',
                 '[DEFAULT]\ncert_file = %s\n' % missing),
                ('Stores', 'FAILURE',
                 '[DEFAULT]\nhashing_algorithm = sha513\n')):
            policy.reset()
            self.assertEqual({name: code}, self.codes(self.store() + text),
                             text)
