"""A registry that was frozen does not do what nobody waits for any more."""

import os
import signal
import time

import fixtures

from glance.common import concurrency
from glance.common import exceptions
from glance.registry import rpcapi
from tests.fixtures import database
from tests.fixtures import programs
from tests.fixtures.servers import mariadb
from tests.fixtures.servers import workspace
from tests.functional.bus import base
from tests.functional.bus import test_outage

_IMAGE = {'id': '6b1f8f2e-9d1c-4f53-8a51-6f0e4a1c2d3b', 'name': 'first',
          'visibility': 'shared', 'owner': 'p1', 'disk_format': 'raw',
          'container_format': 'bare', 'min_disk': 0, 'min_ram': 0,
          'protected': False, 'os_hidden': False, 'properties': {},
          'tags': []}
_DATA = {'size': 3, 'virtual_size': None, 'checksum': 'c' * 32,
         'os_hash_algo': 'sha512', 'os_hash_value': 'h' * 128,
         'url': 'file:///x', 'metadata': {}}
_NO_LIMIT = -1


def _named(name):
    return {'attributes': {'name': name}, 'set_properties': {'a': name}}


class LateWritesTest(base.RabbitTestCase):

    def setUp(self):
        super().setUp()
        self.config.config(rpc_timeout=1, group='registry')
        # It takes turns with what is sent: without it, what is sent again
        # goes to the other registry.
        self.useFixture(fixtures.MonkeyPatch(
            'glance.rpc.client.Client._touch', lambda rpc: None))
        self.work = self.useFixture(workspace.Workspace())
        url = database.complete(self.useFixture(mariadb.MariaDB()))
        self.file = programs.write_config(self.work.join('registry.conf'), {
            'DEFAULT': {'transport_url': self.broker.url, 'debug': 'true'},
            'database': {'connection': url}})
        self.frozen = self.registry('frozen')
        rpc = rpcapi.client.Client('registry', None, rpcapi.VERSION)
        self.addCleanup(rpc.close)
        self.api = rpcapi.RegistryAPI(rpc)

    def registry(self, name):
        return self.useFixture(programs.start(
            'glance-registry', '--config-file', self.file,
            log=self.work.join(name + '.log')))

    def until_done(self, method, **kwargs):
        """A client that repeats what is answered with 503."""
        deadline = time.monotonic() + 60
        while True:
            try:
                return method(self.ctxt, **kwargs)
            except exceptions.RegistryUnavailable:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.05)

    def deactivated_image(self):
        image_id = self.until_done(self.api.images.create,
                                   image=_IMAGE)['id']
        begun = self.api.uploads.begin(self.ctxt, image_id, 'file', True, 3)
        self.api.uploads.finish(self.ctxt, image_id, begun['id'],
                                begun['attempt'], _DATA)
        self.api.images.deactivate(self.ctxt, image_id)
        return image_id

    def writes(self, image_id):
        """What is asked for in vain, and then done and undone."""
        images, members = self.api.images, self.api.members
        one = {'image_id': image_id}
        member = dict(one, member_id='p2')
        return [(images.update, dict(one, changes=_named('late')),
                 images.update, dict(one, changes=_named('last'))),
                (images.add_tag, dict(one, tag='t', limit=_NO_LIMIT),
                 images.remove_tag, dict(one, tag='t')),
                (members.create, dict(member, limit=_NO_LIMIT),
                 members.delete, member),
                (images.reactivate, one, images.deactivate, one)]

    def freeze(self):
        os.killpg(self.frozen.pid, signal.SIGSTOP)
        self.addCleanup(self.thaw)
        # One that still ran could freeze with the lock of the image's row.
        pids = test_outage.tree(self.frozen.pid)
        while {test_outage.state(pid) for pid in pids} - set('TZ'):
            time.sleep(0.01)

    def thaw(self):
        os.killpg(self.frozen.pid, signal.SIGCONT)

    def ask_in_vain(self, writes):
        tasks = [concurrency.spawn(lambda one=one: one[0](self.ctxt,
                                                          **one[1]))
                 for one in writes]
        for task in tasks:
            self.assertRaises(exceptions.RegistryUnavailable, task.wait, 10)

    def seen(self, image_id):
        return (self.until_done(self.api.images.get, image_id=image_id),
                self.until_done(self.api.members.list, image_id=image_id))

    def wait_for_late(self, count):
        """Until the thawed one has dealt with what waited for it."""
        deadline = time.monotonic() + 30
        while self.frozen.output().count(' images.reactivate: ') < count:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def test_what_was_acknowledged_stays(self):
        image_id = self.deactivated_image()
        writes = self.writes(image_id)
        self.freeze()
        self.ask_in_vain(writes)
        self.registry('other')
        for again, arguments, undo, undo_arguments in writes:
            self.until_done(again, **arguments)
            self.until_done(undo, **undo_arguments)
        before = self.seen(image_id)
        self.assertEqual('last', before[0]['name'])
        self.thaw()
        self.wait_for_late(2)
        self.assertEqual(before, self.seen(image_id))
