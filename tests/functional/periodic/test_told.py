"""Damage that conductors find and heal, as readers of the bus hear of it."""

import os

import fixtures
import kombu

from tests.faults import listener
from tests.functional.resilience import base

DATA = bytes(range(256)) * 100


class TestTold(base.TestCase):

    def setUp(self):
        super().setUp()
        self.folder = self.useFixture(fixtures.TempDir()).path
        self.cloud = self.useFixture(base.TrustedCallers(shared=dict(
            {name: {'filesystem_store_datadir': self.path(name)}
             for name in ('fast', 'cold', 'os_glance_staging_store')},
            DEFAULT={'enabled_backends': 'fast:file, cold:file',
                     'enabled_import_methods': '[copy-image]'},
            glance_store={'default_backend': 'fast'},
            periodic={'audit_pause': '1', 'audit_interval': '1'},
            oslo_messaging_notifications={'driver': 'messagingv2'})))
        self.caller = base.Caller(self.cloud.url)
        url = self.cloud.bus.url.replace('rabbit://', 'amqp://')
        self.listener = listener.Listener(
            lambda: kombu.Connection(url), self.path('journal'))
        self.listener.start()
        self.addCleanup(self.listener.stop)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def copied(self):
        """:returns: id of an image in both stores"""
        image_id = self.caller.create()
        self.caller.upload(image_id, DATA)
        answer = self.caller.request(
            'POST', '/%s/import' % image_id, headers={'X-Roles': 'admin'},
            json={'method': {'name': 'copy-image'}, 'stores': ['cold']})
        self.assertEqual(202, answer.status_code, answer.text)
        self.wait_until(lambda: 'cold' in self.caller.show(
            image_id)['stores'], 60, 'the copy')
        return image_id

    def audits(self):
        return [payload for event_type, payload in self.listener.events
                if event_type == 'image.audit']

    def test_bad_and_healed(self):
        image_id = self.copied()
        # Beside it there may be the hidden name of its writer, for a moment.
        with open(self.path('cold', image_id), 'r+b') as file:
            file.write(b'damage')
        self.wait_until(lambda: len(self.audits()) == 2, 60, 'two events')
        self.assertEqual(
            [('bad', 'cold', image_id), ('healed', 'cold', image_id)],
            [(one['result'], one['store'], one['id'])
             for one in self.audits()])
        self.assertEqual('hash', self.audits()[0]['reason'])
