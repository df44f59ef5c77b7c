"""A conductor that is killed at every point where a flow notes something.

A first conductor is killed before and after each such note; a second one goes
on. Whatever the point, the outcome is the same as without the kill.
"""

import json
import os
import subprocess
import sys

from testtools import content
from testtools import content_type

from glance.conf import CONF
from glance.db.connect import engine
from glance.db import own_schema
from tests.functional.imports import base
from tests.native.killed import dying

DATA = os.urandom(100000)
QUICK = {'poll_interval': 0.1, 'progress_interval': 300, 'retry_interval': 1,
         'max_tries': 2}


class TestCase(base.TestCase):

    conductor = False
    # A folder for the second store; None for that of the service.
    cold = None
    # Whether the stores give nothing away.
    in_use = False
    # Whether they note who may read.
    readers = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runner = subprocess.Popen(
            [sys.executable, '-m', 'tests.native.killed.dying'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=dict(os.environ, GLANCE_CONCURRENCY='threading'))
        cls.addClassCleanup(cls.runner.wait)
        cls.addClassCleanup(cls.runner.stdout.close)
        cls.addClassCleanup(cls.runner.stdin.close)

    def setUp(self):
        super().setUp()
        self.web.add('cat', DATA)
        self.options = os.path.join(self.service.state, 'options.json')
        self.report = os.path.join(self.service.state, 'report.json')
        with open(self.options, 'w') as file:
            json.dump({'stores': ['fast', 'cold'], 'in_use': self.in_use,
                       'readers': self.readers,
                       'options': self._options()}, file)

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
            'periodic': {'audit_rate': 0}, 'work': QUICK}

    def conduct(self, number=0, when='after'):
        """:returns: exit status of a conductor"""
        self.runner.stdin.write('%d %s %s %s\n' % (
            number, when, self.options, self.report))
        self.runner.stdin.flush()
        return int(self.runner.stdout.readline())

    def calls(self):
        with open(self.report) as report:
            return json.load(report)

    def kill_everywhere(self, flow, begin, check):
        """Run a flow once whole, and once for each point to be killed at.

        :param flow: name for those who read the output
        :param begin: starts it; what it returns is given to `check`
        :returns: the calls that note something, in their order
        """
        given = begin()
        self.assertEqual(0, self.conduct())
        calls = self.calls()
        check(given)
        points = []
        # Where a test fails, the last one of these is why.
        self.addDetail('killed', content.Content(
            content_type.UTF8_TEXT, lambda: ['\n'.join(points).encode()]))
        for number, call in enumerate(calls, 1):
            for when in ('before', 'after'):
                points.append('%s %d %s' % (when, number, call))
                self._kill(number, when, begin, check)
        print('flow %s: killed at %d points (before and after %s): each ended '
              'as without the kill' % (flow, len(points), ', '.join(calls)))
        return calls

    def _kill(self, number, when, begin, check):
        given = begin()
        self.assertEqual(dying.DIED, self.conduct(number, when))
        self.run_out_leases()
        self.assertEqual(0, self.conduct())
        check(given)

    def run_out_leases(self):
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
