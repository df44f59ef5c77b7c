"""glance-conductor: the long work, behind the bus."""

from glance import startup  # noqa: F401

import sys

from glance.conf import CONF
from glance.service import parts
from glance.service import program

PROG = 'glance-conductor'


def main():
    program.configure(sys.argv[1:], PROG)
    program.refuse_local('conductor')
    program.serve(lambda: [*parts.local(), parts.conductor()],
                  lambda: CONF.conductor.workers,
                  metrics_port=CONF.metrics.conductor_port)


if __name__ == '__main__':
    main()
