"""What is wrong in a configuration file is said before anything starts."""

import os
import textwrap

import fixtures
from oslo_config import cfg
from oslo_config import types
from oslotest import base

from glance import conf
from glance.conf import errors
from glance.conf import opts as declared
from glance.service import checking
from glance.store import backends as stores
from glance.store import options as store_options

# Whatever these types are of, this is no value of it.
_NUMBERS = (types.Integer, types.Float, types.Port, types.Boolean)
_BAD = '0.5x'


class TestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = self.useFixture(fixtures.TempDir()).path

    def write(self, text, name='a.conf'):
        path = os.path.join(self.folder, name)
        with open(path, 'w') as file:
            file.write(textwrap.dedent(text))
        return path

    def read(self, *paths, folders=()):
        read = cfg.ConfigOpts()
        read.register_opts(conf.store.opts)
        read([], default_config_files=list(paths),
             default_config_dirs=list(folders))
        return read

    def check(self, *paths, folders=()):
        return checking.check(self.read(*paths, folders=folders))

    def told(self, text):
        return self.check(self.write(text))

    def refused(self, text):
        path = self.write(text)
        error = self.assertRaises(errors.ConfigurationError, self.check, path)
        self.assertIn(path, str(error))
        self.assertNotIn('\n', str(error))
        return str(error)


class TestValues(TestCase):

    def all_refused(self, least, pairs, text=''):
        bad = {(group, opt.dest): opt.name for group, opts in pairs
               for opt in opts if isinstance(opt.type, _NUMBERS)}
        self.assertLess(least, len(bad))
        for group in {group for group, _dest in bad}:
            text += '[%s]\n' % group + ''.join(
                '%s = %s\n' % (dest, _BAD) for own, dest in bad
                if own == group)
        path = self.write(text)
        with checking.silence():
            told = '\n'.join(checking.read(self.read(path)).wrong())
        for (group, _dest), name in bad.items():
            self.assertIn('[%s] %s in %s line ' % (group, name, path), told)

    def test_each_option_of_ours_and_of_the_libraries(self):
        self.all_refused(200, declared.list_ours()
                         + declared.list_libraries())

    def test_each_option_of_each_kind_of_store(self):
        kinds = ('file', 'http', 's3', 'swift', 'rbd', 'vmware',
                 'sheepdog')
        self.all_refused(
            20, [('my' + kind, store_options.common() + stores.declared(kind))
                 for kind in kinds],
            '[DEFAULT]\nenabled_backends = %s\n'
            % ','.join('my%s:%s' % (kind, kind) for kind in kinds))

    def test_of_the_only_store(self):
        self.refused('[glance_store]\nfilesystem_store_file_perm = x\n')

    def test_of_a_way_to_authenticate(self):
        for section in 'keystone_authtoken', 'oslo_limit', 'elsewhere':
            self.refused('[%s]\nauth_type = password\ntimeout = x\n' % section)
        self.assertIn('auth_type', str(self.assertRaises(
            errors.ConfigurationError, self.told,
            '[keystone_authtoken]\nauth_type = passwort\n')))

    def test_drivers_of_notifications(self):
        section = '[oslo_messaging_notifications]\n'
        for names in (['nope'], ['log', 'messagingv2,log'],
                      ["['messagingv2']"], ['messagingv2 log']):
            self.assertIn('no driver ' + names[-1], self.refused(
                section + ''.join('driver = %s\n' % name for name in names)))
        for names in ([], [''], ['noop'], ['messagingv2', 'log'],
                      ['messaging'], ['"messagingv2"'], ['routing']):
            self.told(section + ''.join('driver = %s\n' % name
                                        for name in names))

    def test_urls_that_lead_to_no_bus(self):
        for section in ('DEFAULT', 'registry', 'conductor',
                        'oslo_messaging_notifications'):
            text = '[%s]\ntransport_url = ' % section
            self.assertIn('no bus rabit', self.refused(
                text + 'rabit://me:secret@h/'))
            for url in ('rabbit://me:secret@h:port/', 'rabbit'):
                self.assertIn('transport_url', self.refused(text + url))
            for url in ('rabbit://me:secret@h:5672,me:secret@i:5672/glance',
                        'kombu+memory://', 'local://'):
                self.told(text + url)

    def test_older_names(self):
        self.assertIn('rabbit_retry_interval', self.refused(
            '[oslo_messaging_rabbit]\nrabbit_retry_interval = x\n'))
        self.assertIn('max_pool_size', self.refused(
            '[DATABASE]\nmax_pool_size = x\n'))

    def test_the_file_that_says_it(self):
        first = self.write('[work]\nlease = 30\n')
        last = self.write('[work]\nlease = 0.5x\n', 'b.conf')
        error = self.assertRaises(errors.ConfigurationError, self.check,
                                  first, last)
        self.assertIn(last, str(error))
        folder = os.path.join(self.folder, 'd')
        os.mkdir(folder)
        self.write('[work]\nlease = 0.5x\n', 'd/c.conf')
        error = self.assertRaises(errors.ConfigurationError, self.check,
                                  first, folders=[folder])
        self.assertIn('d/c.conf', str(error))

    def test_the_line_that_says_it(self):
        for text, line in (
                ('# lease\n[other]\nlease = 1\n\n[work]\nlease = 0.5x\n', 6),
                ('[WORK]\nretry_interval =\n  lease\nlease: x\n', 4),
                ('[work]\nlease = 30\n[api]\n[work]\nlease=0.5x\n', 5),
                ('[DATABASE]\nconnection = x\nmax_pool_size : x\n', 3)):
            self.assertIn(' line %d: ' % line, self.refused(text))

    def test_of_the_environment(self):
        self.useFixture(fixtures.EnvironmentVariable('OS_WORK__LEASE', 'x'))
        error = self.assertRaises(errors.ConfigurationError, self.told, '')
        self.assertIn('environment', str(error))

    def test_no_password_is_told(self):
        for text in ('[barbican]\nauth_endpoint = me:secret@nowhere\n',
                     '[cors]\nmax_age = x\n',
                     '[DEFAULT]\ntransport_url = r://me:secret@h/\n',
                     '[DEFAULT]\ntransport_url = rabbit://me:secret@h:x/\n'):
            self.assertNotIn('secret', self.refused(text))


class TestWarnings(TestCase):

    def test_a_right_file_gives_no_warning(self):
        self.assertEqual([], self.told("""
            [DEFAULT]
            enabled_backends = a:file, b:rbd
            log_dir = /tmp
            image_cache_dir = $log_dir/cache
            [a]
            filesystem_store_datadir = /x
            [b]
            rbd_store_pool = images
            weight = 3
            [glance_store]
            default_backend = a
            swift_store_container = other
            [backend_defaults]
            rbd_store_user = glance
            s3_store_host = other
            [keystone_authtoken]
            auth_type = password
            username = glance
            region_name = one
            [OSLO_LIMIT]
            auth_section = keystone_authtoken
            [privsep_osbrick]
            helper_command = x
            """))

    def test_options_that_do_nothing(self):
        idle = [(group, opt) for group, opts in declared.list_ours()
                for opt in opts if opt.deprecated_for_removal]
        text = ''.join('[%s]\n%s = %s\n' % (
            group, opt.dest, _some_value(opt)) for group, opt in idle)
        told = self.told(text)
        self.assertEqual(len(idle), len(told))
        for (group, opt), line in zip(idle, told):
            self.assertIn('[%s] %s in ' % (group, opt.name), line)
            self.assertIn(opt.deprecated_reason, line)

    def test_names_with_typos(self):
        for text, name, meant in (
                ('[DEFAULT]\nworker = 1\n', 'worker', 'workers'),
                ('[work]\nleese = 1\n', 'leese', 'lease'),
                ('[database]\nconection = x\n', 'conection', 'connection'),
                ('[glance_store]\ndefault_backends = x\n',
                 'default_backends', 'default_backend'),
                ('[DEFAULT]\nenabled_backends = m:file\n[m]\nwaight = 1\n',
                 'waight', 'weight')):
            told, = self.told(text)
            self.assertIn('%s in %s/a.conf line %d is unknown' % (
                name, self.folder, text.count('\n')), told)
            self.assertIn('is %s meant?' % meant, told)

    def test_sections_with_typos(self):
        told, = self.told('[oslo_mesaging_rabbit]\na = 1\nb = 2\n')
        self.assertIn('[oslo_mesaging_rabbit]', told)
        self.assertIn('is oslo_messaging_rabbit meant?', told)


def _some_value(opt):
    choices = getattr(opt.type, 'choices', None)
    if choices:
        return list(choices)[0]
    return '1' if isinstance(opt.type, _NUMBERS) else 'x'
