"""Looks into image data while it streams by: is it what it claims to be?

Data of bare images is shown to the inspectors of oslo.utils. Their verdict
decides before anything is published: content of another format than declared
is refused, and so is content that names other files (backing files, external
data files, VMDK extents) or is ambiguous. A partitioned disk is raw data, and
so is what has a boot sector of another kind.
"""

from collections.abc import Mapping
import struct
import typing

from oslo_config import cfg
from oslo_log import log
from oslo_utils.imageutils import format_inspector

from glance.common import exceptions
from glance.store.checks import contents

LOG = log.getLogger(__name__)

_BEGINNING = 64 << 10
_PIECE = 4 << 10

# A GPT has its header in the second block, of either size.
_GPT = b'EFI PART'
_GPT_OFFSETS = (512, 4096)
_HEAD = _GPT_OFFSETS[-1] + len(_GPT)
# A fixed VHD is the bare disk, and this behind it.
_FOOTER = 512
_FIXED_VHD = struct.Struct('>8s52xI')
_FIXED = (b'conectix', 2)
# Where qcow2 says what a reader has to know, and how it is encrypted.
_VERSION = slice(4, 8)
_FEATURES = slice(72, 80)
_EXTENDED_L2 = 4     # the number of the bit, the highest that is known
_ENCRYPTION = slice(32, 36)
_DESCRIPTOR = b'# Disk DescriptorFile'

# Contents that a raw disk can have; raw says nothing about the inside.
_INSIDE_RAW = ('gpt', 'luks')
# Kernels and ramdisks can carry a boot signature without partitions.
_BOOT_FILES = ('aki', 'ari')

# By the format that each sees in the data.
_Found = dict[str, format_inspector.FileInspector]


class Inspector:
    """:param disk_format: what the image claims
    :param options: the group [image_format] of the configuration
    :param is_exact: whether the claim has to be right whatever the options
        say, and data that is said to be raw must not be a disk of another
        format: something is to be made of it that this format decides
    """

    def __init__(self, disk_format: str | None,
                 options: cfg.ConfigOpts.GroupAttr, is_exact: bool = False
                 ) -> None:
        self._claim = disk_format
        self._options = options
        self._is_exact = is_exact
        self._active = [cls() for name, cls
                        in format_inspector.ALL_FORMATS.items()
                        if name != 'raw']
        self._total = 0
        self._seen: list[format_inspector.FileInspector] = []
        self._head = self._tail = b''
        self._declared_size: int | None = None
        self._before_disk = 0
        self.is_encrypted = False

    @property
    def virtual_size(self) -> int | None:
        """Bytes a guest sees, right once all data has been fed.

        None where nobody knows what the format makes of its bytes.
        """
        if self._claim == 'iso':
            # What boot loaders are appended to says too little of itself.
            return max(self._declared_size or 0, self._total)
        if self._declared_size is not None:
            return self._declared_size
        known = self._claim in format_inspector.ALL_FORMATS
        return max(0, self._total - self._before_disk) if known else None

    def feed(self, view: memoryview) -> None:
        """Show the next bytes.

        :raises ContentRejected: the content is refused; data may follow
        """
        self._keep(view)
        position = 0
        while self._active and position < len(view):
            # Inspectors copy what they are shown. Most need little, so the
            # beginning comes in small pieces.
            early = self._total + position < _BEGINNING
            piece = view[position:position + _PIECE] if early else (
                view[position:])
            position += len(piece)
            self._show(piece)
        self._total += len(view)

    def _keep(self, view: memoryview) -> None:
        if len(self._head) < _HEAD:
            self._head += bytes(view[:_HEAD - len(self._head)])
        self._tail = (self._tail + bytes(view[-_FOOTER:]))[-_FOOTER:]

    def _show(self, view: memoryview) -> None:
        waiting: list[format_inspector.FileInspector] = []
        for inspector in self._active:
            if not _feed(inspector, view):
                continue
            ready = _ask(inspector, 'complete')
            (self._seen if ready else waiting).append(inspector)
        self._active = waiting
        if not waiting:
            self._judge()

    def finish(self) -> None:
        """The data has ended.

        :raises ContentRejected: it is refused
        """
        for inspector in self._active:
            inspector.finish()
        self._seen += self._active
        self._active = []
        # No byte contradicts no format.
        if self._total:
            self._judge(has_ended=True)

    def _judge(self, has_ended: bool = False) -> None:
        if (self._head.startswith(_DESCRIPTOR)
                and self._claim in ('vmdk', 'raw')):
            raise exceptions.ContentRejected(
                'The data is the descriptor of a vmdk whose disk is in other '
                'files; make one file of them, such as streamOptimized.')
        found = self._found()
        if self._claim == 'vhd' and not found.keys() - set(_INSIDE_RAW):
            return self._judge_fixed_vhd(found, has_ended)
        if self._claim == 'vhd' and has_ended and self._has_vhd_footer():
            found.setdefault('vhd', None)
        if len(found) > 1:
            raise exceptions.ContentRejected(
                'The data looks like several formats at once: %s'
                % ', '.join(sorted(found)))
        if not found:
            return self._judge_raw()
        (name, inspector), = found.items()
        self._check_match(name)
        self._check_safety(name, inspector)
        if self._claim != 'raw' and name not in _INSIDE_RAW:
            self._declared_size = int(_ask(inspector, 'virtual_size'))
        if self._claim == name == 'luks':
            # More data may follow, its header has been seen.
            self._before_disk = (_ask(inspector, 'actual_size')
                                 - _ask(inspector, 'virtual_size'))

    def _found(self) -> _Found:
        """:returns: those of the formats that the data has"""
        found = {str(one): one for one in self._seen
                 if _ask(one, 'format_match')}
        is_gpt = any(self._head.startswith(_GPT, offset)
                     for offset in _GPT_OFFSETS)
        if 'iso' in found or not is_gpt:
            # Any file system may begin with a boot sector.
            found.pop('gpt', None)
        return found

    def _judge_fixed_vhd(self, found: _Found, has_ended: bool) -> None:
        """Nothing before its end says that it is one."""
        if not has_ended:
            return
        if not self._has_vhd_footer():
            self._mismatch(next(iter(found), 'raw'))
        else:
            self._declared_size = self._total - _FOOTER

    def _has_vhd_footer(self) -> bool:
        return (len(self._tail) == _FOOTER
                and _FIXED_VHD.unpack_from(self._tail) == _FIXED)

    def _judge_raw(self) -> None:
        if self._claim in format_inspector.ALL_FORMATS and (
                self._claim != 'raw'):
            self._mismatch('raw')

    def _check_match(self, name: str) -> None:
        if name == self._claim:
            return
        if self._claim == 'raw' and not (
                self._is_exact and name not in _INSIDE_RAW):
            return
        inspectable = self._claim in format_inspector.ALL_FORMATS
        if name in _INSIDE_RAW and not inspectable:
            return
        self._mismatch(name)

    def _mismatch(self, name: str) -> None:
        if self._is_exact or self._options.require_image_format_match:
            raise exceptions.ContentRejected(
                'The image says that it is %(claim)s, its data is %(found)s'
                % {'claim': self._claim,
                   'found': contents.name(name, self._head)})
        LOG.warning('An image that says it is %(claim)s holds %(found)s',
                    {'claim': self._claim, 'found': name})

    def _check_safety(self, name: str,
                      inspector: format_inspector.FileInspector) -> None:
        failures = _failures(inspector)
        if name == 'gpt':
            failures -= set(self._options.gpt_safety_checks_nonfatal)
            if self._claim in _BOOT_FILES:
                failures.discard('mbr')
        if name == 'qcow2':
            failures -= self._known_features()
            self.is_encrypted = any(self._head[_ENCRYPTION])
        if name == 'vmdk' and not self._is_allowed_vmdk(inspector):
            failures.add('type')
        if failures:
            raise exceptions.ContentRejected(
                'The %(format)s data fails safety checks: %(checks)s'
                % {'format': name, 'checks': ', '.join(sorted(failures))})

    def _known_features(self) -> set[str]:
        """:returns: names of checks that fail for no good reason"""
        version, features = (int.from_bytes(self._head[place])
                             for place in (_VERSION, _FEATURES))
        # Subclusters, which QEMU has known since 5.2.
        is_known = version == 3 and features >> _EXTENDED_L2 == 1
        return {'unknown_features'} if is_known else set()

    def _is_allowed_vmdk(self, inspector: format_inspector.FileInspector
                         ) -> bool:
        # A bare descriptor without sparse header describes other files.
        allowed = {one.lower() for one in self._options.vmdk_allowed_types}
        return (inspector.has_region('header') and
                getattr(inspector, 'vmdktype', None) in allowed)


def for_image(image: Mapping[str, typing.Any], conf: cfg.ConfigOpts
              ) -> Inspector | None:
    """:param image: an image, or what it is going to be
    :returns: None for containers whose inside is not looked at
    """
    if image['container_format'] != 'bare':
        return None
    return Inspector(image['disk_format'], conf.image_format)


def _feed(inspector: format_inspector.FileInspector, view: memoryview) -> bool:
    """:returns: whether this inspector still understands the data"""
    try:
        inspector.eat_chunk(view)
    except Exception:
        # Parsers meet data of every other format here.
        return False
    return True


def _ask(inspector: format_inspector.FileInspector, name: str) -> typing.Any:
    try:
        return getattr(inspector, name)
    except Exception:
        return False


def _failures(inspector: format_inspector.FileInspector) -> set[str]:
    """:returns: names of the checks that failed"""
    try:
        inspector.safety_check()
    except format_inspector.SafetyCheckFailed as exc:
        return set(exc.failures)
    except Exception:
        return {'incomplete'}
    return set()
