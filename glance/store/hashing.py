"""Hash data that is in a store already."""

import hashlib

from glance.common import exceptions
from glance.store import threads


def digest(store, url, algorithm, cancelled=None):
    """Read all the data at a URL, in a native thread.

    :param store: `glance.store.driver.Driver`
    :param algorithm: of the second digest, beside MD5
    :param cancelled: any thread calls it; the error to stop with, or None
    :returns: {"size", "checksum", "os_hash_algo", "os_hash_value"}
    :raises NotFound, StoreUnavailable:
    """
    return threads.call(_digest, store, url, algorithm, cancelled)


def _digest(store, url, algorithm, cancelled):
    digests = [hashlib.new(name, usedforsecurity=False)
               for name in ('md5', algorithm)]
    reader = store.open(url)
    total = 0
    try:
        for chunk in reader:
            error = cancelled() if cancelled is not None else None
            if error is not None:
                raise error
            total += len(chunk)
            for one in digests:
                one.update(chunk)
    finally:
        reader.close()
    if reader.length not in (None, total):
        raise exceptions.StoreUnavailable(
            'The stored data ended %d bytes early.' % (reader.length - total))
    return {'size': total, 'checksum': digests[0].hexdigest(),
            'os_hash_algo': algorithm, 'os_hash_value': digests[1].hexdigest()}
