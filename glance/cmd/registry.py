"""glance-registry: the owner of the metadata, behind the bus."""

from glance import startup  # noqa: F401

import sys

from glance.conf import CONF
from glance.service import parts
from glance.service import program

PROG = 'glance-registry'


def main():
    program.configure(sys.argv[1:], PROG)
    program.refuse_local('registry')
    program.serve(lambda: [parts.registry()], lambda: CONF.registry.workers,
                  metrics_port=CONF.metrics.registry_port)


if __name__ == '__main__':
    main()
