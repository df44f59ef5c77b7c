"""Workers are replaced, reloaded and drained; who is in the middle is served.

The API hosts its registry, so that nothing else is needed.
"""

import os
import signal
import socket
import threading
import time

from oslotest import base
import requests

from tests.fixtures import database
from tests.fixtures import ports
from tests.fixtures import processes
from tests.fixtures import programs
from tests.fixtures.servers import workspace

HALF = 8 << 20
children, is_alive = processes.children, processes.is_alive


class ApiTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.work = self.useFixture(workspace.Workspace())
        self.port = ports.free_port()
        self.url = 'http://127.0.0.1:%d' % self.port
        self.configure()
        database.complete_file(self.work.join('db'))
        self.program = self.useFixture(programs.start(
            'glance-api', '--config-file', self.config, url=self.url,
            log=self.work.join('log')))
        self.until(lambda: self.program.output().count(' serves') == 2)

    def configure(self, page=25, **more):
        path = self.work.join('glance-api.conf')
        self.config = programs.write_config(path, {
            'DEFAULT': dict(dict(
                bind_host='127.0.0.1', bind_port=self.port, workers=2,
                graceful_shutdown_timeout=60, limit_param_default=page),
                **more),
            'database': {'connection': 'sqlite:///' + self.work.join('db')},
            'glance_store': {
                'filesystem_store_datadir': self.work.join('images')},
            'paste_deploy': {'flavor': 'standalone'}})

    def until(self, check, seconds=120):
        deadline = time.monotonic() + seconds
        while not check():
            if time.monotonic() > deadline:
                self.fail(self.program.tail())
            time.sleep(0.05)

    def create(self):
        return requests.post(self.url + '/v2/images', json={
            'disk_format': 'raw', 'container_format': 'bare'},
            timeout=60).json()['id']

    def begin_upload(self, image_id, call='file', status='saving'):
        """An upload that waits for its second half."""
        client = socket.create_connection(('127.0.0.1', self.port), 60)
        # A green socket lives as long as itself is known, not its method.
        self.addCleanup(lambda: client.close())
        client.sendall(
            b'PUT /v2/images/%s/%s HTTP/1.1\r\nHost: localhost\r\n'
            b'Content-Type: application/octet-stream\r\n'
            b'Content-Length: %d\r\n\r\n' % (
                image_id.encode(), call.encode(), 2 * HALF))
        client.sendall(b'x' * HALF)
        self.until(lambda: self.status(image_id) == status)
        return client

    def end_upload(self, client):
        client.sendall(b'y' * HALF)
        return client.recv(65536)

    def status(self, image_id):
        return requests.get(self.url + '/v2/images/' + image_id,
                            timeout=60).json()['status']


class WorkersTestCase(ApiTestCase):

    def test_killed_worker_is_replaced(self):
        before = children(self.program.pid)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        self.until(lambda: len(children(self.program.pid) - before) == 2)
        self.until(lambda: programs.answers(self.url + '/v2/images', 200))

    def test_workers_do_not_outlive_their_parent(self):
        before = children(self.program.pid)
        os.kill(self.program.pid, signal.SIGKILL)
        self.until(lambda: not any(map(is_alive, before)))

    def refuses(self):
        try:
            requests.get(self.url, timeout=60).close()
        except requests.ConnectionError:
            return True

    def test_stop_lets_an_upload_finish(self):
        client = self.begin_upload(self.create())
        self.program.signal(signal.SIGTERM)
        self.until(self.refuses)
        self.assertIn(b' 204 ', self.end_upload(client))
        self.assertEqual(0, self.program.wait(60))


class ReloadTestCase(ApiTestCase):

    def first_generation(self):
        return children(self.program.pid)

    def page(self):
        body = requests.get(self.url + '/v2/images', timeout=60).json()
        return len(body['images'])

    def test_new_options_without_a_refused_request(self):
        for _ in range(3):
            self.create()
        old = self.first_generation()
        knocking = Knocking(self.url)
        knocking.start()
        self.configure(page=2)
        self.program.signal(signal.SIGHUP)
        self.until(lambda: not old & children(self.program.pid))
        knocking.end()
        self.assertEqual([], knocking.refused)
        self.assertGreater(knocking.served, 10)
        self.assertEqual(2, self.page())

    def test_upload_under_way_is_finished_by_its_worker(self):
        image_id = self.create()
        client = self.begin_upload(image_id)
        old = self.first_generation()
        self.program.signal(signal.SIGHUP)
        self.until(lambda: len(children(self.program.pid) - old) == 2)
        self.until(lambda: len(old & children(self.program.pid)) == 1)
        self.assertIn(b' 204 ', self.end_upload(client))
        self.assertEqual('active', self.status(image_id))
        self.until(lambda: not old & children(self.program.pid))

    def test_file_that_cannot_be_read_changes_nothing(self):
        old = self.first_generation()
        with open(self.config, 'w') as file:
            file.write('[DEFAULT\n')
        self.program.signal(signal.SIGHUP)
        self.until(lambda: 'not used' in self.program.tail())
        self.assertEqual(old, children(self.program.pid), self.program.tail())
        self.assertTrue(programs.answers(self.url + '/v2/images', 200))

    def test_options_no_worker_can_start_with(self):
        """The workers that serve stay as long as no new one does."""
        old = self.first_generation()
        self.configure(page=25, use_json='not a boolean')
        with open(self.config, 'a') as file:
            file.write('\n[paste_deploy]\nconfig_file = /does/not/exist\n')
        self.program.signal(signal.SIGHUP)
        self.until(lambda: 'not used' in self.program.output())
        self.assertEqual(old, old & children(self.program.pid))
        self.assertTrue(programs.answers(self.url + '/v2/images', 200))


class TransfersTestCase(ApiTestCase):
    """After a reload they may go on, also beyond the time of a stop."""

    def configure(self, **more):
        super().configure(graceful_shutdown_timeout=1, **more)

    def begin_download(self):
        image_id = self.create()
        self.assertIn(b' 204 ', self.end_upload(self.begin_upload(image_id)))
        client = socket.create_connection(('127.0.0.1', self.port), 60)
        self.addCleanup(lambda: client.close())
        client.sendall(b'GET /v2/images/%s/file HTTP/1.1\r\n'
                       b'Host: localhost\r\nConnection: close\r\n\r\n'
                       % image_id.encode())
        return client, client.recv(1000)

    def reload(self):
        old = children(self.program.pid)
        self.program.signal(signal.SIGHUP)
        self.until(lambda: self.program.output().count(' serves') == 4, 120)
        return old

    def test_they_are_finished_after_a_reload(self):
        uploaded, staged = self.create(), self.create()
        upload = self.begin_upload(uploaded)
        stage = self.begin_upload(staged, 'stage', 'uploading')
        download, got = self.begin_download()
        old = self.reload()
        # More than what a stop grants.
        time.sleep(8)
        self.assertIn(b' 204 ', self.end_upload(upload))
        self.assertIn(b' 204 ', self.end_upload(stage))
        while part := download.recv(1 << 20):
            got += part
        self.assertEqual(2 * HALF, len(got.partition(b'\r\n\r\n')[2]))
        self.assertEqual('active', self.status(uploaded))
        self.until(lambda: not old & children(self.program.pid))

    def test_stop_does_not_wait_for_ever(self):
        self.begin_upload(self.create())
        self.program.signal(signal.SIGTERM)
        # Its second half never comes.
        self.program.wait(60)

    def test_stop_after_a_reload(self):
        """It has the time of a stop, and no more."""
        image_id = self.create()
        self.begin_upload(image_id)
        self.reload()
        self.until(lambda: 'may finish' in self.program.output())
        self.assertEqual('saving', self.status(image_id))
        self.program.signal(signal.SIGTERM)
        self.assertEqual(0, self.program.wait(60))

    def test_old_workers_end_at_the_drain_timeout(self):
        self.configure(transfer_drain_timeout=1)
        self.begin_upload(self.create())
        old = self.reload()
        self.until(lambda: not old & children(self.program.pid), 60)


class Knocking(threading.Thread):
    """Asks again and again, each time on a new connection."""

    def __init__(self, url):
        super().__init__(daemon=True)
        self._url, self._ended = url, False
        self.served, self.refused = 0, []

    def run(self):
        while not self._ended:
            try:
                got = requests.get(self._url + '/v2/images', timeout=60)
                got.raise_for_status()
                self.served += 1
            except requests.RequestException as error:
                self.refused.append(repr(error))

    def end(self):
        self._ended = True
        self.join()
