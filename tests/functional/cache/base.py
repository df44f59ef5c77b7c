"""A service with a cache, and a store whose pace the tests decide."""

import os
import threading
import time

import fixtures
from oslotest import base

from glance.api import services
from glance.store.drivers.file import filesystem
from tests.fixtures import service

DATA = bytes(range(256)) * 8192


class Gate(fixtures.Fixture):
    """Readers of stores that give as much as they may.

    :ivar opened: offsets that stores were asked for
    :ivar allowed: bytes that may be read
    :ivar error: raised once instead of more
    :ivar wrong: whether the bytes are others
    """

    def _setUp(self):
        self.opened = []
        self.allowed = len(DATA)
        self.error = None
        self.wrong = False
        self._real = filesystem.Driver.open
        gate = self

        def open_(driver, url, offset=0, length=None, context=None):
            gate.opened.append(offset)
            return gate.reader(gate._real(driver, url, offset, length))

        self.useFixture(fixtures.MonkeyPatch(
            'glance.store.drivers.file.filesystem.Driver.open', open_))

    def reader(self, reader):
        return _Gated(self, reader)

    def check(self):
        error, self.error = self.error, None
        if error is not None:
            self.allowed = len(DATA)
            raise error


class _Gated:
    """No descriptor: the kernel cannot send past the gate."""

    def __init__(self, gate, reader):
        self._gate, self._reader = gate, reader
        self.length = reader.length

    def __iter__(self):
        position = self._reader.offset
        for chunk in self._reader:
            while position + len(chunk) > self._gate.allowed:
                self._gate.check()
                time.sleep(0.01)
            position += len(chunk)
            yield bytes(len(chunk)) if self._gate.wrong else chunk

    def close(self):
        self._reader.close()


class TestCase(base.BaseTestCase):

    options = {}

    def setUp(self):
        super().setUp()
        self.service = self.useFixture(service.Service(
            **dict({'conductor': False, 'cache': True, 'multi': True},
                   **self.options)))
        self.gate = self.useFixture(Gate())
        self.cache = services.cache()
        self.folder = os.path.join(self.service.state, 'cache')
        self.image_id = self.new()

    def new(self, data=DATA, **values):
        image_id = self.service.create(**values)['id']
        self.service.upload(image_id, data)
        return image_id

    def get(self, image_id=None, **kwargs):
        path = '/v2/images/%s/file' % (image_id or self.image_id)
        return self.service.call('GET', path, **kwargs)

    def admin(self, status, verb, path, **kwargs):
        answer = self.service.admin(verb, path, **kwargs)
        self.assertEqual(status, answer.status_int, answer.body[:200])
        return answer

    def download(self):
        """Get the image, all of it."""
        self.check_data([self.get().body])

    def check_data(self, received):
        """Whether each is the image; a difference is not for the eye."""
        self.assertEqual([True] * len(received),
                         [data == DATA for data in received])

    def listed(self):
        return [entry['image_id'] for entry in
                self.admin(200, 'GET', '/v2/cache').json['cached_images']]

    def files(self):
        return sorted(name for name in os.listdir(self.folder)
                      if name not in ('.keeper', 'incomplete'))

    def parts(self):
        return os.listdir(os.path.join(self.folder, 'incomplete'))

    def eventually(self, expected, ask, seconds=10):
        deadline = time.monotonic() + seconds
        while ask() != expected and time.monotonic() < deadline:
            time.sleep(0.02)
        self.assertEqual(expected, ask())

    def cached(self, image_id=None):
        """An image is in the cache."""
        image_id = image_id or self.image_id
        self.check_data([self.get(image_id).body])
        self.eventually(True, lambda: image_id in self.listed())
        return image_id


class Downloads:
    """Downloads at the same time, each in a thread.

    :ivar received: the bytes of each so far
    """

    def __init__(self, start, count):
        self.received = [b''] * count
        self.errors = []
        self._threads = [threading.Thread(target=self._run, args=(start, n))
                         for n in range(count)]
        for thread in self._threads:
            thread.start()

    def _run(self, start, number):
        try:
            for chunk in start().app_iter:
                self.received[number] += chunk
        except Exception as error:
            self.errors.append(error)

    def wait(self):
        for thread in self._threads:
            thread.join(30)
        return self.received
