"""What `glance-manage usage sync` prints, and how it ends."""

import fixtures

from glance.cmd import manage
from glance.cmd import manage_usage
from glance.conf import errors
from tests.unit.conductor.usage import test_sync

IMAGE = test_sync.IMAGE


class ManageUsageTest(test_sync.SyncTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.MonkeyPatch(
            'glance.cmd.manage_usage.rpcapi.connect', lambda: self.registry))
        self.useFixture(fixtures.MonkeyPatch(
            'glance.cmd.manage_usage.program.run_once',
            lambda prog, function: function()))
        self.conf.conf.prog = manage.PROG
        for name in ('stdout', 'stderr'):
            stream = self.useFixture(fixtures.StringStream(name)).stream
            self.useFixture(fixtures.MonkeyPatch('sys.' + name, stream))
            setattr(self, name, stream)

    def printed(self, stream):
        stream.seek(0)
        return stream.read()

    def test_what_has_changed_is_printed(self):
        made = self.cloud.server(1, IMAGE)
        self.assertEqual(0, manage_usage.sync())
        self.assertEqual({1: IMAGE}, self.uses())
        printed = self.printed(self.stdout)
        self.assertIn('server %s uses image %s' % (made, IMAGE), printed)
        self.assertIn('servers: 1, that is all of them', printed)
        self.assertIn('begun: 1, that have ended: 0', printed)

    def test_a_dry_run_changes_nothing(self):
        self.cloud.server(1, IMAGE)
        self.assertEqual(0, manage_usage.sync(dry_run=True))
        self.assertEqual({}, self.uses())
        printed = self.printed(self.stdout)
        self.assertIn('begun: 1', printed)
        self.assertIn('Nothing was changed.', printed)

    def test_it_fails_when_a_service_has_not_told_of_all(self):
        self.cloud.answers['/servers/detail'] = 500
        self.assertEqual(1, manage_usage.sync())
        self.assertIn('no whole answer on servers: HTTP status 500',
                      self.printed(self.stderr))

    def test_what_is_missing_is_told(self):
        self.configure(enabled=False)
        self.refuse('enabled')
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.usage.sync.credentials._LIBRARY', 'nosuchlib'))
        self.refuse('openstacksdk is not installed')
        self.configure(auth_type=None)
        self.refuse('auth_type')

    def refuse(self, words):
        error = self.assertRaises(errors.ConfigurationError,
                                  manage_usage.sync)
        self.assertIn(words, str(error))
