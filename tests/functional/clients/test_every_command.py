"""All that the clients can do with images is done once, with the three
programs over RabbitMQ, MariaDB and Keystone; so is what our own client for
the cache can. The same cloud is asked for one thing by many at once.
"""

import contextlib
import hashlib
import io
import json
import pathlib
import re
import shlex
import string
import sys
import time
import uuid

import fixtures
from oslotest import base
import requests

from glance.cmd import cache_manage
from tests.fixtures.servers import nginx
from tests.functional.clients import at_once
from tests.functional.clients import full_cloud
from tests.functional.clients import glance_commands
from tests.functional.clients import metadef_commands
from tests.functional.clients import openstack_commands

_HERE = pathlib.Path(__file__).parent
_SHIPPED = str(_HERE.parents[2] / 'etc' / 'metadefs')
_CONTENT = 'the bytes of an image ' * 200
# What only reads is repeated until all has come to its end.
_READS = {'show', 'list', 'tasks'}
_PATIENCE = 60


class TestEveryCommand(at_once.CopiesAtOnce, base.BaseTestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.web = _started(cls, nginx.Nginx())
        for name in ('cat', 'cat2'):
            cls.web.add(name, _CONTENT.encode())
        cls.cloud = _started(cls, full_cloud.FullCloud(cls.web.port))
        known = cls.cloud.clients().run('python', _HERE / 'known_commands.py')
        cls.known = json.loads(known)

    def setUp(self):
        super().setUp()
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        (folder / 'image').write_text(_CONTENT)
        self.source = str(folder / 'image')
        self.other = self.cloud.keystone.project_id('alt_demo')
        self.names = {
            'file': self.source, 'copy': str(folder / 'copy'),
            'web': self.web.url + 'cat', 'web2': self.web.url + 'cat2',
            'other': self.other, 'region': self.cloud.region,
            'content': _CONTENT, 'shipped': _SHIPPED,
            **{letter: str(uuid.uuid4()) for letter in 'abcdefg'}}
        self.users = {name: self.cloud.clients(name)
                      for name in ('admin', 'demo', 'alt_demo')}

    def run_rows(self, program, rows):
        """:returns: the command lines, each with its result, once"""
        return [self.run_row(program, *row) for row in rows]

    def run_row(self, program, user, command, expected):
        words = [self.fill(word) for word in shlex.split(command)]
        pattern = re.compile(self.fill(expected))
        deadline = time.monotonic() + _PATIENCE
        while True:
            output = self.users[user].run(program, *words)
            found = pattern.search(output)
            if found or time.monotonic() > deadline or not (
                    _READS & set(re.split('[ -]', command))):
                break
            time.sleep(0.2)
        self.assertTrue(found, '%s %s: %s' % (program, words, output))
        self.names.update(found.groupdict())
        return ' '.join(words)

    def fill(self, text):
        return string.Template(text).safe_substitute(self.names)

    def report(self, program, known, done, count):
        """All that is known was done, each of it with the right result."""
        self.assertEqual([], sorted(set(known) - done))
        # Past the capture of output: whoever runs the suite may see it.
        print('%s: %d of %d known are run, %d results as expected' % (
            program, len(done & set(known)), len(known), count),
            file=sys.__stderr__)

    def run_all(self, program, rows):
        done = self.run_rows(program, rows)
        known = self.known[program]
        self.report(program, known, {_longest(line, known) for line in done},
                    len(done))

    def test_each_command_of_openstack_works(self):
        # This client cannot make an object that has properties.
        made = requests.post(
            self.cloud.url + '/v2/metadefs/namespaces', timeout=60,
            headers={'X-Auth-Token': self.cloud.keystone.token('admin')},
            json=metadef_commands.WITH_AN_OBJECT)
        self.assertEqual(201, made.status_code, made.text)
        self.run_all('openstack', openstack_commands.ROWS + tuple(
            metadef_commands.rows('image metadef ',
                                  metadef_commands.OPENSTACK)))
        with open(self.names['copy']) as copy:
            self.assertEqual(_CONTENT, copy.read())

    def test_each_command_of_glance_works(self):
        self.run_all('glance', glance_commands.ROWS + tuple(
            metadef_commands.rows('md-', metadef_commands.GLANCE)))
        with open(self.names['copy']) as copy:
            self.assertEqual(_CONTENT, copy.read())

    def manage_cache(self, user, *arguments, **variables):
        """Output of glance-cache-manage, which finds a user in OS_*."""
        env = self.cloud.keystone.client_environment(user)
        for name, value in dict(env, **variables).items():
            self.useFixture(fixtures.EnvironmentVariable(name, value))
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            try:
                cache_manage.main(['--host', '127.0.0.1', '--port', str(
                    self.cloud.port), '--force', *arguments])
            except SystemExit as end:
                return str(end.code)
        return output.getvalue()

    def test_cache_manage(self):
        image_id = self.names['a']
        self.users['admin'].glance(
            'image-create', '--id', image_id, '--disk-format', 'raw',
            '--container-format', 'bare', '--file', self.source)
        self.assertEqual('', self.manage_cache('admin', 'queue-image',
                                               image_id))
        deadline = time.monotonic() + _PATIENCE
        while image_id not in self.manage_cache('admin', 'list-cached'):
            self.assertLess(time.monotonic(), deadline)
        self.assertIn('403', self.manage_cache('demo', 'list-cached'))
        self.assertIn('401', self.manage_cache(
            'admin', 'list-cached', OS_PASSWORD='wrong'))
        self.assertIn('401', self.manage_cache(
            'admin', '--os-auth-token', 'wrong', 'list-cached'))
        self.assertIn(image_id, self.manage_cache(
            'demo', '--os-auth-token', self.cloud.keystone.token('admin'),
            'list-cached'))
        self.assertIn('Deleted', self.manage_cache(
            'admin', 'delete-all-cached-images'))
        self.users['admin'].run('glance', 'image-delete', image_id)

    def test_each_method_of_the_sdk_works(self):
        called = self.users['admin'].sdk(
            _HERE / 'sdk_calls.py', self.source, self.names['web'],
            self.other, hashlib.sha512(_CONTENT.encode()).hexdigest())
        self.report('openstacksdk', self.known['sdk'], set(called),
                    len(called))


def _started(test, fixture):
    fixture.setUp()
    test.addClassCleanup(fixture.cleanUp)
    return fixture


def _longest(line, known):
    """The name of the command in a command line."""
    return max((name for name in known if (line + ' ').startswith(name + ' ')),
               key=len, default=line)
