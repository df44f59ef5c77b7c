"""Imports as a whole: what is fetched, stored, recorded and removed."""

import itertools

from glance.common import exceptions
from glance.store import staging
from tests.unit.conductor import base
from tests.unit.conductor.base import DATA, IMAGE


class TestImports(base.WorkTestCase):

    def import_(self, method='web-download', stores=('fast', 'cold'),
                progress=None, **given):
        return self.work(progress=progress, **dict({
            'method': method, 'uri': 'http://source/a',
            'stores': list(stores)}, **given))

    def stored(self):
        """[(store, location, values)] as they were recorded."""
        return [call.args[4:7] for call in
                self.registry.imports.finish_store.call_args_list]

    def titles(self):
        return [title for title, _notes in itertools.groupby(
            note['step'] for note in self.notes)]

    def test_the_last_store_makes_it_active(self):
        self.serve(length=len(DATA))
        self.import_()
        self.assertEqual({'image_id': IMAGE}, self.result())
        self.assertEqual([('http://source/a', None, False)], self.fetched)
        self.assertEqual([], self.files('staging'))
        for name in ('fast', 'cold'):
            self.assertEqual({IMAGE: DATA}, self.whole(name))
        self.assertEqual(
            [(name, {'url': 'file://%s/%s' % (self.folder(name), IMAGE),
                     'metadata': {'store': name}, 'readers': False}, values)
             for name, values in (('fast', None),
                                  ('cold', base.facts(DATA)))],
            self.stored())
        self.assertEqual([None, 'fetch', 'write to fast', 'write to cold',
                          'check', 'clean up'], self.titles())

    def test_the_first_store_does_where_others_may_fail(self):
        for parallel in (1, 2):
            self.registry.reset_mock()
            self.serve()
            self.import_(must_succeed=False, parallel=parallel)
            self.result()
            self.assertEqual([base.facts(DATA), None], [
                values for _store, _location, values in self.stored()])

    def test_several_stores_at_once(self):
        self.serve()
        self.import_(parallel=2)
        self.result()
        self.assertEqual({'fast', 'cold'}, {one[0] for one in self.stored()})
        self.assertIn('write to all stores', self.titles())
        self.assertEqual({IMAGE: DATA}, self.whole('cold'))

    def test_one_store_is_no_several(self):
        self.serve()
        self.import_(stores=['cold'], parallel=2)
        self.result()
        self.assertIn('write to cold', self.titles())
        self.assertEqual([], self.files('fast'))

    def test_one_of_several_at_once_fails(self):
        self.serve()
        self.conf.config(group='work', max_tries=1)
        self.cold.write = self.fail_with(exceptions.StorageFull())
        self.import_(parallel=2)
        self.assertEqual(['cold'], self.failure()[1])
        self.assertEqual([], self.files('staging'))
        self.registry.imports.undo_store.assert_called_once()

    def fail_with(self, error):
        def fail(*args, **kwargs):
            raise error
        return fail

    def test_events_name_stores_where_there_are_several(self):
        for multi, name in ((True, 'fast'), (False, None)):
            self.serve()
            self.stores.multi = multi
            self.import_(stores=['fast'])
            self.assertEqual(
                ('w', 1, IMAGE, name),
                self.registry.imports.begin_store.call_args.args[1:])

    def test_a_store_that_may_fail(self):
        self.serve()
        self.fast.write = self.fail_with(exceptions.Conflict('no'))
        self.import_(must_succeed=False)
        self.result()
        self.assertEqual(('fast', 'no'), self.registry.imports.fail_store
                         .call_args.args[4:6])
        self.assertEqual(['cold'], [one[0] for one in self.stored()])
        self.assertEqual([], self.files('fast'))
        self.assertEqual(['fast'], self.notes[-1]['state']['failed'])

    def test_no_store_takes_it(self):
        self.serve()
        for store in (self.fast, self.cold):
            store.write = self.fail_with(exceptions.Conflict('no'))
        self.import_(must_succeed=False)
        reason, stores = self.failure()
        self.assertEqual(['fast', 'cold'], stores)
        self.assertIn('No store', reason)
        self.assertEqual([], self.files('staging'))

    def test_a_store_that_must_succeed(self):
        self.serve()
        self.cold.write = self.fail_with(exceptions.Conflict('no'))
        self.import_()
        self.assertEqual(('no', ['cold']), self.failure())
        url = 'file://%s/%s' % (self.folder('fast'), IMAGE)
        arguments = self.registry.imports.undo_store.call_args.args
        self.assertEqual(('w', 1, IMAGE, url), arguments[1:5])
        self.assertEqual({}, arguments[5]['state']['stored'])
        self.assertEqual([], self.files('cold'))

    def test_what_may_pass_is_tried_again(self):
        self.serve()
        self.cold.write = self.fail_with(exceptions.StoreUnavailable('away'))
        self.import_()
        self.registry.imports.fail_store.assert_not_called()
        self.registry.work.hand_back.assert_called_once()
        progress, reason, _seconds = (
            self.registry.work.hand_back.call_args.args[3:])
        self.assertEqual(('store:cold', 1, 'away'),
                         (progress['next'], progress['tries'], reason))

    def test_what_may_pass_is_not_tried_for_ever(self):
        self.serve()
        self.conf.config(group='work', max_tries=2)
        self.cold.write = self.fail_with(exceptions.StoreUnavailable('away'))
        url = self.put(self.area, settled=False, attempt='w-fetch-1')
        self.import_(progress={
            'next': 'store:cold', 'tries': 1, 'state': {
                'staged': {'url': url, 'size': 3},
                'stored': {'fast': 'file:///x'}}})
        self.assertEqual(('away', ['cold']), self.failure())

    def test_what_was_recorded_is_settled(self):
        """Its conductor has died between the two."""
        url = self.put(self.fast, attempt='w-store-1', settled=False)
        self.import_(stores=['fast'], number=2, progress={
            'next': 'store:fast', 'state': {
                'active': True, 'stored': {'fast': url}}})
        self.result()
        self.assertEqual({IMAGE: DATA}, self.whole('fast'))
        self.assertEqual([], self.stored())

    def test_what_was_not_recorded_goes_before_the_next_attempt(self):
        self.put(self.fast, data=b'half', attempt='w-store-1', settled=False)
        url = self.put(self.area, attempt='w-fetch-1', settled=False)
        self.import_(stores=['fast'], number=2, progress={
            'next': 'store:fast',
            'state': {'staged': {'url': url, 'size': len(DATA)}}})
        self.result()
        self.assertEqual({IMAGE: DATA}, self.whole('fast'))
        self.assertEqual([], self.files('staging'))

    def test_refused_data_goes(self):
        for error, is_lost in ((exceptions.LeaseLost(), True),
                               (exceptions.Gone('gone'), False),
                               (exceptions.NotFound('gone'), False)):
            self.registry.reset_mock()
            self.registry.imports.finish_store.side_effect = error
            self.serve()
            if is_lost:
                self.assertRaises(exceptions.LeaseLost, self.import_,
                                  stores=['fast'])
            else:
                self.import_(stores=['fast'])
                self.assertEqual('gone', self.failure()[0])
            self.assertEqual([], self.files('fast'))

    def test_data_other_than_announced(self):
        self.records[IMAGE].update(base.facts(b'other'))
        self.serve()
        self.import_(stores=['fast'])
        self.assertIn('size', self.failure()[0])
        self.assertEqual([], self.files('fast'))

    def test_every_store_gets_the_same_data(self):
        url = self.put(self.area, attempt='w-fetch-1', settled=False)
        self.import_(progress={'next': 'store:cold', 'state': {
            'staged': {'url': url, 'size': len(DATA)},
            'stored': {'fast': 'file:///x'}, 'hashes': base.facts(b'x')}})
        self.assertEqual(['cold'], self.failure()[1])

    def test_the_algorithm_of_the_image(self):
        self.records[IMAGE].update(os_hash_algo='sha256')
        self.serve()
        self.import_(stores=['fast'])
        self.assertEqual(base.facts(DATA, 'sha256'), self.stored()[0][2])

    def test_an_algorithm_that_nobody_here_has(self):
        for name in 'whirlpool-2', 'shake_128':
            self.records[IMAGE].update(os_hash_algo=name)
            self.serve()
            self.import_(stores=['fast'])
            self.assertEqual(base.facts(DATA, 'sha512'), self.stored()[-1][2])

    def test_a_configured_algorithm(self):
        self.conf.config(hashing_algorithm='sha256')
        self.serve()
        self.import_(stores=['fast'])
        self.assertEqual(base.facts(DATA, 'sha256'), self.stored()[0][2])

    def test_too_much_data(self):
        self.conf.config(image_size_cap=len(DATA) - 1)
        self.serve()
        self.import_()
        self.failure()
        self.assertEqual([], self.files('staging'))
        self.conf.config(image_size_cap=len(DATA))
        self.registry.tasks.reset_mock()
        self.import_()
        self.result()

    def test_data_of_another_format(self):
        self.records[IMAGE].update(disk_format='qcow2')
        self.serve()
        self.import_()
        self.failure()
        self.assertEqual([], self.files('staging'))

    def test_the_quota_is_told(self):
        self.conf.config(user_storage_quota='1MB')
        for known, growth in ((None, 2048), (48, 2000), (4096, 0)):
            self.notes.clear()
            self.serve()
            self.records[IMAGE]['size'] = known
            self.import_()
            self.assertEqual(
                [({'stage_bytes': growth, 'store_bytes': 2 * 2048},
                  {'image_size_total': 1 << 20})],
                [(note['held'], note['limits']) for note in self.notes
                 if note.get('held')])

    def test_progress_of_a_source(self):
        self.serve(length=len(DATA))
        job = self.import_(stores=['fast'])
        self.assertEqual({IMAGE: DATA}, self.whole('fast'))
        self.assertIsNone(job.total)

    def test_staged_before(self):
        url = self.put(self.area, attempt='s', settled=False)
        self.import_('glance-direct', staged={'url': url, 'attempt': 's'})
        self.result()
        self.assertEqual({IMAGE: DATA}, self.whole('fast'))
        self.assertEqual([], self.files('staging'))
        self.assertIn('take staged data', self.titles())

    def test_too_much_was_staged(self):
        """Whatever was allowed when it came."""
        self.conf.config(image_size_cap=len(DATA) - 1)
        url = self.put(self.area, attempt='s', settled=False)
        self.import_('glance-direct', staged={'url': url, 'attempt': 's'})
        self.failure()
        self.assertEqual([], self.files('fast'))

    def test_whose_image_it_is(self):
        """Some stores note it, and some ask for the size."""
        told, write = [], self.fast.write

        def note(image_id, attempt, source, size=None, context=None):
            told.append((image_id, attempt, size, context.project_id))
            return write(image_id, attempt, source, size, context)
        self.fast.write = note
        self.serve()
        self.import_()
        self.assertEqual([(IMAGE, 'w-store-1', len(DATA), 'p')], told)

    def test_staged_by_a_release_without_attempts(self):
        self.put(self.area)
        for _time in range(2):
            job = self.import_('glance-direct')
            self.assertEqual([], self.files('staging'))
        self.assertEqual({IMAGE: DATA}, self.whole('fast'))
        self.assertIn('not there', self.failure_after_success(job))

    def failure_after_success(self, job):
        return self.registry.tasks.fail.call_args.args[3]

    def test_staged_data_that_is_gone(self):
        self.import_('glance-direct', staged={
            'url': staging.url(IMAGE), 'attempt': 's'})
        self.assertIn('staged data', self.failure()[0])

    def test_staged_on_another_host(self):
        self.put(self.area)
        self.import_('glance-direct', host='other#1')
        self.assertIn('host', self.failure()[0])
        self.assertEqual([IMAGE], self.files('staging'))

    def test_fetched_by_a_host_that_is_gone(self):
        self.serve()
        self.import_(host='other#1', progress={
            'next': 'store:fast', 'tries': 1,
            'state': {'staged': {'url': 'file:///x', 'size': 1}}})
        self.result()
        self.assertEqual({IMAGE: DATA}, self.whole('fast'))

    def test_bound_to_where_the_data_is(self):
        self.serve()
        job = self.import_()
        self.assertEqual([None, staging.host()], [
            host for host, _notes in itertools.groupby(
                note['host'] for note in self.notes)])
        self.assertTrue(job.is_at_home())

    def test_a_signature_of_other_data(self):
        class Verifier:

            def __init__(self, signature):
                self.signature, self.data = signature, b''

            def feed(self, view):
                self.data += bytes(view)

            def finish(self):
                if self.data != self.signature['of']:
                    raise exceptions.BadRequest('signature')
        self.useFixture(base.fixtures.MonkeyPatch(
            'glance.store.checks.signatures.Verifier', Verifier))
        self.serve()
        self.import_(signature={'of': DATA})
        self.result()
        self.registry.tasks.reset_mock()
        self.import_(signature={'of': b'x'}, stores=['fast'])
        self.assertEqual('signature', self.failure()[0])

    def test_another_store_gets_a_copy(self):
        """From the store that has it; what is left out has the data."""
        self.active(self.fast)
        self.conf.config(image_size_cap=1)
        self.work('copy_image', method='copy-image', stores=['cold'])
        self.assertEqual({'image_id': IMAGE}, self.result())
        self.assertEqual({IMAGE: DATA}, self.whole('cold'))
        self.assertEqual([None], [one[2] for one in self.stored()])

    def test_an_undone_copy(self):
        self.active(self.fast)
        url = self.put(self.cold)
        self.work('copy_image', method='copy-image', stores=['cold'],
                  progress={'next': 'check', 'reason': 'cancelled', 'state': {
                      'active': True, 'stored': {'cold': url}}})
        self.assertEqual(('cancelled', ['cold']), self.failure())
        self.assertEqual(url, self.registry.imports.undo_store
                         .call_args.args[4])

    def test_what_has_made_the_image_active_stays(self):
        self.active(self.fast)
        self.import_(progress={
            'next': 'check', 'reason': 'cancelled', 'state': {
                'active': True, 'stored': {'fast': 'file:///x'}}})
        self.registry.imports.undo_store.assert_not_called()
        self.assertEqual({IMAGE: DATA}, self.whole('fast'))

    def test_a_copy_of_damaged_data(self):
        self.active(self.fast, data=DATA)
        self.records[IMAGE].update(base.facts(DATA[1:] + b'x'))
        self.work('copy_image', method='copy-image', stores=['cold'])
        self.assertIn('checksum', self.failure()[0])
        self.assertEqual([], self.files('cold'))
