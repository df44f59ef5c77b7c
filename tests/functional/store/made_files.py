"""Files as people upload them, made small by the tools that make them.

What no installed tool makes is written here byte by byte, as far as anybody
looks at it.
"""

import gzip
import io
import os
import struct
import subprocess
import tarfile

_SECTOR = 512
_LINUX = '/usr/lib/ISOLINUX/'
_EFI = b'\xeb\x3c\x90mkfs.fat'.ljust(510, b'\0') + b'\x55\xaa'


class Maker:
    """:param folder: where files are made"""

    def __init__(self, folder):
        self._folder = folder

    def path(self, name):
        return os.path.join(self._folder, name)

    def write(self, name, data):
        """:returns: path of a file that ends with a whole sector"""
        path = self.path(name)
        with open(path, 'wb') as target:
            target.write(_whole(data))
        return path

    def run(self, *command):
        subprocess.run(command, check=True, cwd=self._folder,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def iso(self, name, *options):
        """A CD that boots, with the options of an installer's maker."""
        tree = self.path('tree')
        os.makedirs(tree, exist_ok=True)
        with open(_LINUX + 'isolinux.bin', 'rb') as source:
            loader = source.read()
        for file, data in (('isolinux.bin', loader), ('efi.img', _whole(
                _EFI + bytes(4096)))):
            with open(os.path.join(tree, file), 'wb') as target:
                target.write(data)
        path = self.path(name)
        self.run('xorriso', '-as', 'mkisofs', '-quiet', '-r', '-V', 'CD',
                 '-b', 'isolinux.bin', '-c', 'boot.cat', '-no-emul-boot',
                 '-boot-load-size', '4', '-boot-info-table', *options, '-o',
                 path, tree)
        return path

    def isos(self):
        """:returns: {kind: path}"""
        mbr = ['-isohybrid-mbr', _LINUX + 'isohdpfx.bin']
        efi = ['-eltorito-alt-boot', '-e', 'efi.img', '-no-emul-boot']
        extra = self.write('extra', bytes(64 << 10))
        grub = self.write('boot.img', grub_boot_sector())
        return {
            'plain': self.iso('plain.iso'),
            'isohybrid': self.iso('hybrid.iso', *mbr),
            'isohybrid for Macs': self.iso(
                'mac.iso', *mbr, *efi, '-isohybrid-gpt-basdat',
                '-isohybrid-apm-hfsplus'),
            'appended partition': self.iso(
                'appended.iso', *mbr, '-append_partition', '2', '0xef',
                extra, '-appended_part_as_gpt'),
            'of GRUB': self.iso(
                'grub.iso', '--grub2-mbr', grub, '--grub2-boot-info')}

    def encrypted_qcow2(self):
        path = self.path('encrypted')
        self.run('qemu-img', 'create', '-q', '-f', 'qcow2', '--object',
                 'secret,id=s,data=x', '-o',
                 'encrypt.format=aes,encrypt.key-secret=s', path, '1M')
        return path

    def vmdk(self):
        source, path = self.write('disk', bytes(1 << 20)), self.path('vmdk')
        self.run('qemu-img', 'convert', '-f', 'raw', '-O', 'vmdk', '-o',
                 'subformat=streamOptimized', source, path)
        return path

    def ova(self):
        """An OVF, then the disk it names, in a tar archive."""
        with open(self.vmdk(), 'rb') as source:
            disk = source.read()
        return self.write('ova', archive({
            'vm.ovf': b'<Envelope><References><File ovf:href="vm.vmdk"/>'
                      b'</References></Envelope>', 'vm.vmdk': disk}))


def _whole(data):
    return data + bytes(-len(data) % _SECTOR)


def archive(files):
    """:param files: {name: data}"""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w') as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return out.getvalue()


def docker_archive():
    """As `docker save` writes it."""
    layer = archive({'etc/hostname': b'a\n'})
    return archive({
        'abc/VERSION': b'1.0', 'abc/json': b'{"id": "abc"}',
        'abc/layer.tar': layer,
        'manifest.json': b'[{"Config": "abc.json", "Layers": '
                         b'["abc/layer.tar"]}]',
        'repositories': b'{"a": {"latest": "abc"}}'})


def cpio(name, data):
    """An archive of the kernel's kind with one file."""
    def entry(name, data):
        name = name.encode() + b'\0'
        head = b'070701' + b''.join(b'%08X' % one for one in (
            1, 0o100644, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0))
        start = head + name
        return (start + bytes(-len(start) % 4) + data
                + bytes(-len(data) % 4))
    return entry(name, data) + entry('TRAILER!!!', b'')


def initrd():
    return gzip.compress(cpio('init', b'#!/bin/sh\nexec /bin/sh\n'))


def luks(size):
    """Encrypted with a key in the first of eight slots."""
    head = struct.pack('>6sH32s32s32sII20s32sI40s', b'LUKS\xba\xbe', 1, b'aes',
                       b'xts-plain64', b'sha256', 4040, 64, bytes(20),
                       bytes(32), 1000, b'5a5f0e5e-28ce-4b2a-9a2b-4f2f3b1c7e1')
    slots = [struct.pack('>II32sII', 0xdead if number else 0xac71f3,
                         0 if number else 1000, bytes(32), 8 + 504 * number,
                         4000) for number in range(8)]
    return (head + b''.join(slots)).ljust(4040 * _SECTOR, b'\0') + bytes(size)


def _boot_sector(code, end=b''):
    """:param end: what is in the place of the partitions"""
    return (code.ljust(446, b'\x90') + end.ljust(64, b'\0') + b'\x55\xaa')


def bzimage():
    """A kernel with what its boot protocol says, and an EFI stub's names."""
    first = bytearray(_boot_sector(
        b'MZ\xea\x07\x00\xc0\x07\x8c\xc8', b'Use a boot loader.\r\n\n'
        b'Remove disk and press any key...\r\n'))
    first[0x3c:0x40] = struct.pack('<I', 0x40)
    first[0x40:0x44] = b'PE\0\0'
    first[0x1f1:0x1fe] = struct.pack('<BHIHHH', 27, 1, 0x8000, 0, 0xffff, 0)
    setup = b'\xeb\x6aHdrS' + struct.pack('<H', 0x20f)
    return bytes(first) + setup.ljust(27 * _SECTOR, b'\0') + os.urandom(8192)


def arm_kernel():
    return (b'MZ\0\x91'.ljust(56, b'\0') + b'ARMd').ljust(4096) + bytes(4096)


def memtest():
    """As before it became a kernel: the boot sector loads the rest."""
    first = _boot_sector(b'\xea\x05\x00\xc0\x07\x8c\xc8\x8e\xd8',
                         b'\xb4\x03\x30\xff\xcd\x10\xb9\x09\x00\xbb\x07'
                         b'\x00\xbd\x93\x01 Loading \r\n')
    return first + b'\xeb\x00HdrS'.ljust(4 * _SECTOR, b'\x90') + bytes(9216)


def grub_boot_sector():
    """boot.img, with the words that it can print."""
    code = bytearray(b'\xeb\x63\x90'.ljust(446, b'\0'))
    code[0x5a:0x5c] = b'\0\x7c'
    words = b'GRUB \0Geom\0Hard Disk\0Read\0 Error\r\n\0'
    code[0x180:0x180 + len(words)] = words
    return _boot_sector(bytes(code))


def grub_floppy():
    """boot.img and core.img one after the other."""
    return grub_boot_sector() + b'\x52\x56\xbe\x1b\x81'.ljust(
        30 << 10, b'\xcc')


def grub_disk(is_gpt):
    """A disk with GRUB and a partition."""
    kind, start = (0xee, 1) if is_gpt else (0x83, 2048)
    chs = (0, 2, 0) if is_gpt else (32, 33, 0)
    entry = struct.pack('<B3BB3BII', 0 if is_gpt else 0x80, *chs, kind,
                        255, 255, 255, start, 4096)
    first = bytearray(grub_boot_sector())
    first[446:462] = entry
    rest = bytearray(64 << 10)
    if is_gpt:
        rest[:8] = b'EFI PART'
    return bytes(first + rest)
