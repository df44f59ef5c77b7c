"""How many of our modules a request enters, from the socket to SQL and back.

Whoever reads how a request is served reads these. One more is a decision, not
an accident: change the table with it, and the one in the documentation.
"""

import socket

import requests
import testtools

from glance.service import parts
from tests.fixtures import entered
from tests.fixtures.servers import rabbitmq
from tests.fixtures import service

# At most, as on a slow machine something may come after we have looked.
MODULES = {'show': 48, 'list': 50, 'create': 60, 'update': 65, 'upload': 81}


class TestModules(testtools.TestCase):

    def setUp(self):
        super().setUp()
        broker = self.useFixture(rabbitmq.RabbitMQ())
        self.entered = self.useFixture(entered.Entered())
        self.useFixture(service.Service(conductor=False,
                                        transport_url=broker.url))
        self.client = requests.Session()
        self.addCleanup(self.client.close)
        self.client.headers.update({
            'X-Identity-Status': 'Confirmed', 'X-User-Id': 'u1',
            'X-Project-Id': 'p1', 'X-Roles': 'member,reader'})
        self.url = self.serve() + '/v2/images'
        self.image = self.create()

    def serve(self):
        sock = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(sock.close)
        url = 'http://127.0.0.1:%d' % sock.getsockname()[1]
        http = parts.Http(sock)
        http.start()
        self.addCleanup(http.stop, 5)
        return url

    def call(self, verb, url, **kwargs):
        answer = self.client.request(verb, url, timeout=60, **kwargs)
        self.assertLess(answer.status_code, 300, answer.text)
        return answer

    def create(self):
        """:returns: its URL"""
        image = self.call('POST', self.url, json={
            'name': 'a', 'tags': ['t'], 'disk_format': 'raw',
            'container_format': 'bare', 'p': 'v'}).json()
        return '%s/%s' % (self.url, image['id'])

    def check(self, name, request):
        found = self.entered.by(request)
        self.assertLessEqual(len(found), MODULES[name], sorted(found))

    def test_a_show_enters_no_more_than_written(self):
        self.check('show', lambda: self.call('GET', self.image))

    def test_a_list_enters_no_more_than_written(self):
        self.check('list', lambda: self.call('GET', self.url))

    def test_a_create_enters_no_more_than_written(self):
        self.check('create', self.create)

    def test_an_update_enters_no_more_than_written(self):
        names = iter('xyz')
        self.check('update', lambda: self.call(
            'PATCH', self.image, headers={'Content-Type': service.V21},
            json=[{'op': 'replace', 'path': '/name', 'value': next(names)}]))

    def test_an_upload_enters_no_more_than_written(self):
        images = iter([self.create() for _number in range(3)])
        self.check('upload', lambda: self.call(
            'PUT', next(images) + '/file', data=b'x' * 1000,
            headers={'Content-Type': 'application/octet-stream'}))
