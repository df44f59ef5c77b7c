"""The names of steps are noted in the database: a task goes on by them."""

import types

from oslotest import base

from glance.conductor.flows import image_import
from glance.conductor.flows import image_tasks
from glance.conductor.flows import location_import

STORES = {'stores': ['a', 'b']}


class TestSteps(base.BaseTestCase):

    def check(self, expected, steps, **given):
        job = types.SimpleNamespace(input=given)
        self.assertEqual(expected, ' '.join(step.name for step in steps(job)))

    def test_imports(self):
        for method, first in (('glance-direct', 'fetch'),
                              ('web-download', 'fetch'),
                              ('glance-download', 'copy-record fetch')):
            self.check(first + ' store:a store:b check remove-staged',
                       image_import.steps, method=method, **STORES)

    def test_copy(self):
        self.check('store:a store:b check', image_import.steps,
                   method='copy-image', **STORES)

    def test_plugins(self):
        self.check('fetch plugin:0:x plugin:1:y store:a check remove-staged',
                   image_import.steps, method='web-download',
                   plugins=['x', 'y'], stores=['a'])

    def test_several_stores_at_once(self):
        self.check('stores check', image_import.steps, method='copy-image',
                   parallel=2, **STORES)
        self.check('store:a check', image_import.steps, method='copy-image',
                   parallel=2, stores=['a'])

    def test_tasks(self):
        self.check('create fetch store:a check remove-staged',
                   image_tasks.import_steps, stores=['a'])
        self.check('create store:a check', image_tasks.clone_steps,
                   stores=['a'])
        self.check('create fetch plugin:0:image_conversion store:a check '
                   'remove-staged', image_tasks.import_steps, stores=['a'],
                   convert_to='raw')

    def test_exports(self):
        self.check('send', image_tasks.export_steps, url='http://host/x')
        self.check('send settle', image_tasks.export_steps, store='a')
        self.check('fetch plugin:0:image_conversion send remove-staged',
                   image_tasks.export_steps, url='http://host/x',
                   convert_to='raw')

    def test_locations(self):
        for names, more in (('look save', {'secure': False}),
                            ('look compare save', {'secure': True,
                                                   'hashes': {'x': 'y'}}),
                            ('look save fill-in', {'secure': True,
                                                   'hashes': None})):
            self.check(names, location_import.steps, **more)
