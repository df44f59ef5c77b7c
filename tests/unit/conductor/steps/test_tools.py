"""Programs that work on files of users."""

import os

import fixtures

from glance.common import exceptions
from glance.conductor.steps import tools
from tests.unit.conductor import base


class TestTools(base.WorkTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.steps.tools._LOOK', 0.01))

    def run_tool(self, script, job=None, **kwargs):
        tools.run(job or self.job(), 'sh', '-c', script, **kwargs)

    def test_a_program_that_succeeds_raises_nothing(self):
        target = self.folder('target')
        self.run_tool('test "$LC_ALL" = C; echo $SECRET >%s' % target)
        with open(target) as file:
            self.assertEqual('\n', file.read())

    def test_it_is_given_nothing_of_ours(self):
        target = self.folder('target')
        self.run_tool('readlink /proc/$$/fd/0 >%s' % target)
        with open(target) as file:
            self.assertEqual('/dev/null\n', file.read())

    def test_complaints_are_logged_and_not_told(self):
        log = self.useFixture(fixtures.FakeLogger())
        error = self.assertRaises(exceptions.Conflict, self.run_tool,
                                  'echo bad >&2; exit 3')
        self.assertNotIn('bad', str(error))
        self.assertIn('sh ended with 3: bad', log.output)

    def test_progress_is_told_in_whole_blocks(self):
        job, target = self.job(), self.folder('target')
        self.run_tool('printf x >%s; sync %s; sleep 0.3' % (target, target),
                      job, output=target)
        self.assertEqual(0, job.done % 512)
        self.assertGreater(job.done, 0)

    def test_its_time(self):
        self.conf.config(group='conductor', tool_timeout=1)
        started = tools.time.monotonic()
        error = self.assertRaises(exceptions.Conflict, self.run_tool,
                                  'sleep 30')
        self.assertIn('too long', str(error))
        self.assertLess(tools.time.monotonic() - started, 20)

    def test_a_stopped_job_kills_its_program(self):
        job, target = self.job(), self.folder('target')

        def check():
            if os.path.exists(target) and os.path.getsize(target):
                raise exceptions.Gone()
        job.check = check
        self.assertRaises(exceptions.Gone, self.run_tool,
                          'echo $$ >%s; exec sleep 30' % target, job)
        with open(target) as file:
            self.assertRaises(ProcessLookupError, os.kill, int(file.read()),
                              0)

    def test_a_program_has_the_configured_limits(self):
        self.conf.config(group='conductor', tool_memory=1 << 30,
                         tool_cpu_time=77)
        target = self.folder('target')
        self.run_tool('ulimit -v >%s; ulimit -t >>%s' % (target, target))
        with open(target) as file:
            self.assertEqual(['1048576\n', '77\n'], file.readlines())
