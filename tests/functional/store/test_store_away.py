"""One of two stores is killed, or frozen, below a whole service."""

import os
import signal
import statistics
import threading
import time

from oslotest import base
import requests

from tests.fixtures import ports
from tests.fixtures import programs
from tests.fixtures.servers import mongodb
from tests.fixtures.servers import workspace

DATA = os.urandom(9 << 20)
DOWNLOADS = 20
_TYPE = {'Content-Type': 'application/octet-stream'}
_LIMIT = 5


class Away(base.BaseTestCase):
    """:cvar limit: seconds after which an operation of the store fails
    :cvar data: of the image that is in both stores
    """

    limit, data = _LIMIT, DATA

    def setUp(self):
        super().setUp()
        self.server = self.useFixture(mongodb.MongoDB())
        work = self.useFixture(workspace.Workspace())
        port = ports.free_port()
        self.url = 'http://127.0.0.1:%d' % port
        config = programs.write_config(work.join('glance.conf'), {
            'DEFAULT': {'enabled_backends': 'grid:gridfs, fast:file'},
            'glance_store': {'default_backend': 'grid'},
            'grid': {'mongodb_store_uri': '%s&timeoutMS=%d' % (
                self.server.uri, 1000 * self.limit), 'weight': '100',
                'mongodb_store_db': 'images'},
            'fast': {'filesystem_store_datadir': work.join('fast')},
            'work': {'poll_interval': '0.5'},
            'os_glance_staging_store': {
                'filesystem_store_datadir': work.join('staging')}})
        self.useFixture(programs.start(
            'glance-standalone', '--config-file', config, '--port', port,
            '--state-dir', work.join('state'), url=self.url,
            log=work.join('log')))

    def call(self, verb, path, expected, **kwargs):
        answer = requests.request(verb, self.url + '/v2' + path, timeout=120,
                                  **kwargs)
        self.assertEqual(expected, answer.status_code, answer.text[:999])
        return answer

    def create(self):
        return self.call('POST', '/images', 201, json={
            'disk_format': 'raw', 'container_format': 'bare'}).json()['id']

    def put(self, image_id, expected=204):
        return self.call('PUT', '/images/%s/file' % image_id, expected,
                         data=DATA[:1 << 20], headers=_TYPE)

    def in_both(self):
        """:returns: the id of an image with data in both stores"""
        image_id = self.create()
        self.call('PUT', '/images/%s/file' % image_id, 204, data=self.data,
                  headers=_TYPE)
        self.call('POST', '/images/%s/import' % image_id, 202, json={
            'method': {'name': 'copy-image'}, 'stores': ['fast']})
        self.until(lambda: 'fast' in self.call(
            'GET', '/images/' + image_id, 200).json()['stores'])
        return image_id

    def until(self, condition):
        deadline = time.monotonic() + 120
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.2)

    def freeze(self):
        self.server.process.signal(signal.SIGSTOP)
        self.addCleanup(self.server.process.signal, signal.SIGCONT)

    def download(self, image_id, happens=lambda: None):
        """:returns: whether all the data came"""
        path = '%s/v2/images/%s/file' % (self.url, image_id)
        with requests.get(path, stream=True, timeout=120) as answer:
            chunks = answer.iter_content(1 << 20)
            first = next(chunks)
            happens()
            return first + b''.join(chunks) == self.data

    def start_downloads(self, image_id, happens=lambda: None):
        """:returns: threads, and what `download` has told in them so far"""
        whole = []
        threads = [threading.Thread(target=lambda: whole.append(
            self.download(image_id, happens))) for _number in range(DOWNLOADS)]
        for thread in threads:
            thread.start()
        return threads, whole


class AwayTest(Away):

    def slowest(self, image_id, seconds):
        """One of a hundred would be the whim of the machine.

        :returns: seconds that one of ten requests takes, at least
        """
        found, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            begin = time.monotonic()
            self.call('GET', '/images/' + image_id, 200)
            found.append(time.monotonic() - begin)
        return statistics.quantiles(found, n=10)[-1]

    def download_often(self, image_id, happens=lambda: None):
        """:param happens: called by each when its first bytes have come
        :returns: as `slowest`, meanwhile
        """
        threads, whole = self.start_downloads(image_id, happens)
        slowest = self.slowest(image_id, 4)
        for thread in threads:
            thread.join()
        self.assertEqual([True] * DOWNLOADS, whole)
        return slowest

    def test_downloads_go_on_from_the_other_store(self):
        """And other requests are served as they were."""
        image_id = self.in_both()
        usual = self.download_often(image_id)
        begun = threading.Barrier(
            DOWNLOADS, lambda: self.server.process.signal(signal.SIGKILL))
        killed = self.download_often(image_id, lambda: begun.wait(60))
        # Who waited for the dead store would take as long as its limit.
        self.assertLess(killed, max(2 * usual, _LIMIT), usual)

    def test_a_frozen_store_is_asked_by_few(self):
        image_id, new = self.in_both(), self.create()
        self.freeze()
        times = []
        for _number in range(9):
            begin = time.monotonic()
            self.assertTrue(self.download(image_id))
            times.append(time.monotonic() - begin)
        waited = [taken > _LIMIT for taken in times]
        self.assertEqual([True] * 3, waited[:3], times)
        # On a slow machine one of the others may be the next that tries.
        self.assertLessEqual(sum(waited[3:]), 2, times)
        self.refused_at_once(new)
        self.server.process.signal(signal.SIGCONT)
        self.until(lambda: requests.put(
            '%s/v2/images/%s/file' % (self.url, new), data=DATA,
            headers=_TYPE).status_code == 204)

    def refused_at_once(self, image_id):
        """Nothing was sent, so it can be sent again; it stays queued."""
        for _number in range(3):
            begin = time.monotonic()
            answer = self.call('PUT', '/images/%s/file' % image_id, 503,
                               headers=dict(_TYPE, Expect='100-continue'),
                               data=b'')
            self.assertLess(time.monotonic() - begin, _LIMIT)
            self.assertIn(int(answer.headers['Retry-After']), range(1, 6))
        image = self.call('GET', '/images/' + image_id, 200).json()
        self.assertEqual('queued', image['status'])


class FrozenTest(Away):
    """A store says nothing for longer than anybody is ready to wait."""

    limit = 600
    # More than is on its way when the store stops.
    data = 3 * DATA

    def test_others_do_not_queue_behind_downloads(self):
        """Data of the other store comes while many wait for the frozen one."""
        image_id, other_id = self.in_both(), self.create()
        self.call('PUT', '/images/%s/file' % other_id, 204, data=self.data,
                  headers=dict(_TYPE, **{'X-Image-Meta-Store': 'fast'}))
        begun, frozen = threading.Barrier(DOWNLOADS), threading.Event()

        def freeze():
            if begun.wait(120) == 0:
                self.freeze()
                frozen.set()
            frozen.wait(120)
        threads, whole = self.start_downloads(image_id, freeze)
        self.assertTrue(frozen.wait(240))
        self.assertTrue(self.download(other_id))
        self.call('GET', '/images/' + other_id, 200)
        self.assertEqual([], whole)
        self.server.process.signal(signal.SIGCONT)
        for thread in threads:
            thread.join()
        self.assertEqual([True] * DOWNLOADS, whole)
