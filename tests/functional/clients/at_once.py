"""Many callers who want the same at once, of two API workers over the bus."""

import collections
import contextlib
import os
import signal
import threading

import requests

ASKED = 8


class CopiesAtOnce:
    """For test cases with a `full_cloud.FullCloud`, its `users` and
    `source`, the path of a file.
    """

    def test_copies_at_once(self):
        image_id = self.names['a']
        self.users['admin'].glance(
            'image-create', '--id', image_id, '--disk-format', 'raw',
            '--container-format', 'bare', '--store', 'fast',
            '--file', self.source)
        with self.frozen_conductor():
            answers = self.ask_for_copies(image_id)
        self.assertEqual({202: 1, 409: ASKED - 1}, answers)
        self.run_row('glance', 'admin', 'image-show ' + image_id,
                     r'stores +\| fast,cold ')
        tasks = self.cloud.get('/v2/images/%s/tasks' % image_id, 'admin')
        self.assertEqual(['success'], [task['status'] for task
                                       in tasks.json()['tasks']])
        self.users['admin'].run('glance', 'image-delete', image_id)

    @contextlib.contextmanager
    def frozen_conductor(self):
        """So that the first copy cannot end before the last is asked for."""
        group = self.cloud.conductor_program.pid
        os.killpg(group, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(group, signal.SIGCONT)

    def ask_for_copies(self, image_id):
        """:returns: {status: how many got it}"""
        headers = {'X-Auth-Token': self.cloud.keystone.token('admin')}
        statuses = collections.Counter()
        barrier = threading.Barrier(ASKED)

        def ask():
            barrier.wait(60)
            statuses[requests.post(
                '%s/v2/images/%s/import' % (self.cloud.url, image_id),
                headers=headers, timeout=60, json={
                    'method': {'name': 'copy-image'},
                    'stores': ['cold']}).status_code] += 1
        threads = [threading.Thread(target=ask) for _number in range(ASKED)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return dict(statuses)
