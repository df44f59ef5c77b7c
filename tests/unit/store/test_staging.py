"""What staging areas are called."""

import socket

from oslo_config import fixture as config_fixture
from oslotest import base

from glance.conf import CONF
from glance.db.durable import hosts
from glance.store import staging

FOLDER = '/srv/a'


class TestNames(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.conf = self.useFixture(config_fixture.Config(CONF))
        self.be(FOLDER)

    def be(self, folder, host='node'):
        self.conf.config(group='os_glance_staging_store',
                         filesystem_store_datadir=folder)
        self.patch(socket, 'gethostname', lambda: host)
        return staging.host()

    def test_host_and_folder(self):
        names = {self.be(folder, host) for folder in (
            FOLDER, '/srv/A', '/srv/a ', '/srv/b') for host in ('n1', 'n2')}
        # On some databases case and spaces at the end do not count.
        self.assertEqual(8, len({name.lower().rstrip() for name in names}))
        self.assertEqual(self.be(FOLDER), self.be('/srv/./a/'))

    def test_the_longest_name_fits_into_its_column(self):
        """The rows of work and duties have 255 characters."""
        name = self.be('/' + 'f' * 4000, 'h' * 64)
        self.assertLess(len('staged@' + name), 255)

    def test_a_chosen_name_holds_on_each_host(self):
        self.conf.config(group='conductor', staging_host='shared')
        self.assertEqual({'shared'}, {self.be(folder, host) for folder in (
            FOLDER, '/srv/b') for host in ('n1', 'n2')})
        self.assertEqual('node', staging.name_now('node', None))

    def test_names_of_the_release_before(self):
        name = self.be(FOLDER)
        self.assertEqual([name, 'node'], hosts.names(name))
        self.assertEqual(['node'], hosts.names('node'))
        self.assertEqual(['a#b'], hosts.names('a#b'))
        for given, url, expected in (
                (None, None, None), ('other', None, 'other'),
                ('node', None, name), (name, None, name),
                ('node', 'file:///srv/a/x', name)):
            self.assertEqual(expected, staging.name_now(given, url))
        self.assertEqual(self.be('/srv/b'),
                         staging.name_now('node', 'file:///srv/b/x'))
        self.be(FOLDER)
        self.assertEqual(self.be('/srv/b'),
                         staging.name_now('node', 'file:///srv/b/x'))
