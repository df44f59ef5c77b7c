"""A rolling upgrade under load: no request may fail.

It begins with registries of the release before and newer programs that are
pinned to it; the registries are replaced one after the other; then the newer
registries serve older, that is pinned, programs; at last the pins go.
"""

import signal
import time

from glance.registry import rpcapi
from tests.faults import calls

# Seconds under load in each state.
STAY = 5


def previous(version):
    """:returns: the RPC version of the release before"""
    major, minor = version.split('.')
    return '%s.%d' % (major, int(minor) - 1)


def until_served(running, journal):
    """Each API has found its way to a registry, over the new queues."""
    for url in running.urls.values():
        caller = calls.Caller('probe', 'probe', [url], journal, calls.never(),
                              0)
        for _ in range(3):
            caller.call('GET', '/v2/images', (200,))


def drill(running, journal, start_load):
    """Upgrade what runs with registries of the release before.

    :param start_load: called once everything serves
    :returns: number of requests that failed, and of calls with arguments
        that were not known
    """
    until_served(running, journal)
    journal.counts.clear()
    start_load()
    upgrade(running, journal, running.old)
    failed = journal.counts['retries'] + len(journal.odd)
    unknown = sum(count_unknown(running.path(name + '.log'))
                  for name in of_kind(running, 'registry'))
    print('Upgrade: %d acknowledged, %d failed requests, %d calls with '
          'unknown arguments while registries went from %s to %s' % (
              journal.counts['acknowledged'], failed, unknown, running.old,
              rpcapi.VERSION), flush=True)
    return failed + unknown


def count_unknown(path):
    """Conductors ask again, which no client sees.

    :returns: how many calls a registry did not understand, by its log
    """
    with open(path) as log:
        return sum('got an unexpected keyword argument' in line
                   for line in log)


def upgrade(running, journal, old):
    stay(journal, 'registries %s, all others pinned to it' % old)
    for name in of_kind(running, 'registry'):
        running.programs[name].stop()
        # The broker may count it for a while: the other one must not be
        # stopped in place of a new one that does not serve yet.
        running.have_readers(['glance-registry'], hosts=1)
        running.programs[name] = running.prepare(name)
        # The other programs stay pinned, their configuration as it is.
        running.programs[name].start()
        if not running.have_readers(['glance-registry']):
            raise TimeoutError('The new registry does not serve')
        stay(journal, '%s is new' % name)
    for name in of_kind(running, 'api'):
        running.write_config(name)
        running.programs[name].signal(signal.SIGHUP)
        stay(journal, '%s is pinned no more' % name)
    for name in of_kind(running, 'conductor'):
        running.programs[name].stop()
        running.programs[name] = running.prepare(name)
        running.programs[name].start()
    stay(journal, 'all is new')


def of_kind(running, kind):
    return [name for name in running.programs if name.startswith(kind)]


def stay(journal, state):
    before = journal.counts['acknowledged'], journal.counts['retries']
    journal.note('upgrade', state)
    time.sleep(STAY)
    print('%-50s %4d operations, %d repeated requests' % (
        state, journal.counts['acknowledged'] - before[0],
        journal.counts['retries'] - before[1]), flush=True)
