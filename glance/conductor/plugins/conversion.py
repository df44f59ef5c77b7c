"""image_conversion: every import ends in the same disk format."""

import os

from glance.common import exceptions
from glance.conductor.plugins import staged_data
from glance.conductor.steps import tools
from glance.conf import CONF

# What qemu-img calls the formats.
_NAMES = {'vhd': 'vpc'}
_KNOWN = ('raw', 'qcow2', 'vmdk', 'vdi', 'vhd', 'vhdx', 'ploop')


class Plugin:
    """:param wanted: disk format, None for that of the configuration"""

    containers = ('bare',)

    def __init__(self, wanted: str | None = None) -> None:
        self._wanted = wanted

    def run(self, staged: staged_data.Staged) -> None:
        _convert(staged,
                 self._wanted or CONF.image_conversion.output_format)


def _convert(staged: staged_data.Staged, wanted: str) -> None:
    """Convert staged data, unless it is in the wanted format already.

    :raises ContentRejected: the data is not what the image says, or unsafe
    """
    found = staged.image['disk_format']
    if found not in _KNOWN or found == 'ploop':
        # An ISO is what it is, and so are kernels and ramdisks.
        return
    inspector = staged.judge()
    if found == wanted:
        return
    if inspector.is_encrypted:
        raise exceptions.ContentRejected(
            'The data is encrypted, and cannot be converted without its key.')
    _check_room(staged, inspector.virtual_size)
    staged.job.total = inspector.virtual_size
    tools.run(staged.job, 'qemu-img', 'convert',
              '-f', _tool_name(found), '-O', _tool_name(wanted),
              staged.path, staged.new_path(), output=staged.new_path())
    staged.replace(disk_format=wanted)


def _tool_name(disk_format: str) -> str:
    return _NAMES.get(disk_format, disk_format)


def _check_room(staged: staged_data.Staged,
                virtual_size: int | None) -> None:
    if (virtual_size or 0) > CONF.image_size_cap:
        raise exceptions.LimitExceeded(
            'The converted image would be larger than the %d bytes allowed.'
            % CONF.image_size_cap)
    status = os.statvfs(os.path.dirname(staged.path))
    if status.f_bavail * status.f_frsize < os.stat(staged.path).st_size:
        raise exceptions.StorageFull()
