"""Hash data that is in a store already."""

from collections.abc import Callable
import hashlib

from glance.common import exceptions
from glance.conf import CONF
from glance.objects import location as location_types
from glance.store import driver
from glance.store.transfer import threads

# Called in any thread with the bytes read so far; what it raises stops the
# reading.
Tick = Callable[[int], object]
# Called likewise with each chunk.
Feed = Callable[[bytes], object]


def is_known(algorithm: str | None) -> bool:
    """:returns: whether this host can compute what an image may have a hash
        of, which another one, or another release, has made
    """
    try:
        return bool(algorithm) and hashlib.new(
            str(algorithm), usedforsecurity=False).digest_size > 0
    except ValueError:
        return False


def algorithm_for(recorded: str | None) -> str:
    """:param recorded: os_hash_algo of the image
    :returns: that, or the configured one where it cannot be computed
    """
    return (recorded if recorded and is_known(recorded)
            else str(CONF.hashing_algorithm))


def digest(store: driver.Driver, url: str, algorithm: str,
           tick: Tick | None = None, feed: Feed | None = None
           ) -> location_types.Facts:
    """Read all the data at a URL, in a native thread.

    :param algorithm: of the second digest, beside MD5
    :raises NotFound, StoreUnavailable:
    """
    return threads.call(_digest, store, url, algorithm, tick, feed)


def _digest(store: driver.Driver, url: str, algorithm: str, tick: Tick | None,
            feed: Feed | None) -> location_types.Facts:
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
