"""Fetch an image into the cache, in a native thread of its own.

No client is waited for: whoever wants the image reads the file as it grows.
"""

from collections.abc import Callable
import hashlib
import os

from oslo_log import log as logging

from glance.cache import files
from glance.common import concurrency
from glance.common import exceptions
from glance.objects import image as image_types
from glance.store.checks import hashing
from glance.store import driver
from glance.store.transfer import threads

LOG = logging.getLogger(__name__)

native = concurrency.native

# Called with whether the image is there now, and with the reason if its data
# could not be read.
OnEnd = Callable[[bool, str | None], object]


def start(part: files.Part, image: image_types.Record, reader: driver.Reader,
          on_end: OnEnd) -> None:
    """Fill a file beside the caller.

    :param part: closed at the end
    :param reader: of the whole data, closed at the end
    :param on_end: called in the hub
    """
    concurrency.prepare_hub()
    threads.start(_run, part, image, reader, on_end)


def _run(part: files.Part, image: image_types.Record, reader: driver.Reader,
         on_end: OnEnd) -> None:
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


def _copy(fd: int, image: image_types.Record, reader: driver.Reader) -> None:
    check = Check(image)
    for chunk in reader:
        view = memoryview(chunk)
        check.take(view)
        while view:
            view = view[os.write(fd, view):]
    check.finish()


class Check:
    """Compares data with what the image says of itself."""

    def __init__(self, image: image_types.Record) -> None:
        self._size, self._total = image['size'] or 0, 0
        name, self._wanted = _strongest(image)
        self._digest = (hashlib.new(name, usedforsecurity=False) if name
                        else None)

    def take(self, view: bytes | memoryview) -> None:
        self._total += len(view)
        if self._total > self._size:
            self._refuse()
        if self._digest is not None:
            self._digest.update(view)

    def finish(self) -> None:
        """:raises StoreUnavailable: the data is another"""
        if self._total != self._size or (
                self._digest is not None
                and self._digest.hexdigest() != self._wanted):
            self._refuse()

    @staticmethod
    def _refuse() -> None:
        raise exceptions.StoreUnavailable(
            'The stored data is not what the image says it is.')


def _strongest(image: image_types.Record
               ) -> tuple[str | None, str | None]:
    """:returns: the hash to compare: (algorithm, value), or (None, None)"""
    name = image['os_hash_algo']
    if image['os_hash_value'] and hashing.is_known(name):
        return name, image['os_hash_value']
    if image['checksum']:
        return 'md5', image['checksum']
    return None, None


def verify(fd: int, image: image_types.Record) -> bool:
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
