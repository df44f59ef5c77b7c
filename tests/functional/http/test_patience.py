"""Thousands of silent and slow clients, and one who wants an answer."""

import getpass
import os
import resource
import socket
import threading

import fixtures
import requests
import testtools

from tests.fixtures import ports
from tests.fixtures import processes
from tests.fixtures import programs

HEAD = b'Host: localhost\r\nContent-Type: application/json\r\n'
IDLE = 2000
SLOW = 750
# more than there are places, and they take all of them
SLOW_BODIES = 1500
# What the guide lets through to uWSGI, of its 16 threads here, and more.
TRANSFERS, UPLOADS = 12, 40
FILES = 16384


# What the installation guide says of nginx before uWSGI, for fewer threads.
NGINX = """\
daemon off;
user %(user)s;
error_log stderr;
pid %(work)s/pid;
worker_rlimit_nofile 16384;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path %(work)s/body;
  proxy_temp_path %(work)s/proxy;
  fastcgi_temp_path %(work)s/fastcgi;
  uwsgi_temp_path %(work)s/uwsgi;
  scgi_temp_path %(work)s/scgi;
  client_header_timeout 30s;
  client_max_body_size 0;
  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_read_timeout 900s;
  limit_conn_zone $server_port zone=transfers:1m;
  server {
    listen 127.0.0.1:%(port)d backlog=4096;
    location / { proxy_pass http://127.0.0.1:%(behind)d; }
    location ~ ^/v2/images/[^/]+/(file|stage)$ {
      limit_conn transfers %(transfers)d;
      proxy_request_buffering off;
      proxy_buffering off;
      proxy_pass http://127.0.0.1:%(behind)d;
    }
  }
}
"""


class TestPatience(testtools.TestCase):

    def setUp(self):
        super().setUp()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < FILES:
            self.skipTest('Too few files may be open here: %d' % hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, FILES), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE,
                        (soft, hard))
        self.state = self.useFixture(fixtures.TempDir()).path
        self.port = ports.free_port()
        self.url = 'http://127.0.0.1:%d' % self.port
        self.start()

    def start(self):
        self.useFixture(programs.start(
            'glance-standalone', '--port', self.port, '--state-dir',
            self.state, url=self.url, log=self.join('log')))

    def join(self, name):
        return os.path.join(self.state, name)

    def connect(self, count, data):
        """:returns: connections that have sent this"""
        found = []
        for _number in range(count):
            client = socket.create_connection(('127.0.0.1', self.port), 60)
            self.addCleanup(client.close)
            client.sendall(data)
            found.append(client)
        return found

    def drip(self, *groups):
        """Another byte of each now and then, until the test ends."""
        ended = threading.Event()

        def run():
            while not ended.wait(0.5):
                for client in [one for group in groups for one in group]:
                    try:
                        client.send(b'1')
                    except OSError:
                        pass
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(ended.set)

    def check_serves(self, *paths):
        for path in paths:
            for _attempt in range(3):
                answer = requests.get(self.url + path, timeout=60)
                self.assertLess(answer.status_code, 400, answer.text)

    def test_all_of_them_at_once(self):
        kept = self.connect(IDLE, b'GET / HTTP/1.1\r\n' + HEAD + b'\r\n')
        for client in kept:
            self.assertTrue(client.recv(65536).startswith(b'HTTP/1.1 300'))
        self.check_serves('/healthcheck', '/v2/images')
        heads = self.connect(SLOW, b'GET / HTTP/1.1\r\nX-A: ')
        bodies = self.connect(SLOW_BODIES, (
            b'POST /v2/images HTTP/1.1\r\n' + HEAD
            + b'Content-Length: 60000\r\n\r\n{"a": 1'))
        short = self.connect(SLOW, (
            b'POST /v2/images HTTP/1.1\r\n' + HEAD
            + b'Content-Length: 6000\r\n\r\n{"a": 1'))
        self.drip(heads, bodies, short)
        self.check_serves('/healthcheck', '/healthcheck/ready',
                          '/v2/images', '/healthcheck')


class TestBehindNginx(TestPatience):
    """uWSGI has a thread for each of 16 requests, nginx collects them."""

    def start(self):
        config = programs.write_config(self.join('glance-api.conf'), {
            'database': {'connection': 'sqlite:///' + self.join('db')},
            'glance_store': {
                'filesystem_store_datadir': self.join('images')}})
        programs.run('glance-manage', '--config-file', config, 'db', 'sync')
        behind = ports.free_port()
        self.useFixture(programs.uwsgi(
            config, 'http://127.0.0.1:%d' % behind, self.join('log')))
        with open(self.join('nginx.conf'), 'w') as target:
            target.write(NGINX % {
                'work': self.state, 'port': self.port, 'behind': behind,
                'user': getpass.getuser(), 'transfers': TRANSFERS})
        self.useFixture(processes.Process(
            ['nginx', '-p', self.state, '-e', 'stderr', '-c',
             self.join('nginx.conf')], log=self.join('nginx.log'),
            ready=lambda: ports.is_open(self.port)))

    def test_slow_image_data(self):
        """It takes threads, not all of them; more of it is told to wait."""
        heads = [self.head(self.create()) for _number in range(UPLOADS)]
        uploads = [self.connect(1, head)[0] for head in heads]
        self.drip(uploads)
        self.check_serves('/healthcheck', '/v2/images')
        refused = [client for client in uploads if self.is_refused(client)]
        self.assertEqual(UPLOADS - TRANSFERS, len(refused))
        self.connect(SLOW, heads[0])
        self.check_serves('/healthcheck', '/v2/images', '/healthcheck')

    def create(self):
        return requests.post(self.url + '/v2/images', json={
            'disk_format': 'raw', 'container_format': 'bare'}).json()['id']

    @staticmethod
    def head(image_id):
        """:returns: the beginning of an upload"""
        return ('PUT /v2/images/%s/file HTTP/1.1\r\nHost: localhost\r\n'
                'Content-Type: application/octet-stream\r\n'
                'Content-Length: 60000\r\n\r\nabc' % image_id).encode()

    def is_refused(self, client):
        """:returns: whether it was told to wait; False without an answer"""
        client.settimeout(1)
        try:
            answer = client.recv(65536)
        except TimeoutError:
            return False
        self.assertTrue(answer.startswith(b'HTTP/1.1 503'), answer)
        return True
