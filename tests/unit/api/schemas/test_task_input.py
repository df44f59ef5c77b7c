"""What a task keeps of a request fits into its column, on each engine."""

from unittest import mock

from glance.api import task_types
from glance.common import exceptions
from tests.unit.api.v2 import base

_LONG = 'x' * 66000


class TestInput(base.TestCase):

    def test_input_of_tasks_is_bounded(self):
        kinds = {'export': lambda ctxt, given: (base.IMAGE, {})}
        with mock.patch.dict(task_types._KINDS, kinds):
            error = self.assertRaises(
                exceptions.BadRequest, task_types.build, base.caller(),
                {'type': 'export', 'input': {'more': _LONG}})
        self.assertIn('65535', error.message)

    def test_input_of_imports_is_bounded(self):
        self.use(dict(self.registry.images.get(base.caller(), base.IMAGE),
                      status='uploading'))
        self.registry.imports = mock.Mock()
        self.conf.config(enabled_import_methods=['glance-direct'])
        for method, more in (({'name': 'glance-direct', 'x': _LONG}, {}),
                             ({'name': 'glance-direct'}, {'x': _LONG})):
            answer = self.call('POST', '/images/%s/import' % base.IMAGE,
                               dict(more, method=method))
            self.assertEqual(400, answer.status_int, answer.text)
            self.assertIn('65535', answer.text)
        self.assertFalse(self.registry.imports.begin.called)
