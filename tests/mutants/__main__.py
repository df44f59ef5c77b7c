"""Mutants of a room, drawn by chance, against the unit tests of the room.

    python -m tests.mutants --room ROOM [--count N] [--seed S]
"""

import argparse
import collections
import random
import signal
import sys

from tests.mutants import copies
from tests.mutants import covering
from tests.mutants import draw
from tests.mutants import rooms
from tests.mutants import trial


def main():
    options = _options()
    # Ended by a signal, the copies still have to go.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print('Room %s, seed %d' % (options.room, options.seed), flush=True)
    with copies.Copies(options.jobs) as copied:
        root = copied.folders[0]
        tests = covering.Tests(root, rooms.ROOMS[options.room].tests)
        mutants = draw.draw(root, rooms.files(root, options.room),
                            options.count, options.seed)
        chosen = [mutant for mutant in mutants
                  if not options.only or mutant.number in options.only]
        ends = _try_all(chosen, tests, copied)
    print('Survived %(survived)d, killed by a test %(failed)d, by its time '
          '%(late)d' % collections.Counter(ends))
    print('%s %d/%d' % (options.room, len(ends) - ends.count(trial.SURVIVED),
                        len(ends)))
    return 0


def _options():
    parser = argparse.ArgumentParser(prog='tox -e mutants --',
                                     description=__doc__.split('\n')[0])
    parser.add_argument('--room', required=True, choices=rooms.ROOMS)
    parser.add_argument('--count', type=int, default=200)
    parser.add_argument('--seed', type=int,
                        default=random.SystemRandom().randrange(10 ** 6))
    parser.add_argument('--jobs', type=int, default=2,
                        help='how many at the same time')
    parser.add_argument('--only', type=lambda text: {
        int(number) for number in text.split(',')},
        help='numbers of mutants of this draw, with commas')
    return parser.parse_args()


def _try_all(mutants, tests, copied):
    """:returns: list of how each of them ended"""
    ends = []
    trials = [(mutant, *tests.chosen(mutant)) for mutant in mutants]
    for mutant, end in copied.map(trial.run, trials):
        ends.append(end)
        if end == trial.SURVIVED:
            print('Mutant %d survived:\n%s' % (mutant.number, mutant.diff()),
                  flush=True)
    return ends


if __name__ == '__main__':
    sys.exit(main())
