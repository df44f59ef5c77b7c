"""What a store is told when data is discarded: it may need the URL."""

from glance.common import exceptions
from tests.unit.conductor import base
from tests.unit.conductor.base import IMAGE


class TestDiscarded(base.WorkTestCase):

    def setUp(self):
        super().setUp()
        self.told = []
        for store in (self.fast, self.cold):
            store.discard = lambda *args: self.told.append(args)

    def check_told(self, *expected):
        image_id, attempt, url = self.told[-1]
        self.assertEqual(expected, (image_id, attempt))
        self.assertTrue(url.startswith('file:///'), url)

    def test_data_other_than_announced(self):
        self.records[IMAGE].update(base.facts(b'other'))
        self.serve()
        self.work(method='web-download', uri='x', stores=['fast'],
                  must_succeed=False)
        self.assertEqual(3, len(self.told[0]))
        self.told = self.told[:1]
        self.check_told(IMAGE, 'w-store-1')

    def test_data_that_is_not_recorded(self):
        self.registry.imports.finish_store.side_effect = exceptions.Gone()
        self.serve()
        self.work(method='web-download', uri='x', stores=['fast'])
        self.told = self.told[:1]
        self.check_told(IMAGE, 'w-store-1')

    def test_exported_data_that_is_bad(self):
        self.active(self.fast)
        self.records[IMAGE]['checksum'] = '0' * 32
        self.work('export', store='cold')
        self.told = [told for told in self.told if len(told) == 3]
        self.check_told('w', 'w-export-1')

    def test_attempts_before(self):
        self.active(self.fast)
        self.work('export', store='cold', number=3)
        self.assertEqual([('w', 'w-export-1'), ('w', 'w-export-2')],
                         self.told)
