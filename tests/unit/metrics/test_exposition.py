"""One text for all workers of a program, whoever of them is asked."""

import os
import shutil
import subprocess
import sys

from oslotest import base
from prometheus_client import parser

# Counts on some places one after the other, as workers do that replace each
# other, then shows the text and the files.
_PROGRAM = """
from glance import startup
import os, sys
from glance.metrics import counters
from glance.metrics import exposition
folder = exposition.share() if sys.argv[1] == 'shared' else None
for place in map(int, sys.argv[2:]):
    pid = os.fork()
    if pid == 0:
        exposition.take_place(place)
        counters.AUDITS.labels('s', 'good').inc()
        counters.RPC_SECONDS.labels('registry', 'a.b').observe(0.1)
        os._exit(0)
    os.waitpid(pid, 0)
counters.AUDITS.labels('s', 'bad').inc()
app = exposition.make_app()
request = {'REQUEST_METHOD': 'GET', 'PATH_INFO': '/metrics'}
print(b''.join(app(request, lambda *args: None)).decode())
print('# folder', folder, *sorted(os.listdir(folder) if folder else ()))
"""


class ExpositionTestCase(base.BaseTestCase):

    def run_program(self, *arguments):
        """:returns: ({(name, label of result): value}, names of files)"""
        text = subprocess.run(
            [sys.executable, '-W', 'ignore', '-c', _PROGRAM, *arguments],
            capture_output=True, text=True, check=True,
            env=dict(os.environ, GLANCE_CONCURRENCY='threading')).stdout
        text, last = text.strip().rsplit('\n', 1)
        folder, *names = last.split()[2:]
        shutil.rmtree(folder, ignore_errors=True)
        return {(sample.name, sample.labels.get('result')): sample.value
                for family in parser.text_string_to_metric_families(text)
                for sample in family.samples}, names

    def test_workers_are_added_up(self):
        found, names = self.run_program('shared', '0', '1', '2')
        self.assertEqual(3, found['glance_audits_total', 'good'])
        self.assertEqual(1, found['glance_audits_total', 'bad'])
        self.assertEqual(3, found['glance_rpc_call_seconds_count', None])
        self.assertEqual(6, len(names))

    def test_the_next_on_a_place_goes_on(self):
        found, names = self.run_program('shared', '1', '1', '1')
        self.assertEqual(3, found['glance_audits_total', 'good'])
        self.assertEqual(['counter_0.db', 'counter_1.db', 'histogram_1.db'],
                         names)

    def test_one_process(self):
        found, names = self.run_program('alone')
        self.assertEqual(1, found['glance_audits_total', 'bad'])
        self.assertEqual([], names)
