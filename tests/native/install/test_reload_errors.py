"""Files and values that a reload cannot use, one after the other."""

import signal

from tests.fixtures import processes
from tests.fixtures import programs
from tests.functional.bus import test_processes


class BrokenFilesTestCase(test_processes.ApiTestCase):
    """Whatever a reload finds broken is told, and all goes on as before."""

    def kinds(self):
        """:returns: {what: (group, option, value)}"""
        broken = self.work.write('broken', '[loggers\nkeys: {')
        wrong = self.work.write('wrong', (
            '[loggers]\nkeys=root\n[handlers]\nkeys=h\n[formatters]\nkeys=\n'
            '[logger_root]\nhandlers=h\n[handler_h]\nclass=no.Such\nargs=()'))
        missing = self.work.join('missing', 'file')
        found = {'a wrong value': ('DEFAULT', 'workers', 'many'),
                 'a wrong value of a group': (
                     'wsgi', 'task_pool_threads', 'many'),
                 'a log configuration of a class that is not there': (
                     'DEFAULT', 'log_config_append', wrong),
                 'a log without its folder': (
                     'DEFAULT', 'log_file', missing),
                 'a store that is not known': (
                     'DEFAULT', 'enabled_backends', 'a:nonsense')}
        for group, option in (
                ('DEFAULT', 'log_config_append'), ('DEFAULT', 'cert_file'),
                ('paste_deploy', 'config_file'),
                ('DEFAULT', 'property_protection_file'),
                ('oslo_policy', 'policy_file')):
            for name, path in (('broken', broken), ('missing', missing)):
                found['%s %s' % (name, option)] = group, option, path
        # As with every service of OpenStack the defaults hold then.
        del found['missing policy_file']
        return found

    def is_refused(self, group, option, value):
        """Whether a reload says so and leaves everything as it is."""
        old = processes.children(self.program.pid)
        self.configure()
        with open(self.config, 'a') as file:
            file.write('\n[%s]\n%s = %s\n' % (group, option, value))
        before = self.program.output().count('is not used')
        self.program.signal(signal.SIGHUP)
        self.until(lambda: self.program.output().count('is not used') > before
                   or not old & processes.children(self.program.pid), 120)
        self.until(lambda: len(processes.children(self.program.pid)) == 2, 120)
        return (old == processes.children(self.program.pid)
                and programs.answers(self.url + '/v2/images', 200))

    def test_workers_stay_until_the_files_are_mended(self):
        self.assertEqual([], [what for what, kind in self.kinds().items()
                              if not self.is_refused(*kind)])
        old = processes.children(self.program.pid)
        self.configure()
        self.program.signal(signal.SIGHUP)
        self.until(lambda: not old & processes.children(self.program.pid), 120)
