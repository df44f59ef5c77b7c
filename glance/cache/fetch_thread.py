"""Fetch an image into the cache, in a native thread of its own.

No client is waited for: whoever wants the image reads the file as it grows.
"""

import hashlib
import os

from oslo_log import log as logging

from glance.common import concurrency
from glance.common import exceptions
from glance.store.transfer import threads

LOG = logging.getLogger(__name__)

native = concurrency.native


def start(part, image, reader, on_end):
    """Fill a file beside the caller.

    :param part: `glance.cache.files.Part`, closed at the end
    :param image: as of the registry
    :param reader: of the whole data, closed at the end
    :param on_end: called in the hub with whether the image is there now, and
        with the reason if its data could not be read, else None
    """
    concurrency.prepare_hub()
    threads.start(_run, part, image, reader, on_end)


def _run(part, image, reader, on_end):
    done, reason = False, None
    try:
        _copy(part.fd, image, reader)
        done = part.finish()
    except exceptions.GlanceError as error:
        reason = error.message
    except OSError as error:
        LOG.error('Image %s does not get into the cache: %s', image['id'],
                  type(error).__name__)
    except Exception:
        LOG.exception('Image %s does not get into the cache', image['id'])
    finally:
        if not done:
            part.discard()
        part.close()
        reader.close()
        concurrency.call_in_hub(on_end, done, reason)


def _copy(fd, image, reader):
    check = Check(image)
    for chunk in reader:
        view = memoryview(chunk)
        check.take(view)
        while view:
            view = view[os.write(fd, view):]
    check.finish()


class Check:
    """Compares data with what the image says of itself."""

    def __init__(self, image):
        self._size, self._total = image['size'], 0
        name, self._wanted = _strongest(image)
        self._digest = name and hashlib.new(name, usedforsecurity=False)

    def take(self, view):
        self._total += len(view)
        if self._total > self._size:
            self._refuse()
        if self._digest is not None:
            self._digest.update(view)

    def finish(self):
        """:raises StoreUnavailable: the data is another"""
        if self._total != self._size or (
                self._digest is not None
                and self._digest.hexdigest() != self._wanted):
            self._refuse()

    @staticmethod
    def _refuse():
        raise exceptions.StoreUnavailable(
            'The stored data is not what the image says it is.')


def _strongest(image):
    """:returns: the hash to compare: (algorithm, value), or (None, None)"""
    name = image['os_hash_algo']
    if image['os_hash_value'] and name in hashlib.algorithms_available:
        return name, image['os_hash_value']
    if image['checksum']:
        return 'md5', image['checksum']
    return None, None


def verify(fd, image):
    """Whether a file holds the data of an image; reads all of it."""
    check = Check(image)
    position = 0
    try:
        while data := os.pread(fd, 1 << 20, position):
            check.take(data)
            position += len(data)
        check.finish()
    except exceptions.StoreUnavailable:
        return False
    return True
