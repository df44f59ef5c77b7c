"""With a real Keystone: what a stand-in for nova and cinder has is known."""

import uuid

from oslotest import base as test_base

from tests.fixtures import cloud
from tests.fixtures import programs
from tests.fixtures.servers import keystone
from tests.fixtures.servers import keystone_accounts
from tests.functional.usage import base

IMAGE = str(uuid.uuid4())
# The conductor asks once a minute what is due.
_PATIENCE = 600


class SyncingTest(test_base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.keystone = self.useFixture(keystone.Keystone())
        self.cloud = self.useFixture(cloud.Cloud())
        self.cloud.checks_tokens = False
        self.options = {
            'enabled': 'true', 'auth_type': 'password',
            'auth_url': self.keystone.url, 'username': 'glance',
            'password': keystone_accounts.password('glance'),
            'project_name': 'service', 'user_domain_id': 'default',
            'project_domain_id': 'default', 'region_name': self.region()}
        self.server = self.cloud.server(1, IMAGE)
        volume = self.cloud.volume(2, IMAGE)
        self.cloud.add('snapshots', 3, volume_id=volume)

    def start(self, sync_interval):
        self.program = self.useFixture(base.Listening('local://', **dict(
            self.options, sync_interval=sync_interval)))

    def region(self):
        region = None
        for kind in ('compute', 'volumev3'):
            region = self.keystone.add_service(
                kind, kind, self.cloud.url_of('one', kind), region)
        return region

    def manage(self, *arguments):
        config = programs.write_config(self.program.state + '/manage.conf', {
            'DEFAULT': {'transport_url': 'local://'}, 'usage': self.options,
            'database': {'connection': 'sqlite:///%s/glance.sqlite'
                         % self.program.state}})
        return programs.run('glance-manage', '--config-file', config,
                            'usage', 'sync', *arguments)

    def going_on(self):
        """:returns: {(kind, number): image}"""
        return {(kind, uuid.UUID(one).int): image
                for (kind, one, image), (_since, _seen, until)
                in self.program.rows().items() if until is None and image}

    def test_by_the_command(self):
        self.start(sync_interval=0)
        printed = self.manage('--dry-run')
        self.assertIn('server %s uses image %s' % (self.server, IMAGE),
                      printed)
        self.assertIn('Nothing was changed.', printed)
        self.assertEqual({}, self.going_on())
        self.manage()
        self.assertEqual({('server', 1), ('volume', 2), ('snapshot', 3)},
                         set(self.going_on()))

    def test_by_the_conductor(self):
        self.start(sync_interval=1)
        base.wait_for(self, {('server', 1), ('volume', 2), ('snapshot', 3)},
                      lambda: set(self.going_on()), _PATIENCE)
        self.cloud.remove(self.server)
        self.cloud.server(4, IMAGE)
        base.wait_for(self, {('server', 4), ('volume', 2), ('snapshot', 3)},
                      lambda: set(self.going_on()), _PATIENCE)
        self.assertNotIn(self.options['password'],
                         self.program.program.output())
