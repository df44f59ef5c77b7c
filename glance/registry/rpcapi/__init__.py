"""The registry as its callers see it: a module for each resource.

History of the version:

* 1.0: images, uploads, members, events, work
* 1.1: quotas, and the argument limits of images and uploads
* 1.2: namespaces and definitions; tasks, imports, stages and further
  methods of work
* 1.3: locations
* 1.4: cache; the arguments held of uploads, left_out of claims, limits of new
  tasks, and whether more is to do for a location
* 1.5: duties, deletions and audits; downloads that end early
* 1.6: health
* 1.7: `readers` of members, and in what changes images and their data;
  whether a location is used; audits begin with the oldest
* 1.8: what counts of what a claim of work has written; whether data had come
  when an upload fails
* 1.9: images for many callers, as many as fit into an answer; parts of what
  a host has cached
* 1.10: usage, and lists of images filtered and sorted by it; images
  that are deleted unless they are in use
* 1.11: what many users have read, told at once
"""

from glance.registry.rpcapi import audits
from glance.registry.rpcapi import cache
from glance.registry.rpcapi import deletions
from glance.registry.rpcapi import duties
from glance.registry.rpcapi import events
from glance.registry.rpcapi import health
from glance.registry.rpcapi import images
from glance.registry.rpcapi import imports
from glance.registry.rpcapi import locations
from glance.registry.rpcapi import members
from glance.registry.rpcapi.metadefs import definitions
from glance.registry.rpcapi.metadefs import namespaces
from glance.registry.rpcapi import quotas
from glance.registry.rpcapi import stages
from glance.registry.rpcapi import tasks
from glance.registry.rpcapi import uploads
from glance.registry.rpcapi import usage
from glance.registry.rpcapi import work
from glance.rpc import client

VERSION = '1.11'


class RegistryAPI:
    """One attribute for each resource; each method takes the context first.

    :raises RegistryUnavailable: from every method, when no registry answers
    """

    def __init__(self, rpc: client.Client) -> None:
        self.images = images.Images(rpc)
        self.uploads = uploads.Uploads(rpc)
        self.members = members.Members(rpc)
        self.events = events.Events(rpc)
        self.work = work.Work(rpc)
        self.quotas = quotas.Quotas(rpc)
        self.tasks = tasks.Tasks(rpc)
        self.imports = imports.Imports(rpc)
        self.stages = stages.Stages(rpc)
        self.namespaces = namespaces.Namespaces(rpc)
        self.definitions = definitions.Definitions(rpc)
        self.locations = locations.Locations(rpc)
        self.cache = cache.Cache(rpc)
        self.health = health.Health(rpc)
        self.duties = duties.Duties(rpc)
        self.deletions = deletions.Deletions(rpc)
        self.audits = audits.Audits(rpc)
        self.usage = usage.Usage(rpc)


def connect() -> RegistryAPI:
    """Over the configured bus."""
    return RegistryAPI(client.Client('registry', None, VERSION))
