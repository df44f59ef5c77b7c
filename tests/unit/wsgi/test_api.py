"""Which files the WSGI module reads, and how others name it."""

import configparser
import os
import pathlib
import runpy

import fixtures
from oslotest import base

from glance.wsgi import api

_ROOT = pathlib.Path(__file__).parents[3]


class ConfigFilesTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.directory = self.useFixture(fixtures.TempDir()).path

    def found(self, **environ):
        paths, _folders = api.config_files(
            {'OS_GLANCE_CONFIG_DIR': self.directory, **environ})
        return [os.path.relpath(path, self.directory) for path in paths]

    def test_default_directory(self):
        self.assertEqual(['/etc/glance/glance-api.conf'],
                         [path for path in api.config_files({})[0]
                          if path.endswith('-api.conf')])

    def test_main_file_is_read_also_to_miss_it(self):
        self.assertEqual(['glance-api.conf'], self.found())

    def test_main_file_wins_over_the_import_file(self):
        open(os.path.join(self.directory, 'glance-image-import.conf'),
             'w').close()
        self.assertEqual(['glance-image-import.conf', 'glance-api.conf'],
                         self.found())

    def test_named_files(self):
        self.assertEqual(['a.conf', 'b.conf'],
                         self.found(OS_GLANCE_CONFIG_FILES='a.conf; b.conf'))

    def test_folders_are_read_also_beside_named_files(self):
        for name in 'glance-api.conf.d', 'glance.conf.d':
            os.mkdir(os.path.join(self.directory, name))
        for named in {}, {'OS_GLANCE_CONFIG_FILES': 'a.conf'}:
            _paths, folders = api.config_files(
                {'OS_GLANCE_CONFIG_DIR': self.directory, **named})
            self.assertEqual(
                ['glance.conf.d', 'glance-api.conf.d'],
                [os.path.basename(folder) for folder in folders])


class ScriptTestCase(base.BaseTestCase):
    """What files of deployment tools name is there."""

    def test_it_has_the_application(self):
        setup = configparser.ConfigParser()
        setup.read(_ROOT / 'setup.cfg')
        path = _ROOT / setup['files']['scripts'].strip()
        self.assertEqual('glance-wsgi-api', path.name)
        self.assertTrue(os.access(path, os.X_OK))
        found = runpy.run_path(str(path), run_name='uwsgi_file')
        self.assertIs(api.application, found['application'])

    def test_who_runs_it_is_told_what_to_run(self):
        path = _ROOT / 'tools' / 'glance-wsgi-api'
        error = self.assertRaises(SystemExit, runpy.run_path, str(path),
                                  run_name='__main__')
        self.assertIn('run glance-api', str(error))
