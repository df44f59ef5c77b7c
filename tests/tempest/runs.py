"""One run of tempest in a folder of its own."""

import os
import re
import subprocess

from tests.fixtures import programs

_LINE = re.compile(r'^\{\d+\} (.*) \.\.\. (ok|FAILED|SKIPPED)(?:: (.*))?$')
_TOTAL = re.compile(r'^ - (Passed|Skipped|Failed): (\d+)$')


class Result:
    """What one run has printed.

    :ivar passed, failed, skipped: numbers of tests
    """

    def __init__(self, status, output):
        self._output = output
        totals = dict(found.groups() for line in output.splitlines()
                      if (found := _TOTAL.match(line)))
        self.passed, self.failed, self.skipped = (
            int(totals.get(name, 0))
            for name in ('Passed', 'Failed', 'Skipped'))
        if status and not self.failed:
            # It did not even begin.
            self.failed = 1

    def report(self):
        """Each reason of skipping with its tests; all output if any failed."""
        reasons = {}
        for line in self._output.splitlines():
            found = _LINE.match(line)
            if found and found[2] == 'SKIPPED':
                reasons.setdefault(found[3], []).append(
                    re.sub(r'\[.*', '', found[1]))
        lines = ['Skipped %d: %s: %s' % (len(names), reason, ', '.join(names))
                 for reason, names in reasons.items()]
        return '\n'.join(lines + [self._output] * bool(self.failed))

    def totals(self):
        return '%d passed, %d failed, %d skipped' % (
            self.passed, self.failed, self.skipped)


class Run:
    """:param folder: where tempest keeps what it needs; made here
    :param config: {group: {option: value}} of tempest.conf
    """

    def __init__(self, directory, folder, config):
        self._program = os.path.join(directory, 'tempest')
        self._folder = folder
        self._call('init', folder, cwd=os.path.dirname(folder), check=True)
        config = dict(config, oslo_concurrency={
            'lock_path': os.path.join(folder, 'locks')})
        programs.write_config(os.path.join(folder, 'etc', 'tempest.conf'),
                              config)

    def run(self, tests):
        """:param tests: regular expression for their names"""
        done = self._call('run', '--regex', tests, '--concurrency', '2',
                          cwd=self._folder)
        return Result(done.returncode, done.stdout + done.stderr)

    def _call(self, *arguments, **more):
        # What it keeps in the home of its user are other people's settings.
        return subprocess.run(
            [self._program, *arguments], text=True, capture_output=True,
            env=dict(os.environ, HOME=os.path.dirname(self._folder)), **more)
