"""A file store in a folder of its own, and things to pull data from."""

import io
import os
import types

import fixtures
from oslotest import base

from glance.store.drivers.file import filesystem


def values(folder=None, **others):
    """The options of a file store with their defaults."""
    return types.SimpleNamespace(**dict(
        {'filesystem_store_datadir': folder,
         'filesystem_store_datadirs': None,
         'filesystem_store_file_perm': 0,
         'filesystem_store_metadata_file': None,
         'filesystem_store_chunk_size': 65536,
         'filesystem_thin_provisioning': False}, **others))


def environ(data, length=None, **headers):
    """The environment of an upload request behind a plain server."""
    return dict({'wsgi.input': io.BytesIO(data),
                 'CONTENT_LENGTH': str(len(data) if length is None
                                       else length)}, **headers)


class Source:
    """What a driver pulls from: `data`, then the error if there is one."""

    def __init__(self, data, error=None, piece=65536):
        self._file = io.BytesIO(data)
        self._error = error
        self._piece = piece
        self.is_begun = False

    def next_buffer(self):
        data = self._file.read(self._piece)
        if not data and self._error is not None:
            raise self._error
        return memoryview(data)

    def read(self, size=-1):
        self.is_begun = True
        data = self._file.read(size)
        if not data and self._error is not None:
            raise self._error
        return data


class StoreTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = os.path.join(
            self.useFixture(fixtures.TempDir()).path, 'images')
        self.store = filesystem.Driver('fast', values(self.folder))

    def files(self):
        return sorted(os.listdir(self.folder))

    def content(self, name):
        with open(os.path.join(self.folder, name), 'rb') as source:
            return source.read()

    def read(self, url, *args):
        reader = self.store.open(url, *args)
        try:
            return b''.join(reader)
        finally:
            reader.close()
