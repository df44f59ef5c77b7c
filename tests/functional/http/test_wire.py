"""Requests that are broken as bytes, against a running program."""

import os
import re
import socket
import time

import fixtures
import requests
import testtools

from tests.fixtures import database
from tests.fixtures import ports
from tests.fixtures import programs
from tests.unit.service.http import heads

HEAD = b'Host: localhost\r\nAccept: application/json\r\n'
OCTETS = b'Content-Type: application/octet-stream\r\n'
CHUNKED = b'Transfer-Encoding: chunked\r\n'


def request(line, *headers, body=b''):
    return line + b' HTTP/1.1\r\n' + HEAD + b''.join(headers) + b'\r\n' + body


def upload(*headers, body):
    return request(b'PUT /v2/images/%s/file', OCTETS, *headers, body=body)


REFUSED = {
    'garbage': b'\x00\x01\x02\x03\r\n\r\n',
    'no version': b'GET\r\n\r\n',
    'unknown version': b'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
    'path of bytes': request(b'GET /v2/images/\xff\xfe'),
    'path escapes to bytes': request(b'GET /v2/images/%%ff%%fe'),
    'path too long': request(b'GET /v2/images/' + b'i' * 70000),
    'query too long': request(b'GET /v2/images?name=' + b'n' * 70000),
    'header too long': request(b'GET /v2/images', b'X-A: %s\r\n'
                               % (b'x' * 100000)),
    'too many headers': request(b'GET /v2/images', b'X-A: b\r\n' * 5000),
    'header without a colon': request(b'GET /v2/images', b'nonsense\r\n'),
    'length not a number': upload(b'Content-Length: abc\r\n', body=b'x'),
    'negative length': upload(b'Content-Length: -1\r\n', body=b'x'),
    'two lengths': upload(b'Content-Length: 1\r\nContent-Length: 2\r\n',
                          body=b'xx'),
    'chunk size not a number': upload(CHUNKED, body=b'zz\r\nab\r\n0\r\n\r\n'),
    'chunk size negative': upload(CHUNKED, body=b'-2\r\nab\r\n0\r\n\r\n'),
    'chunk size too long': upload(CHUNKED, body=b'1' * 100000 + b'\r\n'),
    'chunk longer than its size': upload(CHUNKED,
                                         body=b'1\r\nabc\r\n0\r\n\r\n'),
    'unknown transfer coding': upload(b'Transfer-Encoding: magic\r\n',
                                      body=b'x'),
    'body where none belongs': request(b'GET /v2/images/%s', CHUNKED,
                                       body=b'2\r\n{}\r\n0\r\n\r\n'),
    'JSON cut in chunks': request(b'POST /v2/images', CHUNKED,
                                  body=b'zz\r\n{}\r\n0\r\n\r\n'),
}
# The client goes away: there may be no answer, and nothing is left.
CUT = {
    'length': upload(b'Content-Length: 5000000\r\n', body=b'x' * 1000),
    'long length': upload(b'Content-Length: 5000000\r\n',
                          body=b'x' * 3000000),
    'chunk': upload(CHUNKED, body=b'ff\r\nabc'),
    'between chunks': upload(CHUNKED, body=b'3\r\nabc\r\n'),
    'last chunk': upload(CHUNKED, body=b'3\r\nabc\r\n0\r\n'),
    'JSON': request(b'POST /v2/images', b'Content-Length: 500\r\n',
                    body=b'{"name": "half'),
}


class TestWire(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.state = self.useFixture(fixtures.TempDir()).path
        self.port = ports.free_port()
        url = 'http://127.0.0.1:%d' % self.port
        self.useFixture(programs.start(
            'glance-standalone', '--port', self.port, '--state-dir',
            self.state, url=url, log=os.path.join(self.state, 'log')))
        self.images = url + '/v2/images'
        self.image = requests.post(self.images, json={
            'disk_format': 'raw', 'container_format': 'bare'},
            timeout=10).json()['id'].encode()

    def send(self, data, then_leave=False):
        """:returns: status code, 0 when the connection was just closed"""
        if b'%s' in data or b'%%' in data:
            data = data.replace(b'%s', self.image).replace(b'%%', b'%')
        with socket.create_connection(('127.0.0.1', self.port), 20) as sock:
            try:
                sock.sendall(data)
                if then_leave:
                    sock.shutdown(socket.SHUT_WR)
                    time.sleep(0.2)
                answer = sock.recv(65536)
            except OSError:
                return 0
        return int(answer.split()[1]) if answer else 0

    def check_nothing_left(self):
        """The image waits for data again, and its store is empty."""
        url = self.images + '/' + self.image.decode()
        for _attempt in range(50):
            shown = requests.get(url, timeout=10).json()
            if shown['status'] == 'queued' and not os.listdir(
                    os.path.join(self.state, 'images')):
                break
            time.sleep(0.1)
        self.assertEqual('queued', shown['status'])
        self.assertEqual([], os.listdir(os.path.join(self.state, 'images')))
        page = requests.get(self.images, timeout=10).json()
        self.assertEqual(1, len(page['images']))

    def test_broken_requests_get_a_4xx_and_leave_nothing(self):
        wrong = {}
        for title, data in REFUSED.items():
            status = self.send(data)
            if not 400 <= status < 500:
                wrong[title] = status
        self.check_nothing_left()
        # These have a status of their own in HTTP.
        self.assertIn(wrong.pop('unknown version', 505), (0, 505))
        self.assertIn(wrong.pop('unknown transfer coding', 501), (0, 501))
        self.assertEqual({}, wrong)

    def test_requests_that_are_cut_off_leave_nothing(self):
        for title, data in CUT.items():
            self.assertIn(self.send(data, then_leave=True), (0, 400), title)
        self.check_nothing_left()

    def test_chunked_json(self):
        data = request(b'POST /v2/images', CHUNKED,
                       body=b'2\r\n{}\r\n0\r\n\r\n')
        self.assertEqual(201, self.send(data))

    def test_data_after_all_that(self):
        for data in CUT.values():
            self.send(data, then_leave=True)
        self.check_nothing_left()
        url = self.images + '/%s/file' % self.image.decode()
        content = os.urandom(3 << 20)
        for body in (iter([content[:5], content[5:]]),):
            answer = requests.put(url, data=body, timeout=60, headers={
                'Content-Type': 'application/octet-stream'})
            self.assertEqual(204, answer.status_code, answer.text)
        self.assertEqual(content, requests.get(url, timeout=60).content)
        self.assertEqual(416, self.send(request(
            b'GET /v2/images/%s/file', b'Range: bytes=--5\r\n')))
        answer = requests.get(url, timeout=60,
                              headers={'Range': 'bytes=1048570-2097162'})
        self.assertEqual(content[1048570:2097163], answer.content)


class TestSeenByOthers(testtools.TestCase):
    """uWSGI reads heads itself: closes, or leaves it to us to refuse."""

    def setUp(self):
        super().setUp()
        state = self.useFixture(fixtures.TempDir()).path
        config = programs.write_config(
            os.path.join(state, 'glance-api.conf'),
            {'database': {'connection': 'sqlite:///%s/db' % state},
             'glance_store': {'filesystem_store_datadir': state + '/images'}})
        database.complete_file(os.path.join(state, 'db'))
        self.port = ports.free_port()
        self.useFixture(programs.uwsgi(
            config, 'http://127.0.0.1:%d' % self.port,
            os.path.join(state, 'log'), workers=1))

    def status(self, data):
        """:returns: of the answer, 0 without one"""
        with socket.create_connection(('127.0.0.1', self.port), 60) as sock:
            try:
                sock.sendall(data)
                sock.shutdown(socket.SHUT_WR)
                answer = sock.recv(65536)
            except ConnectionError:
                return 0
        # uWSGI repeats a version that is none
        status = re.search(rb' (\d{3}) ', answer.partition(b'\r\n')[0])
        return int(status[1]) if status else 0

    def test_broken_heads_are_refused(self):
        # It may come from a server in front that speaks it; the one that
        # takes no length for 0, and no hosts for one, is uWSGI.
        left = {'HTTP/2.0', 'empty length', 'two empty hosts'}
        taken = [title for title, data in heads.REFUSED.items()
                 if title not in left
                 and self.status(data) not in (0, 400, 505)]
        self.assertEqual([], taken)

    def test_absolute_form(self):
        self.assertEqual(200, self.status(
            b'GET http://h/v2/images HTTP/1.1\r\nHost: x\r\n\r\n'))
