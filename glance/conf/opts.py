"""Which options belong in the sample file of which program."""

from glance.conf import api
from glance.conf import cache
from glance.conf import commands
from glance.conf import conductor
from glance.conf import database
from glance.conf import health
from glance.conf import image
from glance.conf import imports
from glance.conf import libraries
from glance.conf import limits
from glance.conf import manage
from glance.conf import metrics
from glance.conf import notifications
from glance.conf import paste
from glance.conf import periodic
from glance.conf import registry
from glance.conf import relay
from glance.conf import rpc
from glance.conf import scrubber
from glance.conf import service
from glance.conf import signatures
from glance.conf import store
from glance.conf import tasks
from glance.conf import usage
from glance.conf import work

_BUS = (registry, conductor, rpc)
_DATABASE = (database, work, relay, notifications, limits)


def _gather(*modules):
    libraries.set_defaults()
    rpc.set_defaults()
    return list(_pairs(modules))


def _pairs(modules):
    for module in modules:
        listed = module.list_opts()
        yield from listed.items() if isinstance(listed, dict) else listed


def _client():
    """How nova and cinder are found, as the library has it."""
    return [(usage.group, usage.client_opts())]


def _named(pairs):
    return [(getattr(group, 'name', group) or 'DEFAULT', opts)
            for group, opts in pairs]


def list_ours():
    """:returns: list of (name of the section, options), of all programs"""
    modules = (api, cache, conductor, database, health, image, imports,
               limits, manage, metrics, notifications, paste, periodic,
               registry, relay, rpc, scrubber, service, signatures, store,
               tasks, usage, work)
    return [*_named(_pairs(modules)), ('DEFAULT', scrubber.cli_opts),
            ('glance_store', store.core_opts), *commands.known()]


def list_libraries():
    """:returns: as `list_ours`, of the libraries"""
    return [*_named(libraries.list_opts()), *_named(_client())]


def list_api_opts():
    """glance-api and glance-standalone, which may host all the others."""
    return _gather(service, api, paste, image, store, imports, cache,
                   signatures, scrubber, periodic, health, metrics, usage,
                   *_DATABASE, *_BUS)


def list_registry_opts():
    return _gather(scrubber, health, metrics, usage, *_DATABASE, *_BUS)


def list_cache_opts():
    """The commands of the cache."""
    return _gather(cache, store, *_BUS)


def list_conductor_opts():
    return [*_gather(store, image, limits, imports, tasks, scrubber, periodic,
                     work, metrics, usage, *_BUS), *_client()]


def list_scrubber_opts():
    return [(None, scrubber.cli_opts),
            *_gather(scrubber, periodic, store, work, *_BUS)]


def list_manage_opts():
    return [*_gather(manage, database, usage, *_BUS), *_client()]
