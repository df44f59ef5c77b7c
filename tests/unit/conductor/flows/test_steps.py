"""The steps of each flow: other releases know their names."""

import types

from oslotest import base

from glance.conductor.flows import image_import
from glance.conductor.flows import image_tasks
from glance.conductor.flows import location_import

FETCH, CHECK = ('fetch', 'fetch'), ('check', 'check')
END = ('remove-staged', 'clean up')
FAST, COLD = (('store:' + name, 'write to ' + name)
              for name in ('fast', 'cold'))
CREATE = ('create', 'create the image')
CONVERT = ('plugin:0:image_conversion', 'image_conversion')
READ = ('fetch', 'read the image')
STORES = ['fast', 'cold']
SEND = ('send', 'write to the store')

STEPS = {'api_image_import': image_import.steps,
         'copy_image': image_import.steps,
         'location_import': location_import.steps,
         'import': image_tasks.import_steps, 'clone': image_tasks.clone_steps,
         'export': image_tasks.export_steps}

# kind, input, whether another host can begin anew, names and titles
FLOWS = (
    ('api_image_import', {'method': 'web-download', 'stores': STORES}, True,
     [FETCH, FAST, COLD, CHECK, END]),
    ('api_image_import', {'method': 'web-download', 'stores': STORES,
                          'parallel': 2, 'plugins': ['a', 'b']}, True,
     [FETCH, ('plugin:0:a', 'a'), ('plugin:1:b', 'b'),
      ('stores', 'write to all stores'), CHECK, END]),
    ('api_image_import', {'method': 'glance-direct', 'stores': ['fast']},
     False, [('fetch', 'take staged data'), FAST, CHECK, END]),
    ('api_image_import', {'method': 'glance-download', 'stores': ['fast']},
     True, [('copy-record', 'read the record'), FETCH, FAST, CHECK, END]),
    ('copy_image', {'method': 'copy-image', 'stores': STORES}, False,
     [FAST, COLD, CHECK]),
    ('location_import', {'secure': False}, False,
     [('look', 'look for the data'), ('save', None)]),
    ('location_import', {'secure': True, 'hashes': {'a': 'b'}}, False,
     [('look', 'look for the data'), ('compare', 'hash'), ('save', None)]),
    ('location_import', {'secure': True, 'hashes': None}, False,
     [('look', 'look for the data'), ('save', None), ('fill-in', 'hash')]),
    ('import', {'stores': ['fast']}, True,
     [CREATE, FETCH, FAST, CHECK, END]),
    ('import', {'stores': ['fast'], 'convert_to': 'raw'}, True,
     [CREATE, FETCH, CONVERT, FAST, CHECK, END]),
    ('clone', {'stores': STORES}, True, [CREATE, FAST, COLD, CHECK]),
    ('export', {'store': 'a'}, False, [SEND, ('settle', None)]),
    ('export', {'store': 'a', 'convert_to': 'raw'}, True,
     [READ, CONVERT, SEND, ('settle', None), END]),
    ('export', {'url': 'x'}, False, [('send', 'send')]),
    ('export', {'url': 'x', 'convert_to': 'raw'}, True,
     [READ, CONVERT, ('send', 'send'), END]))


class TestSteps(base.BaseTestCase):

    def test_each_flow_has_its_steps(self):
        for kind, given, can_start_again, expected in FLOWS:
            steps = STEPS[kind](types.SimpleNamespace(input=given))
            self.assertEqual(expected, [(step.name, step.title)
                                        for step in steps], (kind, given))
            self.assertIs(can_start_again, steps[0].can_start_again,
                          (kind, given))
