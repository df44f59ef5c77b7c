"""Every flow, killed at every point where it notes something, ends well.

A first conductor is killed before and after each such note; a second one goes
on. Whatever the point, the outcome is the same as without the kill.
"""

import json
import os
import subprocess
import sys

from testtools import content

from glance.conf import CONF
from glance.db import engine
from glance.db import own_schema
from tests.fixtures import service
from tests.functional.imports import base
from tests.native.killed import dying

DATA = os.urandom(100000)
QUICK = {'poll_interval': 0.1, 'progress_interval': 300, 'retry_interval': 1,
         'max_tries': 2}


class TestCase(base.TestCase):

    conductor = False
    # A folder for the second store; None for that of the service.
    cold = None

    def setUp(self):
        super().setUp()
        self.web.add('cat', DATA)
        self.options = os.path.join(self.service.state, 'options.json')
        self.report = os.path.join(self.service.state, 'report.json')
        with open(self.options, 'w') as file:
            json.dump({'stores': ['fast', 'cold'],
                       'options': self._options()}, file)
        self.runner = subprocess.Popen(
            [sys.executable, '-m', 'tests.native.killed.dying',
             self.options, self.report], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
            env=dict(os.environ, GLANCE_CONCURRENCY='threading'))
        self.addCleanup(self.runner.wait)
        self.addCleanup(self.runner.stdout.close)
        self.addCleanup(self.runner.stdin.close)

    def _options(self):
        folder = 'filesystem_store_datadir'
        below = self.service.state
        return {
            'DEFAULT': {'enabled_backends': {'fast': 'file',
                                             'cold': 'file'}},
            'database': {'connection': CONF.database.connection},
            'glance_store': {'default_backend': 'fast'},
            'fast': {folder: os.path.join(below, 'fast')},
            'cold': {folder: self.cold or os.path.join(below, 'cold')},
            'os_glance_staging_store': {
                folder: os.path.join(below, 'staging')},
            'oslo_messaging_notifications': {'driver': ['noop']},
            'import_filtering_opts': {
                'allowed_hosts': ['127.0.0.1'],
                'allowed_ports': [self.web.port]},
            'work': QUICK}

    def conduct(self, number=0, when='after'):
        """:returns: exit status of a conductor"""
        self.runner.stdin.write('%d %s\n' % (number, when))
        self.runner.stdin.flush()
        return int(self.runner.stdout.readline())

    def calls(self):
        with open(self.report) as report:
            return json.load(report)

    def kill_everywhere(self, begin, check):
        """Run a flow once whole, and once for each point to be killed at.

        :param begin: starts the task; what it returns is given to `check`
        """
        given = begin()
        self.assertEqual(0, self.conduct())
        calls = self.calls()
        check(given)
        table = []
        for number in range(1, len(calls) + 1):
            for when in ('before', 'after'):
                given = begin()
                self.assertEqual(dying.DIED, self.conduct(number, when))
                self._run_out_leases()
                self.assertEqual(0, self.conduct())
                check(given)
                table.append('killed %-6s %2d %-22s as without\n' % (
                    when, number, calls[number - 1]))
        self.addDetail('points', content.text_content(''.join(table)))
        return calls

    def _run_out_leases(self):
        with engine.writer() as conn:
            conn.execute(own_schema.work.update().where(
                own_schema.work.c.kind != 'staged'), {'lease_until_ms': 0})

    def new_image(self, data=None, **values):
        image_id = self.service.create(**values)['id']
        if data is not None:
            self.service.upload(image_id, data)
        return image_id

    def check_active(self, image_id, stores='fast,cold'):
        task = self.tasks(image_id)[-1]
        self.assertEqual(('success', ''), (task['status'], task['message']))
        image = self.image(image_id)
        self.assertEqual(('active', stores, ''),
                         (image['status'], image['stores'],
                          image.get('os_glance_importing_to_stores', '')))
        self.assertNotIn('os_glance_import_task', image)
        for store in stores.split(','):
            self.assertEqual(DATA, self.data(image_id, store))
            self.assertEqual([image_id], [
                name for name in self.files(store) if image_id in name])
        self.check_clean()

    def check_clean(self):
        self.assertEqual([], self.staged_files())
        self.assertEqual([], self.work())


class TestKilled(TestCase):

    def test_web_download(self):
        def begin():
            image_id = self.new_image()
            self.assertEqual(202, self.web_import(
                image_id, 'cat', stores=['fast', 'cold']).status_int)
            return image_id
        calls = self.kill_everywhere(begin, self.check_active)
        self.assertEqual(
            ['work.advance'] * 3
            + ['imports.begin_store', 'imports.finish_store',
               'work.advance'] * 2
            + ['work.advance'] * 2 + ['tasks.finish'], calls)

    def test_glance_direct(self):
        def begin():
            image_id = self.new_image()
            self.stage(image_id, DATA)
            self.import_(image_id, {'name': 'glance-direct'})
            return image_id
        self.kill_everywhere(
            begin, lambda image_id: self.check_active(image_id, 'fast'))

    def test_plugins(self):
        self.service.conf.config(
            group='image_import_opts',
            image_import_plugins=['no_op', 'image_decompression',
                                  'image_conversion'])
        path = os.path.join(self.service.state, 'disk')
        with open(path, 'wb') as file:
            file.write(DATA)
            file.truncate(1 << 20)
        subprocess.run(['qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2',
                        path, path + '.qcow2'], check=True)
        subprocess.run(['gzip', path + '.qcow2'], check=True)
        with open(path + '.qcow2.gz', 'rb') as file:
            self.web.add('disk', file.read())

        def begin():
            image_id = self.new_image(disk_format='qcow2')
            self.web_import(image_id, 'disk')
            return image_id

        def check(image_id):
            image = self.image(image_id)
            self.assertEqual(('active', 'raw', 1 << 20),
                             (image['status'], image['disk_format'],
                              image['size']), self.tasks(image_id))
            self.assertEqual(DATA, self.data(image_id)[:len(DATA)])
            self.check_clean()
        self.kill_everywhere(begin, check)

    def test_copy(self):
        def begin():
            image_id = self.new_image(DATA)
            self.import_(image_id, {'name': 'copy-image'}, admin=True,
                         stores=['cold'])
            return image_id
        self.kill_everywhere(begin, self.check_active)

    def test_parallel_stores(self):
        self.service.conf.config(group='image_import_opts',
                                 max_parallel_stores=2)

        def begin():
            image_id = self.new_image()
            self.web_import(image_id, 'cat', all_stores=True)
            return image_id

        def check(image_id):
            stores = self.image(image_id)['stores']
            self.assertIn(stores, ('fast,cold', 'cold,fast'))
            self.check_active(image_id, stores)
        self.kill_everywhere(begin, check)

    def task(self, kind, **given):
        response = self.service.admin('POST', '/v2/tasks',
                                      {'type': kind, 'input': given})
        self.assertEqual(201, response.status_int, response.text)
        return response.json['id']

    def result(self, task_id):
        task = self.service.admin('GET', '/v2/tasks/' + task_id).json
        self.assertEqual('success', task['status'], task['message'])
        return task['result']

    def test_import_task(self):
        def begin():
            return self.task('import', import_from=self.web.url + 'cat',
                             import_from_format='raw',
                             image_properties={'disk_format': 'raw',
                                               'owner': service.PROJECT})
        self.kill_everywhere(begin, lambda task_id: self.check_active(
            self.result(task_id)['image_id'], 'fast'))

    def test_clone(self):
        source = self.new_image(DATA)

        def begin():
            return self.task('clone', image_id=source, stores=['cold'],
                             image_properties={'owner': service.PROJECT})
        self.kill_everywhere(begin, lambda task_id: self.check_active(
            self.result(task_id)['image_id'], 'cold'))

    def test_clone_within_a_store(self):
        source = self.new_image(DATA)

        def begin():
            return self.task('clone', image_id=source, stores=['fast'],
                             image_properties={'owner': service.PROJECT})
        self.kill_everywhere(begin, lambda task_id: self.check_active(
            self.result(task_id)['image_id'], 'fast'))

    def test_export(self):
        source = self.new_image(DATA)

        def begin():
            return self.task('export', image_id=source,
                             export_to={'store': 'cold'})

        def check(task_id):
            name = self.result(task_id)['object']
            self.assertIn(name, self.files('cold'))
            self.assertEqual([], [one for one in self.files('cold')
                                  if one.startswith('.')])
            self.check_clean()
        self.kill_everywhere(begin, check)

    def test_converted_export(self):
        source = self.new_image(DATA[:65536])

        def begin():
            return self.task(
                'export', image_id=source, export_format='qcow2',
                export_to={'url': self.web.url + 'put/cat'})

        def check(task_id):
            sent = self.web.sent('cat')
            self.assertEqual(self.result(task_id)['size'], len(sent))
            self.assertEqual(b'QFI\xfb', sent[:4])
            self.check_clean()
        self.kill_everywhere(begin, check)


class TestKilledInFailure(TestCase):

    # Nobody can make files there.
    cold = '/proc'

    def test_failed_import(self):
        """What was stored already is taken back."""
        def begin():
            image_id = self.new_image()
            self.web_import(image_id, 'cat', stores=['fast', 'cold'])
            return image_id

        def check(image_id):
            task = self.tasks(image_id)[-1]
            self.assertEqual('failure', task['status'])
            image = self.image(image_id)
            self.assertEqual(
                ('queued', '', None),
                (image['status'], image['os_glance_importing_to_stores'],
                 image['size']))
            self.assertNotIn('os_glance_import_task', image)
            self.assertEqual([], self.files('fast'))
            self.check_clean()
        self.kill_everywhere(begin, check)
