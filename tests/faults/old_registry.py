"""A registry as an earlier release has it, as far as calls tell.

    python -m tests.faults.old_registry VERSION --config-file ...

It refuses what is newer than the version of the RPC interface: namespaces and
versions of messages as the dispatcher does, arguments as Python does.
"""

from glance import startup  # noqa: F401

import sys

import oslo_messaging

from glance.cmd import registry
from glance.registry import manager
from tests.fixtures import rpc_versions


def cap(endpoints, version):
    """:returns: the endpoints that a registry of this version has"""
    known = rpc_versions.methods(version)
    old = [endpoint for endpoint in endpoints
           if rpc_versions.target(endpoint.target.namespace, version)]
    for endpoint in old:
        namespace = endpoint.target.namespace
        endpoint.target = oslo_messaging.Target(
            namespace=namespace,
            version=rpc_versions.target(namespace, version))
        for (space, name), arguments in known.items():
            if space == namespace:
                setattr(endpoint, name,
                        _strict(getattr(endpoint, name), arguments))
    return old


def _strict(method, known):
    def call(ctxt, **arguments):
        for name in arguments:
            if name not in known:
                raise TypeError('%s() got an unexpected keyword argument %r'
                                % (method.__name__, name))
        return method(ctxt, **arguments)
    return call


def main():
    version = sys.argv.pop(1)
    all_of_them = manager.endpoints
    manager.endpoints = lambda: cap(all_of_them(), version)
    registry.main()


if __name__ == '__main__':
    main()
