"""The tasks that users create by hand, as a whole."""

from tests.unit.conductor import base
from tests.unit.conductor.base import DATA, IMAGE, OTHER


class TestTasks(base.WorkTestCase):
    """Those that users create by hand."""

    def setUp(self):
        super().setUp()
        self.conf.config(user_storage_quota='1MB')
        self.records[OTHER] = self.record(OTHER)

    def check_created(self):
        (_ctxt, work_id, attempt, image, limits) = (
            self.registry.imports.create_image.call_args.args)
        self.assertEqual(('w', 1, OTHER), (work_id, attempt, image['id']))
        return limits

    def test_an_imported_image_is_created_within_limits(self):
        self.serve()
        asked = []
        self.useFixture(base.fixtures.MonkeyPatch(
            'glance.common.limits.of_project',
            lambda *args: asked.append(args) or {'a': 1}))
        self.work('import', image_id=None, uri='http://source/a',
                  stores=['fast'], image=self.records[OTHER])
        self.assertEqual({'image_id': OTHER}, self.result())
        self.assertEqual({'a': 1}, self.check_created())
        self.assertEqual([
            ('p', 'image_count_total', 'image_count_uploading'),
            ('p', 'image_size_total', 'image_stage_total')], asked)
        self.assertEqual({OTHER: DATA}, self.whole('fast'))

    def test_only_undamaged_data_is_cloned(self):
        for damage in (b'', b'x'):
            self.registry.reset_mock()
            self.active(self.fast)
            self.records[IMAGE]['virtual_size'] = 7
            self.records[IMAGE].update(base.facts(DATA, 'sha256'),
                                       virtual_size=7)
            if damage:
                self.records[IMAGE].update(checksum='0' * 32)
            self.work('clone', image_id=None, source_id=IMAGE,
                      stores=['cold'], image=self.records[OTHER])
            if damage:
                self.assertIn('checksum', self.failure()[0])
                continue
            self.assertEqual({'image_id': OTHER}, self.result())
            self.assertEqual(
                dict(base.facts(DATA, 'sha256'), virtual_size=7),
                self.registry.imports.finish_store.call_args.args[6])
            self.assertEqual({OTHER: DATA}, self.whole('cold'))

    def test_clone_within_a_store(self):
        """The store does it; hashes are those of the original."""
        self.active(self.fast)
        self.work('clone', image_id=None, source_id=IMAGE, stores=['fast'],
                  image=self.records[OTHER])
        self.result()
        self.assertEqual({IMAGE: DATA, OTHER: DATA}, self.whole('fast'))
        self.assertEqual(
            base.facts(DATA),
            self.registry.imports.finish_store.call_args.args[6])

    def test_clone_of_what_has_no_data(self):
        self.work('clone', image_id=None, source_id=IMAGE, stores=['fast'],
                  image=self.records[OTHER])
        self.assertIn('no data', self.failure()[0])

    def test_export_to_a_store(self):
        self.active(self.fast)
        self.work('export', store='cold')
        self.assertEqual({'w': DATA}, self.whole('cold'))
        expected = dict(base.facts(DATA), image_id=IMAGE, store='cold',
                        object='w')
        del expected['virtual_size']
        self.assertEqual(expected, self.result())

    def test_an_image_that_users_may_not_read_can_be_exported(self):
        self.active(self.fast)
        self.records[IMAGE]['status'] = 'deactivated'
        self.work('export', store='cold')
        self.assertEqual(IMAGE, self.result()['image_id'])

    def test_what_earlier_attempts_have_exported_goes(self):
        self.active(self.fast)
        self.put(self.cold, 'w', b'half', 'w-export-1', settled=False)
        self.work('export', store='cold', number=2)
        self.result()
        self.assertEqual({'w': DATA}, self.whole('cold'))

    def test_an_export_of_damaged_data_leaves_nothing(self):
        self.active(self.fast)
        self.records[IMAGE].update(os_hash_value='0' * 128)
        self.work('export', store='cold')
        self.assertIn('os_hash_value', self.failure()[0])
        self.assertEqual([], self.files('cold'))

    def test_an_undone_export_leaves_nothing(self):
        self.active(self.fast)
        for attempt in (1, 2):
            self.put(self.cold, 'w', b'x', 'w-export-%d' % attempt,
                     settled=False)
        self.work('export', store='cold', number=2, progress={
            'next': 'settle', 'reason': 'cancelled'})
        self.failure()
        self.assertEqual([], self.files('cold'))

    def test_export_to_a_web_server(self):
        sent = []

        def send(url, body, length):
            sent.append((url, body.read(1 << 20), length))
            body.read(1)
        self.useFixture(base.fixtures.MonkeyPatch(
            'glance.common.fetching.send', send))
        self.active(self.fast)
        self.work('export', url='http://target/a')
        expected = dict(base.facts(DATA), image_id=IMAGE,
                        url='http://target/a')
        del expected['virtual_size']
        self.assertEqual(expected, self.result())
        self.assertEqual([('http://target/a', DATA, len(DATA))], sent)
        self.records[IMAGE].update(checksum='0' * 32)
        self.registry.tasks.reset_mock()
        self.work('export', url='http://target/a')
        self.assertIn('checksum', self.failure()[0])
