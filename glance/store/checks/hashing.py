"""Hash data that is in a store already."""

import hashlib

from glance.common import exceptions
from glance.store.transfer import threads


def digest(store, url, algorithm, tick=None, feed=None):
    """Read all the data at a URL, in a native thread.

    :param store: `glance.store.driver.Driver`
    :param algorithm: of the second digest, beside MD5
    :param tick: called in any thread with the bytes read so far; what it
        raises stops the reading
    :param feed: called likewise with each chunk
    :returns: {"size", "checksum", "os_hash_algo", "os_hash_value"}
    :raises NotFound, StoreUnavailable:
    """
    return threads.call(_digest, store, url, algorithm, tick, feed)


def _digest(store, url, algorithm, tick, feed):
    digests = [hashlib.new(name, usedforsecurity=False)
               for name in ('md5', algorithm)]
    reader = store.open(url)
    total = 0
    try:
        for chunk in reader:
            total += len(chunk)
            if tick is not None:
                tick(total)
            if feed is not None:
                feed(chunk)
            for one in digests:
                one.update(chunk)
    finally:
        reader.close()
    if reader.length not in (None, total):
        raise exceptions.StoreUnavailable(
            'The stored data ended %d bytes early.' % (reader.length - total))
    return {'size': total, 'checksum': digests[0].hexdigest(),
            'os_hash_algo': algorithm, 'os_hash_value': digests[1].hexdigest()}
