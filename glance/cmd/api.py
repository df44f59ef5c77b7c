"""glance-api: the HTTP service."""

from glance import startup  # noqa: F401

import os
import sys

from glance.conf import CONF
from glance.rpc import transport
from glance.service import parts
from glance.service import program

PROG = 'glance-api'
MOST_WORKERS = 8


def workers():
    """How many processes: the option, or what the machine can use."""
    if CONF.workers:
        return CONF.workers
    if transport.hosts_locally('registry'):
        return 1
    return min(len(os.sched_getaffinity(0)), MOST_WORKERS)


def main():
    program.configure(sys.argv[1:], PROG)
    sock = program.listen_for_users()
    program.serve(lambda: [*parts.beside_api(), parts.Http(sock)], workers,
                  sockets=[sock], metrics_port=CONF.metrics.api_port)


if __name__ == '__main__':
    main()
