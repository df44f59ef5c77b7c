"""What is looked through, in this order: snapshots ask for their volumes."""

import typing

from openstack.block_storage.v3 import backup
from openstack.block_storage.v3 import service
from openstack.block_storage.v3 import snapshot
from openstack.block_storage.v3 import volume
from openstack.compute.v2 import server

from glance.conductor.usage.sync import sayings
from glance.objects import usage

_NOVA = ('compute', '2.1')
# Projects of backups are told since 3.18.
_CINDER = ('block-storage', '3.18')


class Kind(typing.NamedTuple):
    """:ivar uses: the kinds of uses that end with such a consumer
    :ivar only_administrators: a list that others are refused, where the one
        of all projects is shortened for them
    """

    name: str
    uses: tuple[str, ...]
    service: str
    microversion: str
    resource: typing.Any
    path: str
    say: sayings.Say
    only_administrators: typing.Any = None


KINDS = (
    Kind('servers', (usage.SERVER, usage.SHELVED), *_NOVA, server.Server,
         '/servers/detail', sayings.of_servers),
    Kind('volumes', (usage.VOLUME,), *_CINDER, volume.Volume,
         '/volumes/detail', sayings.of_volumes, service.Service),
    Kind('snapshots', (usage.SNAPSHOT,), *_CINDER, snapshot.Snapshot,
         '/snapshots/detail', sayings.of_snapshots, service.Service),
    Kind('backups', (usage.BACKUP,), *_CINDER, backup.Backup,
         '/backups/detail', sayings.of_backups, service.Service))
