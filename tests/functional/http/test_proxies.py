"""Answers in mid-body, through the proxies that people put in front."""

import getpass
import http.client
import os
import shutil

import fixtures
import testtools

from tests.fixtures import ports
from tests.fixtures import processes
from tests.fixtures import programs

LENGTH = 24 << 20
OCTETS = 'application/octet-stream'
_NGINX = """\
daemon off;
user %(user)s;
error_log stderr;
pid %(work)s/pid;
events { }
http {
  access_log off;
  client_body_temp_path %(work)s/body;
  proxy_temp_path %(work)s/proxy;
  fastcgi_temp_path %(work)s/fastcgi;
  uwsgi_temp_path %(work)s/uwsgi;
  scgi_temp_path %(work)s/scgi;
  client_max_body_size 0;
  server {
    listen 127.0.0.1:%(port)d;
    location / { proxy_pass http://127.0.0.1:%(behind)d; }
    location /direct/ {
      proxy_request_buffering off;
      proxy_pass http://127.0.0.1:%(behind)d/;
    }
  }
}
"""
_HAPROXY = """\
defaults
  mode http
  timeout connect 60s
  timeout client 600s
  timeout server 600s
listen api
  bind 127.0.0.1:%(port)d
  server one 127.0.0.1:%(behind)d
"""


class TestProxies(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.work = self.useFixture(fixtures.TempDir()).path
        self.port = ports.free_port()
        url = 'http://127.0.0.1:%d' % self.port
        self.useFixture(programs.start(
            'glance-standalone', '--port', self.port, '--state-dir',
            os.path.join(self.work, 'state'), url=url, log=self.join('log')))

    def join(self, name):
        return os.path.join(self.work, name)

    def proxy(self, config, *command):
        """:returns: the port of a proxy with this configuration"""
        if not shutil.which(command[0]):
            self.skipTest('%s is not installed' % command[0])
        port = ports.free_port()
        path = self.join('proxy.conf')
        with open(path, 'w') as target:
            target.write(config % {
                'work': self.work, 'port': port, 'behind': self.port,
                'user': getpass.getuser()})
        self.useFixture(processes.Process(
            [*command, path], log=self.join('proxy.log'),
            ready=lambda: ports.is_open(port)))
        return port

    def call(self, port, verb, path, body=None, length=None, **headers):
        """:returns: status and body of the answer"""
        connection = http.client.HTTPConnection('127.0.0.1', port, timeout=600)
        self.addCleanup(connection.close)
        connection.putrequest(verb, path)
        headers = {name.replace('_', '-'): value
                   for name, value in headers.items()}
        if body is not None:
            headers['Content-Length'] = str(length or len(body))
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        try:
            for start in range(0, length or 0, 1 << 20):
                connection.send(body[:1 << 20])
        except ConnectionError:
            pass
        if not length and body:
            connection.send(body)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def check(self, port, prefix=''):
        """What is refused in mid-body gets its answer, and what comes next
        is served.
        """
        data = b'not a qcow2 image' * 61681 + b'x' * 3
        for connection in ('close', 'keep-alive'):
            status, text = self.call(
                port, 'POST', prefix + '/v2/images',
                b'{"disk_format": "qcow2", "container_format": "bare"}',
                Connection=connection)
            self.assertEqual(201, status, text)
            path = '%s/v2/images/%s/file' % (
                prefix, text.decode().partition('"id":')[2].split('"')[1])
            status, text = self.call(port, 'PUT', path, data, LENGTH,
                                     Content_Type=OCTETS,
                                     Connection=connection)
            self.assertEqual(415, status, text)
            status, text = self.call(port, 'PUT', path, data, LENGTH,
                                     Content_Type='text/plain',
                                     Connection=connection)
            self.assertEqual(415, status, text)
            self.assertEqual(200, self.call(port, 'GET',
                                            prefix + '/v2/images')[0])
        with open(self.join('log')) as log:
            self.assertEqual([], [line for line in log
                                  if ' ERROR ' in line or 'Traceback' in line])

    def test_an_early_answer_comes_through_nginx(self):
        port = self.proxy(_NGINX, 'nginx', '-p', self.work, '-e', 'stderr',
                          '-c')
        self.check(port)
        self.check(port, '/direct')

    def test_an_early_answer_comes_through_haproxy(self):
        self.check(self.proxy(_HAPROXY, 'haproxy', '-db', '-f'))

    def test_an_early_answer_comes_without_a_proxy(self):
        self.check(self.port)
