"""glance-cache-cleaner, -pruner, -prefetcher: one look after a cache.

The API hosts look after their caches by themselves; these are for the cron
jobs of old installations, and for who does not want to wait.
"""

import os
import sys

# Nothing here waits for anything else.
os.environ.setdefault('GLANCE_CONCURRENCY', 'threading')
from glance import startup  # noqa: E402,F401 isort: skip

from glance.cache import image_cache  # noqa: E402
from glance.cache import maintenance  # noqa: E402
from glance.conf import CONF  # noqa: E402
from glance.registry import rpcapi  # noqa: E402
from glance.service import program  # noqa: E402
from glance.store import backends as store_registry  # noqa: E402


def clean():
    _run('glance-cache-cleaner', maintenance.clean)


def prune():
    _run('glance-cache-pruner', maintenance.prune)


def prefetch():
    _run('glance-cache-prefetcher', _prefetch)


def _prefetch(cache):
    failed = maintenance.prefetch(cache, store_registry.load(CONF))
    if failed:
        sys.exit('Not fetched: %s' % ', '.join(failed))


def _run(prog, work):
    """Exit status: 0 done; 1 with a message, or when a fetch failed."""
    print('%s is deprecated: the API hosts look after their caches.' % prog,
          file=sys.stderr)
    program.configure(sys.argv[1:], prog)
    program.run_once(prog, lambda: work(_cache(prog)))


def _cache(prog):
    cache = image_cache.load(rpcapi.connect())
    if cache is None:
        sys.exit('%s: image_cache_dir is not set' % prog)
    return cache
