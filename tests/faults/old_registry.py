"""A registry as an earlier release has it, as far as calls tell.

    python -m tests.faults.old_registry VERSION --config-file ...

It refuses what is newer than the version of the RPC interface.
"""

from glance import startup  # noqa: F401

import sys

import oslo_messaging

from glance.cmd import registry
from glance.registry import manager


def _pair(version):
    return tuple(map(int, version.split('.')))


def cap(endpoints, version):
    """:returns: the endpoints, none of them newer than the version"""
    for endpoint in endpoints:
        target = endpoint.target
        endpoint.target = oslo_messaging.Target(
            namespace=target.namespace,
            version=min(target.version, version, key=_pair))
    return endpoints


def main():
    version = sys.argv.pop(1)
    all_of_them = manager.endpoints
    manager.endpoints = lambda: cap(all_of_them(), version)
    registry.main()


if __name__ == '__main__':
    main()
