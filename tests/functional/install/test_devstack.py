"""The DevStack plugin, with DevStack's functions replaced by recorders."""

import os
import subprocess

import fixtures
from oslotest import base

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
_FUNCTIONS = """\
set -eu
GLANCE_API_CONF=/etc/glance/glance-api.conf
GLANCE_BIN_DIR=/usr/bin
API_WORKERS=2
enabled=
function define_plugin { :; }
function plugin_requires { :; }
function enable_service { enabled="$enabled $*"; }
function is_service_enabled { [[ " $enabled " == *" $1 "* ]]; }
function iniset { echo "iniset $*"; }
function iniset_rpc_backend { echo "iniset_rpc_backend $*"; }
function run_process { echo "run $1: $2"; }
function stop_process { ! is_service_enabled "$1" || echo "stop $1"; }
function glance_remote_conf { echo "/etc/glance-remote/${1##*/}"; }
source devstack/settings
"""


def _run(phase, disabled='', enabled=''):
    script = _FUNCTIONS + 'enable_service %s\n' % enabled + '\n'.join(
        'enabled="${enabled//%s/}"' % name for name in disabled.split())
    done = subprocess.run(
        ['bash', '-c', script + '\nsource devstack/plugin.sh ' + phase],
        cwd=_ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


class TestPlugin(base.BaseTestCase):

    def test_starts_the_parts(self):
        config = '/etc/glance/glance-api.conf'
        self.assertEqual([
            'iniset_rpc_backend glance ' + config,
            'iniset %s registry workers 2' % config,
            'iniset %s conductor workers 2' % config,
            'run g-reg: /usr/bin/glance-registry --config-file=' + config,
            'run g-cond: /usr/bin/glance-conductor --config-file=' + config],
            _run('stack post-config'))

    def test_parts_not_wanted_are_hosted(self):
        lines = _run('stack post-config', disabled='g-reg g-cond')
        config = '/etc/glance/glance-api.conf'
        self.assertEqual([
            'iniset %s registry transport_url local://' % config,
            'iniset %s conductor transport_url local://' % config],
            lines[1:])

    def test_the_options_of_imports_are_read_as_by_the_api(self):
        self.useFixture(fixtures.EnvironmentVariable(
            'GLANCE_IMAGE_IMPORT_CONF', __file__))
        for line in _run('stack post-config')[-2:]:
            self.assertIn(' --config-file=%s --config-file=/etc/glance/'
                          'glance-api.conf' % __file__, line)

    def test_the_clone_of_the_api_has_a_conductor(self):
        self.assertEqual(
            ['run g-cond-r: /usr/bin/glance-conductor '
             '--config-file=/etc/glance-remote/glance-api.conf'],
            _run('stack extra', enabled='g-api-r'))
        self.assertEqual([], _run('stack extra', disabled='g-cond',
                                  enabled='g-api-r'))

    def test_other_phases_do_nothing(self):
        for phase in ('install', 'extra'):
            self.assertEqual([], _run('stack ' + phase))

    def test_stops_the_parts(self):
        self.assertEqual(['stop g-cond', 'stop g-reg'], _run('unstack'))
        self.assertEqual(['stop g-cond-r', 'stop g-cond', 'stop g-reg'],
                         _run('unstack', enabled='g-api-r'))
