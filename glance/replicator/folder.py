"""A folder of images: `<id>` has the metadata as JSON, `<id>.img` the data."""

import json
import os
import uuid

from glance.replicator import errors

_DATA = '.img'
_UNFINISHED = '.part'


class Folder:
    """:param chunk: bytes to read or write at a time"""

    def __init__(self, path, chunk):
        self._path, self._chunk = path, chunk
        if not os.path.isdir(path):
            raise errors.ReplicatorError('%s is no folder.' % path)

    def _join(self, image_id, suffix=''):
        return os.path.join(self._path, image_id + suffix)

    def images(self):
        """:returns: iterator over the images, as they were dumped"""
        for name in sorted(os.listdir(self._path)):
            if _is_id(name):
                yield self._read(name)

    def _read(self, image_id):
        try:
            with open(self._join(image_id), encoding='utf-8') as file:
                image = json.load(file)
            if image['id'] == image_id:
                return image
        except (OSError, ValueError, KeyError, TypeError):
            pass
        raise errors.ReplicatorError(
            '%s has no metadata of this image.' % self._join(image_id))

    def write(self, image):
        self._replace(self._join(image['id']), [json.dumps(
            image, indent=4, sort_keys=True).encode()])

    def has_data(self, image):
        """Whether the data is there, as long as it has to be."""
        try:
            size = os.path.getsize(self._join(image['id'], _DATA))
        except FileNotFoundError:
            return False
        return size == image.get('size')

    def save(self, image_id, pieces):
        self._replace(self._join(image_id, _DATA), pieces)

    def _replace(self, path, pieces):
        """A file is whole or not there."""
        with open(path + _UNFINISHED, 'wb') as file:
            for piece in pieces:
                file.write(piece)
        os.replace(path + _UNFINISHED, path)

    def data(self, image_id):
        """:returns: an iterator over the data, in pieces"""
        with open(self._join(image_id, _DATA), 'rb') as file:
            while piece := file.read(self._chunk):
                yield piece


def _is_id(name):
    try:
        return str(uuid.UUID(name)) == name
    except ValueError:
        return False
