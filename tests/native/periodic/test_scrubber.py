"""glance-scrubber beside a service: looks, removes, restores."""

import os
import signal
import time

from oslotest import base
import requests

from tests.fixtures import ports
from tests.fixtures import processes
from tests.fixtures import programs
from tests.fixtures.servers import workspace


class TestScrubber(base.BaseTestCase):
    """The service keeps what was deleted, the commands have other options."""

    def setUp(self):
        super().setUp()
        self.work = self.useFixture(workspace.Workspace())
        self.state = self.work.join('state')
        port = ports.free_port()
        self.url = 'http://127.0.0.1:%d/v2/images' % port
        self.useFixture(programs.start(
            'glance-standalone', '--port', port, '--state-dir', self.state,
            '--config-file', self.configure('glance.conf', scrub_time=3600),
            url='http://127.0.0.1:%d' % port, log=self.work.join('log')))
        self.now = self.configure('now.conf', scrub_time=0)
        self.later = self.configure('later.conf', scrub_time=3600)

    def configure(self, name, **options):
        return programs.write_config(self.work.join(name), {
            'DEFAULT': dict(options, delayed_delete=True, wakeup_time=1),
            'paste_deploy': {'flavor': 'standalone'},
            'work': {'poll_interval': 300},
            'periodic': {'leftovers_grace': 0},
            'database': {'connection': 'sqlite:///%s/glance.sqlite'
                         % self.state},
            'glance_store': {
                'filesystem_store_datadir': self.state + '/images'}})

    def new(self, deleted=False):
        image_id = requests.post(self.url, json={
            'disk_format': 'raw', 'container_format': 'bare', 'colour': 'red',
            'tags': ['t']}, timeout=30).json()['id']
        requests.put('%s/%s/file' % (self.url, image_id), data=b'data',
                     timeout=30, headers={
                         'Content-Type': 'application/octet-stream'}
                     ).raise_for_status()
        if deleted:
            requests.delete('%s/%s' % (self.url, image_id),
                            timeout=30).raise_for_status()
        return image_id

    def scrub(self, *arguments, config=None):
        return programs.run('glance-scrubber', '--config-file',
                            config or self.now, *arguments)

    def files(self):
        return sorted(os.listdir(os.path.join(self.state, 'images')))

    def get(self, path):
        return requests.get('%s/%s' % (self.url, path), timeout=30)

    def test_the_restored_stays_and_the_rest_goes(self):
        kept, gone = self.new(deleted=True), self.new(deleted=True)
        part = os.path.join(self.state, 'images', '.%s.x.part' % kept)
        with open(part, 'w'):
            pass
        self.assertEqual('Locations removed: 0, to be tried again: 0\n',
                         self.scrub(config=self.later))
        shown = self.scrub('--dry-run', '--leftovers')
        for image_id in (kept, gone):
            self.assertIn('image %s, 4 bytes' % image_id, shown)
        # The parts of who waits for its deletion are not looked at.
        self.assertNotIn('attempt', shown)
        self.assertEqual(3, len(self.files()))
        self.restore(kept)
        shown = self.scrub('--leftovers')
        self.assertIn('Locations removed: 1, to be tried again: 0', shown)
        self.assertIn('Leftovers, remove: 1', shown)
        self.assertEqual([kept], self.files())
        self.assertEqual(b'data', self.get(kept + '/file').content)
        error = self.assertRaises(processes.StartError, self.scrub,
                                  '--restore', gone)
        self.assertIn('No image that waits for its deletion', str(error))

    def restore(self, image_id):
        self.assertEqual(404, self.get(image_id).status_code)
        self.assertIn(image_id, self.scrub('--restore', image_id))
        image = self.get(image_id).json()
        self.assertEqual(('active', 'red', ['t']),
                         (image['status'], image['colour'], image['tags']))

    def test_the_daemon_scrubs_again_and_again(self):
        daemon = self.useFixture(programs.start(
            'glance-scrubber', '--config-file', self.now, '-D',
            '--wakeup-time', '1', log=self.work.join('scrubber')))
        for _round in range(2):
            self.new(deleted=True)
            self.wait_until_empty()
        daemon.signal(signal.SIGTERM)
        self.assertEqual(0, daemon.wait())

    def wait_until_empty(self):
        deadline = time.monotonic() + 60
        while self.files() and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual([], self.files())
