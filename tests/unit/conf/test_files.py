"""Which files a program reads when it is not told."""

import configparser
import os
import pathlib

import fixtures
from oslotest import base

from glance.conf import files

_PROGRAMS = ('glance-api', 'glance-conductor', 'glance-registry',
             'glance-manage', 'glance-status', 'glance-scrubber',
             'glance-cache-cleaner', 'glance-cache-prefetcher',
             'glance-cache-pruner')
# They have no option of ours, or no file.
_NO_FILES = ('glance-control', 'glance-replicator', 'glance-cache-manage',
             'glance-standalone')
_ROOT = pathlib.Path(__file__).parents[3]


class TestFiles(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        home = self.useFixture(fixtures.TempHomeDir()).path
        self.directory = os.path.join(home, '.glance')
        os.mkdir(self.directory)

    def make(self, *names):
        for name in names:
            path = os.path.join(self.directory, name)
            if name.endswith('.d'):
                os.mkdir(path)
            else:
                open(path, 'w').close()

    def found(self, prog):
        return [os.path.basename(path) for found in files.of(prog)
                for path in found if path.startswith(self.directory)]

    def test_all_programs_are_here(self):
        setup = configparser.ConfigParser()
        setup.read(_ROOT / 'setup.cfg')
        scripts = setup['entry_points']['console_scripts'].split('\n')
        self.assertEqual(
            sorted(_PROGRAMS + _NO_FILES),
            sorted(line.split(' = ')[0] for line in scripts if line))

    def test_the_file_of_the_api_is_the_file_of_all(self):
        self.make('glance-image-import.conf', 'glance.conf',
                  'glance-api.conf', 'glance.conf.d', 'glance-api.conf.d')
        for prog in _PROGRAMS:
            self.assertEqual(
                ['glance-image-import.conf', 'glance.conf',
                 'glance-api.conf', 'glance.conf.d', 'glance-api.conf.d'],
                self.found(prog), prog)

    def test_what_is_for_all_is_read_beside_a_file_of_its_own(self):
        self.make('glance-image-import.conf', 'glance.conf',
                  'glance.conf.d', 'glance-api.conf')
        for prog in _PROGRAMS:
            if not prog.startswith('glance-api'):
                self.make(prog + '.conf', prog + '.conf.d')
        for prog in _PROGRAMS:
            found = self.found(prog)
            self.assertEqual(['glance-image-import.conf', 'glance.conf'],
                             found[:2])
            self.assertIn('glance.conf.d', found)
            self.assertIn(prog + '.conf', found)
        for prog in 'glance-registry', 'glance-conductor':
            self.assertEqual(
                [prog + '.conf', 'glance.conf.d', prog + '.conf.d'],
                self.found(prog)[2:])

    def test_who_looks_at_the_database_reads_what_the_registry_reads(self):
        self.make('glance-api.conf', 'glance-registry.conf',
                  'glance-registry.conf.d', 'glance-manage.conf')
        for prog in 'glance-manage', 'glance-status':
            self.assertEqual(['glance-api.conf', 'glance-registry.conf'],
                             self.found(prog)[:2])
            self.assertIn('glance-registry.conf.d', self.found(prog))

    def test_standalone_needs_none(self):
        self.make('glance.conf', 'glance-api.conf', 'glance.conf.d')
        self.assertEqual([], self.found('glance-standalone'))

    def test_defaults_of_a_package_come_first(self):
        self.make('glance.conf', 'glance-api.conf', 'glance-api-dist.conf')
        self.useFixture(fixtures.MockPatchObject(
            files, '_PACKAGED', self.directory))
        expected = ['glance-api-dist.conf', 'glance.conf', 'glance-api.conf']
        for prog in 'glance-api', 'glance-conductor', 'glance-manage':
            self.assertEqual(expected, self.found(prog))
        paths, _folders = files.below(self.directory)
        self.assertEqual(expected, [os.path.basename(path)
                                    for path in paths])
        self.assertEqual(1, len(files.below(self.directory, ['a.conf'])[0]))

    def test_the_api_under_another_server_reads_the_same(self):
        self.make('glance-image-import.conf', 'glance.conf',
                  'glance-api.conf', 'glance.conf.d', 'glance-api.conf.d')
        found = [os.path.basename(path)
                 for group in files.below(self.directory) for path in group]
        self.assertEqual(self.found('glance-api'), found)
