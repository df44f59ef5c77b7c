"""The files of each deployment tool start each program, as they are.

A table of tool x program x result is printed at the end of each test.
"""

import os
import pathlib
import subprocess
import time

from oslotest import base
import requests
import testscenarios

from tests.fixtures import database as databases
from tests.fixtures import ports
from tests.fixtures import processes
from tests.fixtures import programs
from tests.fixtures.servers import keystone
from tests.fixtures.servers import keystone_accounts
from tests.fixtures.servers import mariadb
from tests.fixtures.servers import memcached
from tests.fixtures.servers import rabbitmq
from tests.fixtures.servers import workspace
from tests.fixtures import tool_files

load_tests = testscenarios.load_tests_apply_scenarios

_SIZE = 1 << 20
_APIS = ('eventlet', 'threading', 'uwsgi')
_FOLDERS = ('images', 'fast', 'cheap', 'staging', 'tmp', 'lock', 'cache',
            'image-cache', 'scrubber', 'tasks_work_dir', 'log')
_SERVES = 'serves'
# A slow registry or conductor would be stood in for, and its files not tried.
_ALONE = {'OS_REGISTRY__EMBED': 'false', 'OS_CONDUCTOR__EMBED': 'false'}


class TestToolFiles(base.BaseTestCase):

    scenarios = [(tool, {'tool': tool}) for tool in tool_files.TOOLS]

    def setUp(self):
        super().setUp()
        self.work = self.useFixture(workspace.Workspace())
        self.keystone = self.useFixture(keystone.Keystone())
        self.session = requests.Session()
        self.session.headers['X-Auth-Token'] = self.keystone.token('demo')
        for name in _FOLDERS:
            os.mkdir(self.work.join(name))
        self.values = {
            'bus': self.useFixture(rabbitmq.RabbitMQ()).url,
            'database': databases.complete(self.useFixture(
                mariadb.MariaDB())).partition('?')[0],
            'keystone': self.keystone.url[:-len('/v3')],
            'password': keystone_accounts.password('glance'),
            'memcached': self.useFixture(memcached.Memcached()).address,
            'host': '127.0.0.1', 'state': self.work.path,
            'log': self.work.join('log')}

    def files(self, name):
        """:returns: the tool's files with a port of their own, and its URL"""
        port = ports.free_port()
        home = pathlib.Path(self.work.join('home-' + name))
        return (tool_files.Files(self.tool, home,
                                 dict(self.values, port=str(port))),
                'http://127.0.0.1:%d' % port)

    def spawn(self, name, files, command, url=None, **env):
        """:returns: the program, which is not waited for"""
        program = processes.Process(
            command, log=self.work.join(name), timeout=300,
            ready=lambda: url is None or programs.answers(url + '/'),
            env=dict(_ALONE, HOME=str(files.home), **dict(
                {'GLANCE_CONCURRENCY': None}, **env)))
        program.spawn()
        self.addCleanup(program.stop)
        return program

    def start(self, kind):
        """:returns: the API as `kind`, and its URL"""
        files, url = self.files(kind)
        if kind == 'uwsgi':
            return self.spawn(kind, files, files.uwsgi(), url,
                              OS_GLANCE_CONFIG_DIR=str(files.etc)), url
        return self.spawn(
            kind, files, [programs.executable('glance-api'),
                          *files.arguments()], url,
            GLANCE_CONCURRENCY=kind), url

    def start_others(self):
        """:returns: {name: program} of the registry and the conductor"""
        files, _url = self.files('others')
        return {name: self.spawn(
            name, files, [programs.executable('glance-' + name)])
            for name in ('registry', 'conductor')}

    def disk(self):
        """:returns: bytes of a raw disk, and of the same as qcow2"""
        raw = self.work.write('disk', '')
        with open(raw, 'wb') as file:
            file.write(os.urandom(_SIZE))
        subprocess.run(['qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2',
                        raw, raw + '.qcow2'], check=True)
        return [pathlib.Path(path).read_bytes()
                for path in (raw, raw + '.qcow2')]

    def call(self, url, verb, path='', status=200, **kwargs):
        answer = self.session.request(verb, url + '/v2/images' + path,
                                      timeout=120, **kwargs)
        self.assertEqual(status, answer.status_code, answer.text[:500])
        return answer

    def ended(self, url, path):
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            task, = self.call(url, 'GET', path + '/tasks').json()['tasks']
            if task['status'] in ('success', 'failure'):
                return task['status'], task['message']
            time.sleep(0.1)
        raise TimeoutError(str(task))

    def tell_story(self, url):
        """An image is imported with plugins, read and deleted."""
        raw, qcow2 = self.disk_data
        self.assertEqual(401, requests.get(
            url + '/v2/images', timeout=60).status_code)
        path = '/' + self.call(url, 'POST', status=201, json={
            'disk_format': 'qcow2', 'container_format': 'bare'}).json()['id']
        self.call(url, 'PUT', path + '/stage', status=204, data=qcow2,
                  headers={'Content-Type': 'application/octet-stream'})
        self.call(url, 'POST', path + '/import', status=202,
                  json={'method': {'name': 'glance-direct'}})
        self.assertEqual(('success', ''), self.ended(url, path))
        image = self.call(url, 'GET', path).json()
        self.assertEqual(
            ('active', 'raw', 'the tool', _SIZE),
            (image['status'], image['disk_format'], image.get('made_by'),
             image['size']))
        self.assertEqual(raw, self.call(url, 'GET', path + '/file').content)
        # That is what the tool's policy file says.
        self.call(url, 'PATCH', path, status=403, json=[
            {'op': 'replace', 'path': '/visibility', 'value': 'community'}],
            headers={'Content-Type':
                     'application/openstack-images-v2.1-json-patch'})
        self.call(url, 'DELETE', path, status=204)

    def result(self, program, url):
        try:
            program.wait_ready()
            programs.wait_until_serving(url, self.session.headers, 300)
            self.tell_story(url)
        except (processes.StartError, TimeoutError, self.failureException,
                requests.RequestException) as error:
            return '%s\n%s' % (error, program.tail())
        return _SERVES

    def others_result(self, program):
        """It has served all that the APIs have."""
        if program.returncode is not None:
            return 'ended with %s\n%s' % (program.returncode, program.tail())
        return _SERVES

    def logs(self):
        paths = [*pathlib.Path(self.work.join('log')).iterdir(),
                 *(pathlib.Path(self.work.join(name))
                   for name in (*_APIS, 'registry', 'conductor'))]
        return '\n'.join(path.read_text(errors='replace') for path in paths)

    def test_each_program_serves(self):
        self.disk_data = self.disk()
        others = self.start_others()
        apis = [(kind, *self.start(kind)) for kind in _APIS]
        row = {'glance-api (%s)' % kind: self.result(program, url)
               for kind, program, url in apis}
        row.update({'glance-' + name: self.others_result(program)
                    for name, program in others.items()})
        for name, result in row.items():
            print('%-18s %-22s %s' % (self.tool, name,
                                      result.split('\n')[0]))
        self.assertEqual({}, {name: result for name, result in row.items()
                              if result != _SERVES})
        self.assertNotIn('Traceback', self.logs())
