"""glance-scrubber: data of deleted images goes, or an image comes back.

Conductors remove what is due by themselves; this is for the cron jobs and the
daemons of old installations, for who does not want to wait, and for looking
first.
"""

import os
import signal
import sys
import threading

# Nothing here waits for anything else.
os.environ.setdefault('GLANCE_CONCURRENCY', 'threading')
from glance import startup  # noqa: E402,F401 isort: skip

from oslo_log import log  # noqa: E402

from glance.common import context  # noqa: E402
from glance.common import exceptions  # noqa: E402
from glance.conductor import claims  # noqa: E402
from glance.conductor.periodic import leftovers  # noqa: E402
from glance.conductor.periodic import run as runs  # noqa: E402
from glance.conductor.periodic import scrubbing  # noqa: E402
from glance.conf import CONF  # noqa: E402
from glance.conf import scrubber as options  # noqa: E402
from glance.registry import rpcapi  # noqa: E402
from glance.service import program  # noqa: E402
from glance.store import backends as store_registry  # noqa: E402

LOG = log.getLogger(__name__)

PROG = 'glance-scrubber'
_MOST = 1000
_ended = threading.Event()


def main():
    """Exit status: 0 done, also when a store keeps data; 1 with a message."""
    options.register_cli_opts(CONF)
    program.configure(sys.argv[1:], PROG)
    if CONF.restore and (CONF.daemon or CONF.dry_run or CONF.leftovers):
        sys.exit('%s: --restore goes with no other option' % PROG)
    program.run_once(PROG, _work)


def _work():
    ctxt, registry = context.internal(), rpcapi.connect()
    if CONF.restore:
        registry.deletions.restore(ctxt, CONF.restore)
        print('Image %s is active again.' % CONF.restore)
        return
    run = runs.Run(ctxt, registry, store_registry.load(CONF),
                   '%s:%d' % (PROG, os.getpid()), 0)
    if CONF.daemon:
        _look_again_and_again(run)
    else:
        _look(run)


def _look_again_and_again(run):
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_args: _end(run))
    while not _ended.is_set():
        try:
            _look(run)
        except exceptions.GlanceError as error:
            LOG.warning('The data of deleted images has to wait: %s', error)
        except claims.Draining:
            break
        _ended.wait(max(1, CONF.wakeup_time))


def _end(run):
    run.stop(claims.Draining())
    _ended.set()


def _look(run):
    if CONF.dry_run:
        _show(run)
        return
    scrubber = scrubbing.Scrubber(run, CONF.scrub_pool_size)
    scrubber.scrub()
    print('Locations removed: %d, to be tried again: %d'
          % (scrubber.removed, scrubber.failed), flush=True)
    if CONF.leftovers:
        for name, count in sorted(leftovers.do(run).items()):
            print('Leftovers, %s: %d' % (name, count), flush=True)


def _show(run):
    for image in run.registry.deletions.list_due(run.ctxt, _MOST):
        print('image %(id)s, %(size)s bytes, deleted at %(deleted_at)s'
              % image)
    if CONF.leftovers:
        for entry in leftovers.find(run, CONF.periodic.leftovers_grace):
            print(leftovers.describe(*entry))
    sys.stdout.flush()


if __name__ == '__main__':
    main()
