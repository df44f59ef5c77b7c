"""Which files a program reads, and what it refuses."""

import logging
import os
import subprocess
import sys
import textwrap

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base

from glance.cmd import api
from glance.cmd import standalone
from glance.conf import CONF
from glance.service import program


class WorkersTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.config = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])

    def test_as_told(self):
        self.config.config(workers=3)
        self.assertEqual(3, api.workers())

    def test_one_where_the_registry_is_inside(self):
        self.config.config(transport_url='local://')
        self.assertEqual(1, api.workers())

    def test_by_processors_over_a_bus(self):
        self.config.config(transport_url='rabbit://', workers=0)
        self.assertEqual(min(8, len(os.sched_getaffinity(0))), api.workers())


class StandaloneTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.config = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])

    def refuse(self, flavor, host):
        self.config.config(flavor=flavor, group='paste_deploy')
        self.config.config(bind_host=host)
        standalone.refuse_open_door()

    def test_this_host_without_authentication(self):
        for host in '127.0.0.1', '::1', 'localhost':
            self.refuse('standalone', host)

    def test_other_hosts_without_authentication(self):
        for flavor in 'standalone', None, 'caching':
            for host in '0.0.0.0', '::', '192.0.2.1':
                self.assertRaises(SystemExit, self.refuse, flavor, host)

    def test_other_hosts_with_authentication(self):
        for flavor in 'http_basic', 'keystone', 'keystone+caching':
            self.refuse(flavor, '0.0.0.0')

    def test_directories_are_private(self):
        top = os.path.join(self.useFixture(fixtures.TempDir()).path, 'state')
        standalone.make_directories(top)
        for name in '', 'images', 'staging':
            mode = os.stat(os.path.join(top, name)).st_mode
            self.assertEqual(0o40700, mode)

    def test_own_arguments_are_taken_out(self):
        own, rest = standalone.parse(
            ['--state-dir', '/x', '--port', '1', '--debug'])
        self.assertEqual(('/x', 1, ['--debug']),
                         (own.state_dir, own.port, rest))


class RefusedTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        root = logging.getLogger()
        self.useFixture(fixtures.MonkeyPatch('logging.root.handlers',
                                             root.handlers[:]))
        self.addCleanup(root.setLevel, root.level)
        self.folder = self.useFixture(fixtures.TempDir()).path

    def write(self, *names, text=b'# gr\xfcn\n'):
        path = os.path.join(self.folder, *names)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as file:
            file.write(text)
        return path

    def refused(self, *argv, **kwargs):
        errors = self.useFixture(fixtures.StringStream('stderr')).stream
        with fixtures.MonkeyPatch('sys.stderr', errors):
            self.assertRaises(SystemExit, program.configure, argv,
                              'glance-api', **kwargs)
        errors.seek(0)
        return errors.read()


class TestLog(RefusedTestCase):

    def test_a_log_that_cannot_be(self):
        for option in ('default_log_levels = x', 'default_log_levels = a=b=c',
                       'use_syslog = true\nsyslog_log_facility = nowhere'):
            path = self.write('a.conf',
                              text=('[DEFAULT]\n' + option).encode())
            self.assertIn('The log cannot be', self.refused(
                '--config-file', path))


class TestNoText(RefusedTestCase):
    """A file of another encoding, such as one with a comment in Latin-1."""

    def test_the_file_is_named(self):
        good = self.write('good.conf', text=b'[DEFAULT]\n')
        bad = self.write('bad.conf')
        for argv in (['--config-file', bad], ['--config-file=' + bad],
                     ['--config-file', good, '--config-file', bad]):
            self.assertEqual('glance-api: not in UTF-8: %s\n' % bad,
                             self.refused(*argv))

    def test_in_a_folder(self):
        bad = self.write('d', 'bad.conf')
        self.assertIn(bad, self.refused('--config-dir',
                                        os.path.dirname(bad)))


class TestLevels(base.BaseTestCase):

    def test_notifications_are_logged_where_that_is_their_driver(self):
        output = subprocess.run(
            [sys.executable, '-W', 'ignore', '-c', textwrap.dedent("""
                from glance import startup
                import logging
                from glance.service import program
                program.configure([], 'glance-api', default_config_files=[])
                for name in ('notification.image.create', 'rpc.server'):
                    logger = logging.getLogger('oslo.messaging.' + name)
                    print(logger.isEnabledFor(logging.INFO))""")],
            capture_output=True, text=True, check=True).stdout
        self.assertEqual(['True', 'False'], output.split())
