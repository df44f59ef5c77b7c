"""image_conversion: every import ends in the same disk format."""

import os

from glance.common import exceptions
from glance.conductor.steps import tools
from glance.conf import CONF
from glance.store import inspection

# What qemu-img calls the formats.
_NAMES = {'vhd': 'vpc'}
_KNOWN = ('raw', 'qcow2', 'vmdk', 'vdi', 'vhd', 'vhdx', 'ploop')
_PIECE = 1 << 20


class Plugin:

    def run(self, staged):
        convert(staged, CONF.image_conversion.output_format)


def convert(staged, wanted):
    """Convert staged data, unless it is in the wanted format already.

    :param wanted: disk format
    :raises ContentRejected: the data is not what the image says, or unsafe
    """
    found = staged.image['disk_format']
    if found not in _KNOWN or found == 'ploop':
        # An ISO is what it is, and so are kernels and ramdisks.
        return
    inspector = inspect(staged)
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
    staged.replace(disk_format=wanted, container_format='bare')


def _tool_name(disk_format):
    return _NAMES.get(disk_format, disk_format)


def inspect(staged):
    """Look at the data before any program does.

    :returns: `glance.store.inspection.Inspector`
    :raises ContentRejected: it is not what the image says, or is unsafe
    """
    inspector = inspection.Inspector(staged.image['disk_format'],
                                     Strict(CONF.image_format))
    with open(staged.path, 'rb') as source:
        while piece := source.read(_PIECE):
            staged.job.check()
            inspector.feed(memoryview(piece))
    inspector.finish()
    return inspector


class Strict:
    """The options of formats, but a program gets nothing that differs."""

    require_image_format_match = True

    def __init__(self, options):
        self._options = options

    def __getattr__(self, name):
        return getattr(self._options, name)


def _check_room(staged, virtual_size):
    if virtual_size > CONF.image_size_cap:
        raise exceptions.LimitExceeded(
            'The converted image would be larger than the %d bytes allowed.'
            % CONF.image_size_cap)
    status = os.statvfs(os.path.dirname(staged.path))
    if status.f_bavail * status.f_frsize < os.stat(staged.path).st_size:
        raise exceptions.StorageFull()
