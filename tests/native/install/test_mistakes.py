"""Each mistake of the table in doc/ is told in one line, and ends the program.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys

import fixtures
from oslotest import base
import yaml

_ROOT = pathlib.Path(__file__).parents[3]
_TABLE = _ROOT / 'doc' / 'source' / 'admin' / 'mistakes.yaml'


class TestMistakes(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        taken = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(taken.close)
        self.taken = str(taken.getsockname()[1])

    def job(self, number, entry):
        """:returns: (what `forked_programs` takes, what is to be said)"""
        folder = self.folder / str(number)
        folder.mkdir()
        path = folder / 'a.conf'

        def fill(text):
            return text.replace('@file@', str(path)).replace(
                '@dir@', str(folder)).replace('@taken@', self.taken)
        arguments = [fill(one) for one in entry.get('arguments', [])]
        if 'file' in entry:
            path.write_text(fill(entry['file']), errors='surrogateescape')
            arguments = ['--config-file', str(path), *arguments]
        return ([entry['program'], arguments, {'HOME': str(folder)}],
                fill(entry['says']))

    def run_all(self, jobs):
        done = subprocess.run(
            [sys.executable, '-m', 'tests.fixtures.forked_programs'],
            input=json.dumps(jobs), text=True, cwd=_ROOT, timeout=1000,
            stdout=subprocess.PIPE, check=True, env=dict(
                os.environ, GLANCE_CONCURRENCY='threading'))
        return json.loads(done.stdout)

    def problem(self, says, status, output):
        """:returns: what is wrong with an answer, None if nothing is"""
        lines = [line for line in output.splitlines()
                 if says in ' '.join(line.split())]
        if not status:
            return 'the exit status is %s' % status
        if 'Traceback' in output:
            return 'a traceback'
        return None if lines else 'does not say it'

    def test_each_is_told_in_one_line(self):
        table = yaml.safe_load(_TABLE.read_text())
        self.assertLessEqual(40, len(table))
        jobs = [self.job(*pair) for pair in enumerate(table)]
        found = {}
        for entry, (_job, says), (status, output) in zip(
                table, jobs, self.run_all([job for job, _says in jobs])):
            problem = self.problem(says, status, output)
            if problem:
                found[entry['mistake']] = '%s\n%s' % (problem, output[-1500:])
        self.assertEqual({}, found)
