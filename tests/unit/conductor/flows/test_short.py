"""What ends soon: data is removed, and the registry is told."""

from glance.common import exceptions
from glance.conductor import claims
from glance.store import staging
from tests.unit.conductor import base
from tests.unit.conductor.base import IMAGE


class TestShort(base.WorkTestCase):

    def check_told(self, method, *expected):
        method.assert_called_once()
        self.assertEqual(expected, method.call_args.args[1:])

    def delete_location(self, error=None, **given):
        url = self.put(self.fast)
        if error is not None:
            def fail(*args):
                raise error
            self.fast.delete = fail
        self.work('delete_location', number=3, **dict({
            'url': url, 'metadata': {}, 'location': 4, 'shared': False},
            **given))

    def test_delete_location(self):
        self.delete_location()
        self.assertEqual([], self.files('fast'))
        self.check_told(self.registry.locations.finish_delete, IMAGE, 4, 'w',
                        3)

    def test_data_that_others_have(self):
        self.delete_location(shared=True)
        self.assertEqual([IMAGE], self.files('fast'))
        self.check_told(self.registry.locations.finish_delete, IMAGE, 4, 'w',
                        3)

    def test_data_that_the_store_needs(self):
        self.delete_location(exceptions.InUseByStore())
        self.registry.locations.finish_delete.assert_not_called()
        self.check_told(self.registry.locations.fail_delete, IMAGE, 4, 'w', 3)

    def test_delete_data(self):
        self.work('delete_data', number=3, url=self.put(self.fast),
                  metadata={})
        self.assertEqual([], self.files('fast'))
        self.check_told(self.registry.work.data_deleted, 'w', 3, IMAGE)

    def test_discard_data(self):
        for attempt in 'abc':
            self.put(self.cold, attempt=attempt, settled=False)
        self.work('discard_data', number=3, store='cold',
                  attempts=['a', 'c'])
        self.assertEqual(['b'], [one.attempt for one in self.cold.list()])
        self.check_told(self.registry.work.finish, 'w', 3)

    def stage(self, kind, host, **given):
        self.put(self.area, attempt='w', settled=False)
        self.work(kind, number=3, host=host, **given)

    def test_a_lost_stage_fails_and_leaves_nothing(self):
        for host in (None, staging.host()):
            for size, received in ((None, True), (1, True), (0, False)):
                self.registry.reset_mock()
                self.stage('stage', host, size=size)
                self.assertEqual([], self.files('staging'))
                self.registry.stages.fail.assert_called_once()
                call = self.registry.stages.fail.call_args
                self.assertEqual((IMAGE, 'w', 3), call.args[1:])
                self.assertEqual({'received': received}, call.kwargs)

    def test_staged_data_on_another_host_is_left(self):
        self.stage('stage', 'other#1')
        self.work('delete_staged', host='other#1', attempt='w')
        self.assertNotEqual([], self.files('staging'))

    def test_delete_staged(self):
        self.stage('delete_staged', None, attempt='w')
        self.assertEqual([], self.files('staging'))
        self.check_told(self.registry.work.finish, 'w', 3)

    def test_staged_data_of_a_release_without_attempts(self):
        self.stage('delete_staged', None)
        self.assertNotEqual([], self.files('staging'))
        self.check_told(self.registry.work.finish, 'w', 3)

    def test_work_of_a_newer_release(self):
        error = self.assertRaises(exceptions.Conflict, self.work, 'dance')
        self.assertIn('newer release', str(error))

    def test_work_of_a_host_that_has_another_name_now(self):
        """The release before knew no folders."""
        self.useFixture(base.fixtures.MonkeyPatch(
            'glance.store.staging.socket.gethostname', lambda: 'me'))
        self.serve()
        self.assertRaises(
            claims.Draining, self.work, host='me',
            method='web-download', uri='x', stores=['fast'],
            staged={'url': 'file:///elsewhere/x'})
        self.assertTrue(self.notes[-1])
        self.assertEqual([], self.fetched)
