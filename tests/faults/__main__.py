"""One run: a load, an upgrade, faults, and a check that nothing is lost.

    python -m tests.faults [--minutes N] [--seed S]
"""

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time

from glance.registry import rpcapi
from tests.faults import calls
from tests.faults import check
from tests.faults import cloud
from tests.faults import database
from tests.faults import journal as journals
from tests.faults import listener
from tests.faults import load
from tests.faults import schedule
from tests.faults import upgrade

# How long everything may take to come to rest once nothing is broken.
CALM = 150


def main():
    options = _options()
    folder = tempfile.mkdtemp(prefix='glance-faults-')
    print('Seed %s, %s minutes, logs in %s'
          % (options.seed, options.minutes, folder), flush=True)
    old = None if options.no_upgrade else options.old
    # Ended by a signal, the programs still have to be stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cloud.Cloud(folder, options.concurrency, old) as running:
        run = Run(running, options)
        try:
            findings = run.run()
        finally:
            run.end()
    passed = not any(findings.values())
    if passed and not options.keep:
        shutil.rmtree(folder)
    elif not passed:
        print('Again with: tools/faults.sh --minutes %g --seed %d; logs in %s'
              % (options.minutes, options.seed, folder))
    print(run.totals(findings))
    return 0 if passed else 1


def _options():
    parser = argparse.ArgumentParser(
        prog='tools/faults.sh',
        description='Kill, freeze and cut off parts of the service under '
                    'load, then look whether anything was lost.')
    parser.add_argument('--minutes', type=float, default=3)
    parser.add_argument('--seed', type=int,
                        default=random.SystemRandom().randrange(10 ** 6))
    parser.add_argument('--clients', type=int, default=6)
    parser.add_argument('--concurrency', default='eventlet',
                        choices=('eventlet', 'threading'))
    parser.add_argument('--no-upgrade', action='store_true',
                        help='leave out the drill of a rolling upgrade')
    parser.add_argument('--old', default=upgrade.previous(rpcapi.VERSION),
                        help='version of the registries before the upgrade, '
                             'such as %(default)s')
    parser.add_argument('--keep', action='store_true',
                        help='keep the logs of a run without findings, too')
    parser.add_argument('--parts', default='',
                        help='only faults of these parts, with commas')
    return parser.parse_args()


class Run:

    def __init__(self, running, options):
        self._cloud, self._options = running, options
        self._journal = journals.Journal(running.path('journal'))
        self._listener = listener.Listener(running.rabbit.connect,
                                           running.path('events'))
        self._schedule = schedule.Schedule(
            running, self._journal, options.seed,
            [part for part in options.parts.split(',') if part])
        self._load = load.Load(
            options.clients, running.urls.values(), self._journal, running.web,
            options.seed)
        self._database = database.Database(running.database_url)
        self._failed = 0

    def run(self):
        """:returns: {kind: [what the checker found]}"""
        self._listener.start()
        if self._cloud.old:
            self._failed = upgrade.drill(self._cloud, self._journal,
                                         self._load.start)
        else:
            self._load.start()
        self._schedule.start()
        self._watch(self._options.minutes * 60)
        self._schedule.stop()
        self._journal.note('run', 'calm')
        print('No more faults; waiting for the end of what is begun',
              flush=True)
        self._load.stop(CALM)
        self._settle()
        findings = self._check()
        self._report(findings)
        return findings

    def end(self):
        """Leave nothing that would start a program once more."""
        self._schedule.stop()
        self._listener.stop()
        self._database.close()
        self._journal.close()

    def _watch(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._schedule.is_alive():
            time.sleep(min(15, max(0, end - time.monotonic())))
            print('%4d s left: %d operations, %d retries, %d faults' % (
                end - time.monotonic(), self._journal.counts['acknowledged'],
                self._journal.counts['retries'],
                sum(self._schedule.counts.values())), flush=True)

    def _settle(self):
        """Wait until nothing is under way and the listener has it all.

        Of a staging area whose conductor was killed, another one of the same
        host removes what nobody asks for.
        """
        end = time.monotonic() + CALM
        while time.monotonic() < end and (
                self._database.unfinished()
                or any(area.sizes() for area in self._cloud.staging)
                or not self._listener.is_quiet(2)):
            time.sleep(0.5)

    def _check(self):
        caller = calls.Caller('checker', 'checker', self._cloud.urls.values(),
                              self._journal, calls.never(), 0)
        checker = check.Checker(
            self._journal, self._listener.events, self._database,
            lambda image: caller.show(image.id, admin=True),
            self._cloud.stores, self._cloud.staging)
        checker.check()
        checker.findings[check.WRONG] += (self._journal.odd
                                          + self._schedule.broken)
        checker.findings[check.WRONG] += self._queues()
        if self._failed:
            checker.findings[check.WRONG].append(
                '%d requests or calls failed during the upgrade'
                % self._failed)
        return checker.findings

    def _queues(self):
        """:returns: [text] of what is not on several nodes of the broker, or
        not read by every program that should
        """
        read = self._cloud.have_readers(schedule.RPC_QUEUES)
        kinds = self._cloud.rabbit.queues('type')
        odd = ['queue %s is %s' % (name, kinds.get(name))
               for name in (*schedule.RPC_QUEUES, listener.QUEUE)
               if kinds.get(name) != 'quorum']
        return odd if read else odd + [
            'readers of the queues: %s' % self._cloud.rabbit.queues(
                'consumers')]

    def _report(self, findings):
        for kind, texts in findings.items():
            for text in texts[:50]:
                print('%s: %s' % (kind, text))
        counts = self._journal.counts
        for name in sorted(counts):
            print('%-28s %6d' % (name, counts[name]))
        print('%-28s %6d' % ('events', len(self._listener.events)))
        print('%-28s %6d' % ('events told again', self._listener.repeats))

    def totals(self, findings):
        """:returns: one line"""
        counts, faults = self._journal.counts, self._schedule.counts
        return '%d acknowledged, %d retries, %d faults (%s); %s' % (
            counts['acknowledged'], counts['retries'], sum(faults.values()),
            ', '.join('%s %d' % item for item in sorted(faults.items())),
            ', '.join('%d %s' % (len(texts), kind)
                      for kind, texts in findings.items()))


if __name__ == '__main__':
    sys.exit(main())
