"""The commands of the cache, beside a service of one process."""

import subprocess

from oslotest import base
import requests

from tests.fixtures import ports
from tests.fixtures import processes
from tests.fixtures import programs
from tests.fixtures.servers import workspace


class TestCommands(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.work = self.useFixture(workspace.Workspace())
        self.port = ports.free_port()
        self.url = 'http://127.0.0.1:%d' % self.port
        state = self.work.join('state')
        self.config = programs.write_config(self.work.join('glance.conf'), {
            'DEFAULT': {'image_cache_dir': self.work.join('cache'),
                        'worker_self_reference_url': self.url,
                        'image_cache_upkeep_interval': 3600},
            'paste_deploy': {'flavor': 'cachemanagement'},
            'database': {'connection': 'sqlite:///%s/glance.sqlite' % state},
            'glance_store': {'filesystem_store_datadir': state + '/images'}})
        self.useFixture(programs.start(
            'glance-standalone', '--port', self.port, '--state-dir', state,
            '--config-file', self.config, url=self.url,
            log=self.work.join('log')))
        self.image_id = self.new()

    def new(self):
        image_id = requests.post(self.url + '/v2/images', json={
            'disk_format': 'raw', 'container_format': 'bare'},
            timeout=30).json()['id']
        requests.put('%s/v2/images/%s/file' % (self.url, image_id),
                     data=b'x' * 100000, timeout=30, headers={
                         'Content-Type': 'application/octet-stream'}
                     ).raise_for_status()
        return image_id

    def manage(self, *arguments):
        return programs.run('glance-cache-manage', '--host', '127.0.0.1',
                            '--port', str(self.port), *arguments)

    def status(self, *arguments, answer=''):
        return subprocess.run(
            [programs.executable('glance-cache-manage'), '--host',
             '127.0.0.1', '--port', str(self.port), *arguments],
            input=answer, text=True, capture_output=True).returncode

    def look_after(self, name):
        return programs.run('glance-cache-' + name, '--config-file',
                            self.config)

    def download(self):
        return requests.get('%s/v2/images/%s/file' % (
            self.url, self.image_id), timeout=30).content

    def test_manage_lists_queues_and_deletes(self):
        self.assertIn('No cached images', self.manage('list-cached'))
        self.assertEqual(b'x' * 100000, self.download())
        self.assertIn(self.image_id, self.wait_for('list-cached'))
        self.manage('--force', 'delete-cached-image', self.image_id)
        self.assertIn('No cached images', self.manage('list-cached'))
        self.manage('-f', 'queue-image', self.image_id)
        self.assertIn(self.image_id, self.wait_for('list-cached'))
        self.assertIn('Deleted 1', self.manage('-f',
                                               'delete-all-cached-images'))
        self.assertIn('Deleted 0', self.manage('-f',
                                               'delete-all-queued-images'))
        self.manage('-f', 'delete-queued-image', self.image_id)
        self.assertIn('queue-image IMAGE_ID', self.manage('help'))

    def wait_for(self, command):
        for _number in range(100):
            shown = self.manage(command)
            if self.image_id in shown:
                break
        return shown

    def test_manage_statuses(self):
        self.assertEqual(0, self.status('queue-image', self.image_id,
                                        answer='n\n'))
        self.assertIn('No cached images', self.manage('list-cached'))
        for arguments in (['nonsense'], ['list-cached', 'more'],
                          ['queue-image'], ['queue-image', 'no-uuid'],
                          ['-f', 'queue-image', 'f' * 32],
                          ['help', 'nonsense'],
                          ['--port', '1', 'list-cached']):
            self.assertEqual(1, self.status(*arguments), arguments)
        for arguments in ([], ['--nonsense']):
            self.assertEqual(2, self.status(*arguments), arguments)

    def test_the_cleaner_removes_parts_the_pruner_images(self):
        self.download()
        self.wait_for('list-cached')
        part = self.work.write('cache/incomplete/' + self.image_id, 'x')
        self.look_after('cleaner')
        self.assertRaises(FileNotFoundError, open, part)
        self.assertIn(self.image_id, self.manage('list-cached'))
        with open(self.config) as config:
            text = config.read()
        with open(self.config, 'w') as config:
            config.write(text.replace('[DEFAULT]', '[DEFAULT]\n'
                                      'image_cache_max_size = 1000'))
        self.look_after('pruner')
        self.assertIn('No cached images', self.manage('list-cached'))

    def test_the_prefetcher_ends_well_without_the_image_too(self):
        self.look_after('prefetcher')
        requests.delete('%s/v2/images/%s' % (self.url, self.image_id),
                        timeout=30)
        self.look_after('prefetcher')

    def test_not_configured(self):
        config = programs.write_config(self.work.join('other.conf'), {})
        self.assertRaises(processes.StartError, programs.run,
                          'glance-cache-cleaner', '--config-file', config)
