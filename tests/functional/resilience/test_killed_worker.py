"""kill -9 of the API while it receives an image."""

import os
import signal
import socket
import subprocess

from tests.functional.resilience import base


class KilledWorkerTest(base.TestCase):

    def setUp(self):
        super().setUp()
        self.cloud = self.useFixture(base.TrustedCallers(
            shared={'work': {'lease': '3', 'poll_interval': '0.5'}}))
        self.caller = base.Caller(self.cloud.url)

    def test_the_image_is_queued_again_and_nothing_is_left(self):
        image_id = self.caller.create()
        connection = self.begin_upload(image_id)
        self.wait_until(self.stored, base.PATIENCE, 'the upload')
        self.kill_workers()
        connection.close()
        self.wait_until(
            lambda: self.status(image_id) == 'queued', base.PATIENCE,
            'the recovery')
        self.assertEqual([], self.stored())
        retried = self.wait_until(
            lambda: self.caller.upload(image_id, b'whole'), base.PATIENCE,
            'a retry')
        self.assertEqual(204, retried.status_code)
        self.assertEqual('active', self.status(image_id))

    def begin_upload(self, image_id):
        connection = socket.create_connection(
            ('127.0.0.1', self.cloud.port))
        headers = dict(base.HEADERS, **base.DATA_TYPE)
        headers.update({'Host': 'x', 'Content-Length': str(64 << 20)})
        lines = ['PUT /v2/images/%s/file HTTP/1.1' % image_id]
        lines += ['%s: %s' % header for header in headers.items()]
        connection.sendall('\r\n'.join(lines + ['', '']).encode())
        connection.sendall(b'x' * (8 << 20))
        return connection

    def stored(self):
        folder = self.cloud.work.join('images')
        return os.listdir(folder) if os.path.isdir(folder) else []

    def kill_workers(self):
        parent = self.cloud.api_program.pid
        children = subprocess.run(
            ['ps', '-o', 'pid=', '--ppid', str(parent)],
            capture_output=True, text=True).stdout.split()
        self.assertEqual(2, len(children))
        for pid in children:
            os.kill(int(pid), signal.SIGKILL)

    def status(self, image_id):
        try:
            return self.caller.show(image_id).get('status')
        except OSError:
            return None
