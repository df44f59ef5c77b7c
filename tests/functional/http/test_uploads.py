"""An upload is whole, or an error that nobody repeats blindly.

Each way to fail, at each point, by both calls that take data; afterwards the
image waits for data, its store is empty, and a client that repeats with what
is left of its file is refused.
"""

import hashlib
import io
import os
import time
from unittest import mock

import testtools

from glance.common import exceptions
from glance.registry.rpcapi import uploads
from tests.fixtures import conductor
from tests.fixtures import service

DATA = bytes(range(256)) * 8192        # 2 MiB, more than one piece
CHUNKED = {'CONTENT_LENGTH': '', 'HTTP_TRANSFER_ENCODING': 'chunked'}
_DRIVER = 'glance.store.drivers.file.filesystem.Driver.'
_RPC = 'glance.registry.rpcapi.'


def failing(error, after):
    """A store that fails when it has taken so many buffers; None: all."""
    def write(driver, image_id, attempt, source, *args):
        taken = 0
        while after is None or taken < after:
            if not source.next_buffer():
                break
            taken += 1
        raise error
    return write


class Waiting(io.BytesIO):
    """The body of a client that waits for 100 Continue."""

    is_held_back = True

    def read(self, *args):
        self.is_held_back = False
        return super().read(*args)


class TestUploads(testtools.TestCase):

    kind, ends, rpc = 'file', 'active', 'uploads.Uploads.'

    def setUp(self):
        super().setUp()
        self.service = self.useFixture(service.Service(conductor=False))
        self.renew()

    def renew(self, **values):
        self.image = self.service.create(**values)['id']

    def put(self, data=DATA, chunked=True, **more):
        environ = dict(CHUNKED if chunked else {})
        environ['wsgi.input'] = io.BytesIO(data)
        environ.update(more.pop('environ', {}))
        return self.service.call(
            'PUT', '/v2/images/%s/%s' % (self.image, self.kind), data,
            **environ, **more)

    def status(self):
        return self.service.call('GET', '/v2/images/' + self.image).json[
            'status']

    def check_nothing(self):
        self.assertEqual('queued', self.status())
        self.assertEqual([], self.service.stored_files())

    def check_lost(self):
        """What is left of a consumed file is not taken for all of it."""
        self.check_nothing()
        for chunked in (True, False):
            answer = self.put(b'', chunked)
            self.assertEqual(400, answer.status_int, answer.text)
            self.check_nothing()

    def check_whole(self):
        answer = self.put()
        self.assertEqual(204, answer.status_int, answer.text)
        self.assertEqual(self.ends, self.status())

    def check_final(self, answer, status=502):
        self.assertEqual(status, answer.status_int, answer.text)
        self.assertNotIn('Retry-After', answer.headers)

    def test_a_store_that_fails(self):
        for error, status in ((exceptions.StoreUnavailable(), 502),
                              (exceptions.StorageFull(), 413),
                              (OSError(5, 'EIO'), 500)):
            for after in (0, 1, 3, None):
                for chunked in (True, False):
                    self.renew()
                    with mock.patch(_DRIVER + 'write', failing(error, after)):
                        self.check_final(self.put(chunked=chunked), status)
                    self.check_lost()
        self.check_whole()

    def test_a_registry_that_is_away_before_the_data(self):
        for name in ('images.Images.get', self.rpc + 'begin'):
            with mock.patch(_RPC + name, autospec=True, side_effect=(
                    exceptions.RegistryUnavailable())):
                self.check_final(self.put())
                answer = self.put(environ={'wsgi.input': Waiting(DATA)})
                self.assertEqual(503, answer.status_int)
                self.assertIn('Retry-After', answer.headers)
                answer = self.put(b'', chunked=False)
                self.assertEqual(503, answer.status_int)
            self.check_nothing()
        self.assertEqual(204, self.put(b'', chunked=False).status_int)

    def test_a_registry_that_is_away_after_the_data(self):
        with mock.patch(_RPC + self.rpc + 'finish', autospec=True,
                        side_effect=exceptions.RegistryUnavailable()):
            answer = self.put()
        self.check_final(answer)
        self.assertIn('not known', answer.text)
        # Until its lease is over, nobody else can send anything.
        self.assertNotIn(self.status(), ('queued', 'active'))
        self.assertEqual(409, self.put(b'').status_int)
        conductor.work()
        self.check_lost()
        self.check_whole()

    def test_an_answer_that_is_lost_leaves_the_data_as_it_should_be(self):
        """The registry has recorded it all the same."""
        real = uploads.Uploads.finish

        def finish(*args, **kwargs):
            real(*args, **kwargs)
            raise exceptions.RegistryUnavailable()
        with mock.patch(_RPC + self.rpc + 'finish', finish):
            self.check_final(self.put())
        self.assertEqual('active', self.status())
        deadline = time.monotonic() + 60
        while len(self.service.stored_files()) > 1:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        [path] = self.service.stored_files()
        self.assertEqual(self.image, os.path.basename(path))

    def test_a_client_that_leaves(self):
        for data in (b'', DATA[:1], DATA[:-1]):
            self.renew()
            answer = self.put(data, chunked=False, environ={
                'CONTENT_LENGTH': str(len(DATA))})
            self.check_final(answer, 400)
            self.check_lost()

    def test_too_much(self):
        self.service.conf.config(image_size_cap=len(DATA) - 1)
        self.check_final(self.put(), 413)
        self.check_lost()

    def test_a_project_without_room(self):
        error = exceptions.LimitExceeded()
        with mock.patch(_RPC + self.rpc + 'finish', autospec=True,
                        side_effect=error):
            self.check_final(self.put(), 413)
        self.check_lost()

    def test_headers_about_the_data(self):
        wrong = hashlib.md5(b'x', usedforsecurity=False).hexdigest()
        for headers, status in (
                ({'Content-Range': 'bytes 0-9/20'}, 400),
                ({'Content-MD5': wrong}, 400), ({'Content-MD5': '?'}, 400),
                ({'Digest': 'md5=1B2M2Y8AsgTpgAmY7PhCfg=='}, 400),
                ({'Content-Digest': 'md5=:1B2M2Y8AsgTpgAmY7PhCfg==:'}, 400),
                ({'Repr-Digest': 'md5=:1B2M2Y8AsgTpgAmY7PhCfg==:'}, 400),
                ({'Content-Encoding': 'gzip'}, 415)):
            for data in (DATA, DATA[:5]):
                for chunked in (True, False):
                    self.check_final(self.put(data, chunked, headers=headers),
                                     status)
                    self.check_nothing()
        right = hashlib.md5(DATA, usedforsecurity=False).hexdigest()
        answer = self.put(headers={'Content-MD5': right})
        self.assertEqual(204, answer.status_int, answer.text)

    def test_no_byte_contradicts_no_format(self):
        for name in ('raw', 'qcow2', 'vmdk', 'iso', 'vhd'):
            for chunked in (True, False):
                self.renew(disk_format=name)
                answer = self.put(b'', chunked)
                self.assertEqual(204, answer.status_int, answer.text)
                self.assertEqual(self.ends, self.status())


class TestStage(TestUploads):

    kind, ends, rpc = 'stage', 'uploading', 'stages.Stages.'
    # What is staged is gone on with by its import.
    test_an_answer_that_is_lost_leaves_the_data_as_it_should_be = None
