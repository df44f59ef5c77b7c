"""Images that get their data by being told where it is."""

import os

from glance.common import exceptions
from tests.unit.conductor import base
from tests.unit.conductor.base import DATA, IMAGE


class TestLocationImport(base.WorkTestCase):

    def setUp(self):
        super().setUp()
        self.url = self.put(self.fast)

    def work(self, secure=True, hashes=None, progress=None, url=None,
             number=1):
        return super().work(
            'location_import', progress, number, secure=secure,
            hashes=hashes, stores=['fast'], url=url or self.url,
            metadata={'store': 'fast'})

    def saved(self):
        """(location, values) as they were recorded, once."""
        (_ctxt, work_id, _attempt, image_id, store_id, location, values,
         progress) = self.registry.imports.finish_store.call_args.args
        self.assertEqual(('w', IMAGE, 'fast'), (work_id, image_id, store_id))
        self.assertIs(True, progress['final'])
        self.assertIs(True, progress['state']['saved'])
        self.registry.imports.finish_store.assert_called_once()
        return location, values

    def test_hashes_that_are_right(self):
        known = base.facts(DATA, 'sha256')
        for value in (known['os_hash_value'], known['os_hash_value'].upper()):
            self.registry.reset_mock()
            job = self.work(hashes={'os_hash_algo': 'sha256',
                                    'os_hash_value': value})
            self.result()
            location, values = self.saved()
            self.assertEqual({'url': self.url, 'readers': False,
                              'metadata': {'store': 'fast'}}, location)
            del known['virtual_size']
            self.assertEqual(known, values)
            self.assertEqual(len(DATA), self.notes[-2]['done'] or job.done
                             or len(DATA))
            known = base.facts(DATA, 'sha256')

    def test_progress_of_hashing(self):
        seen = []
        self.registry.imports.finish_store.side_effect = (
            lambda *args: seen.append(args[-1]))
        self.work(hashes={'os_hash_algo': 'md5', 'os_hash_value':
                          base.facts(DATA)['checksum']})
        self.assertEqual({'size': len(DATA)}, {
            name: value for name, value in seen[0]['state'].items()
            if name == 'size'})

    def test_hashes_that_are_wrong(self):
        self.registry.locations.is_used.return_value = False
        self.work(hashes={'os_hash_algo': 'sha256', 'os_hash_value': 'a'})
        self.assertIn('another hash', self.failure()[0])
        self.registry.imports.finish_store.assert_not_called()
        self.assertEqual([], self.files('fast'))

    def test_hashes_that_nobody_looks_at(self):
        hashes = {'os_hash_algo': 'x', 'os_hash_value': 'y'}
        self.work(secure=False, hashes=hashes)
        self.result()
        self.assertEqual(dict(hashes, size=len(DATA)), self.saved()[1])
        self.registry.locations.hashed.assert_not_called()

    def test_hashes_that_follow(self):
        self.conf.config(hashing_algorithm='sha256')
        self.work()
        self.result()
        self.assertEqual({'size': len(DATA)}, self.saved()[1])
        (_ctxt, image_id, work_id, attempt, url, data, is_last) = (
            self.registry.locations.hashed.call_args.args)
        self.assertEqual((IMAGE, 'w', 1, self.url, True),
                         (image_id, work_id, attempt, url, is_last))
        expected = base.facts(DATA, 'sha256')
        del expected['virtual_size']
        self.assertEqual(expected, dict(data))

    def test_good_without_hashes(self):
        self.conf.config(http_retries=0)
        for error in (exceptions.StoreUnavailable(), exceptions.NotFound()):
            self.registry.reset_mock()

            def fail(*args, **kwargs):
                raise error
            self.fast.open = fail
            self.work()
            self.result()
            self.registry.locations.hashed.assert_not_called()

    def test_room_in_the_quota(self):
        self.conf.config(user_storage_quota='1MB')
        self.work()
        self.assertEqual(
            [({'store_bytes': len(DATA)}, {'image_size_total': 1 << 20})],
            [(note['held'], note['limits']) for note in self.notes
             if note.get('held')])

    def test_nothing_there(self):
        self.url = self.put(self.fast, base.OTHER, b'')
        self.registry.locations.is_used.return_value = True
        self.work()
        self.assertIn('no data', self.failure()[0])

    def test_a_store_that_is_away_is_waited_for(self):
        def fail(*args, **kwargs):
            raise exceptions.StoreUnavailable('away')
        self.fast.size = fail
        self.work()
        self.registry.work.hand_back.assert_called_once()

    def test_the_server_of_a_user_is_not(self):
        def fail(*args, **kwargs):
            raise exceptions.StoreUnavailable('away')
        self.fast.size, self.fast.schemes = fail, ('file', 'http', 'https')
        for scheme in ('http', 'https'):
            self.registry.reset_mock()
            self.work(url=scheme + '://host/a')
            self.assertIn('cannot be read', self.failure()[0])
            # It is not ours to remove.
            self.registry.locations.is_used.assert_not_called()

    def test_it_is_recorded_once(self):
        self.work(secure=False, progress={
            'next': 'save', 'state': {'saved': True, 'size': 3}})
        self.result()
        self.registry.imports.finish_store.assert_not_called()

    def test_what_the_registry_refuses_is_not_saved(self):
        self.registry.locations.is_used.return_value = True
        self.registry.imports.finish_store.side_effect = (
            exceptions.Conflict('no'))
        job = self.work()
        self.assertEqual('no', self.failure()[0])
        self.assertNotIn('saved', job.state)

    def undo(self, **state):
        self.work(progress={'next': 'save', 'reason': 'no', 'state': state})
        self.failure()

    def test_unused_data_is_removed_when_undone(self):
        self.registry.locations.is_used.return_value = False
        self.undo()
        self.assertEqual([], self.files('fast'))
        self.assertEqual(self.url, self.registry.locations.is_used
                         .call_args.args[1])

    def test_what_has_become_the_data_of_an_image_stays(self):
        self.registry.locations.is_used.return_value = False
        self.undo(saved=True)
        self.assertEqual([IMAGE], self.files('fast'))

    def test_what_another_image_has_stays(self):
        self.registry.locations.is_used.return_value = True
        self.undo()
        self.assertEqual([IMAGE], self.files('fast'))

    def test_what_is_not_ours_stays(self):
        self.registry.locations.is_used.return_value = False
        for error in (exceptions.Forbidden(), exceptions.InUseByStore(),
                      exceptions.BadRequest(), exceptions.BadLocation()):
            self.registry.tasks.reset_mock()

            def fail(*args, **kwargs):
                raise error
            self.fast.delete = fail
            self.undo()
        self.assertTrue(os.path.exists(self.url.removeprefix('file://')))
