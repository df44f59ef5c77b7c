"""Content that is not what it claims, or reaches for other files."""

import gzip
import lzma
import struct
import types

from oslotest import base

from glance.common import exceptions
from glance.store.checks import inspection

MIB = 1 << 20


def options(**others):
    return types.SimpleNamespace(**dict(
        {'require_image_format_match': True,
         'gpt_safety_checks_nonfatal': [],
         'vmdk_allowed_types': ['streamOptimized', 'monolithicSparse']},
        **others))


def qcow2(version=3, backing=0, features=0, size=10 * MIB):
    header = struct.pack('>4sIQIIQ', b'QFI\xfb', version, backing, 0, 16, size)
    header = header.ljust(72, b'\0') + struct.pack('>Q', features)
    return header.ljust(4096, b'\0')


def vmdk(create_type='monolithicSparse',
         extent='RW 20480 SPARSE "disk.vmdk"', sectors=20480):
    header = struct.pack('<4sIIQQQQIQQ', b'KDMV', 1, 3, sectors, 128, 1, 20,
                         512, 0, 0)
    text = ('# Disk DescriptorFile\nversion=1\nCID=1\nparentCID=ffffffff\n'
            'createType="%s"\n%s\n' % (create_type, extent)).encode()
    return header.ljust(512, b'\0') + text.ljust(20 * 512, b'\0') + bytes(9999)


def vmdk_text(create_type='monolithicFlat', extent='RW 1 FLAT "/etc/passwd"'):
    return ('# Disk DescriptorFile\nversion=1\ncreateType="%s"\n%s\n'
            % (create_type, extent)).encode().ljust(4096)


def partitioned(boot=0, kind=0xee, signature=b'\x55\xaa', header=512):
    entry = struct.pack('<B3BB3BII', boot, 0, 2, 0, kind, 0, 0, 0, 1, 2048)
    data = bytearray(bytes(446) + entry + bytes(48) + signature)
    data += bytes(65536)
    if header:
        data[header:header + 8] = b'EFI PART'
    return bytes(data)


def fixed_vhd(disk=bytes(MIB), cookie=b'conectix', kind=2):
    return disk + struct.pack('>8s52xI', cookie, kind).ljust(512, b'\0')


def iso(start=b''):
    data = bytearray(64 << 10)
    data[:len(start)] = start
    data[0x8000:0x8006] = b'\x01CD001'
    data[0x8050:0x8058] = struct.pack('<I', 32) + struct.pack('>I', 32)
    data[0x8080:0x8084] = struct.pack('<H', 2048) + struct.pack('>H', 2048)
    return bytes(data)


def luks(version=1):
    return (b'LUKS\xba\xbe' + struct.pack('>H', version)).ljust(8192, b'\0')


class InspectionTestCase(base.BaseTestCase):

    def inspect(self, claim, data, piece=256 << 10, **others):
        inspector = inspection.Inspector(claim, options(**others))
        view = memoryview(data)
        for start in range(0, len(data), piece):
            inspector.feed(view[start:start + piece])
        inspector.finish()
        return inspector.virtual_size

    def refused(self, claim, data, *words, **others):
        error = self.assertRaises(exceptions.ContentRejected, self.inspect,
                                  claim, data, **others)
        self.assertEqual(415, error.status)
        for word in words:
            self.assertIn(word, error.message)

    def test_claims_that_hold(self):
        noise = bytes(range(256)) * 4096
        for claim, data, size in [
                ('qcow2', qcow2(), 10 * MIB),
                ('qcow2', qcow2(version=2), 10 * MIB),
                ('qcow2', qcow2(features=16), 10 * MIB),
                ('vmdk', vmdk(), 10 * MIB),
                ('raw', noise, len(noise)),
                ('raw', b'', 0), ('qcow2', b'', 0), ('vmdk', b'', 0),
                ('iso', b'', 0), ('vhdx', b'', 0),
                ('raw', b'short', 5),
                ('raw', partitioned(), len(partitioned())),
                ('raw', luks(), len(luks())),
                ('iso', iso(), None)]:
            for piece in (256 << 10, 1000):
                found = self.inspect(claim, data, piece)
                if size is not None:
                    self.assertEqual(size, found, claim)

    def test_claims_that_do_not_hold(self):
        for claim, data in [('qcow2', bytes(4096)), ('qcow2', vmdk()),
                            ('vmdk', qcow2()), ('vmdk', b'text\n' * 999),
                            ('iso', partitioned()), ('vhd', qcow2()),
                            ('vhdx', bytes(MIB)), ('vdi', b'x'),
                            ('ploop', qcow2()), ('ami', vmdk())]:
            self.refused(claim, data, claim)

    def test_what_it_is_is_said(self):
        boot = partitioned(boot=7, kind=0x83, header=None)
        for data, words in [
                (gzip.compress(b'x' * 99), 'gzip'), (b'BZh91AY', 'bzip2'),
                (lzma.compress(b'x' * 99), 'xz'), (b'PK\3\4', 'zip archive'),
                (bytes(257) + b'ustar\0' + b'00', 'tar archive'),
                (b'070701' + b'0' * 104, 'cpio archive'),
                (boot[:514] + b'HdrS' + boot[518:], 'kernel'),
                (bytes(56) + b'ARMd' + bytes(64), 'kernel'),
                (b'\n<!doctype HTML><p>404', 'HTML'),
                (boot, 'boot sector (raw)'), (partitioned(), 'partitions'),
                (luks(), 'encrypted'), (bytes(4096), 'none of the formats')]:
            for claim in ('qcow2', 'iso', 'vhd', 'vhdx'):
                self.refused(claim, data, words)
            self.assertEqual(len(data), self.inspect('raw', data))

    def test_the_disk_of_an_encrypted_one(self):
        """Where luks is among the formats, it is what a guest sees."""
        data = bytearray(luks())
        data[104:108] = struct.pack('>I', 8)
        self.assertEqual(4096, self.inspect('luks', bytes(data)))
        self.assertEqual(8192, self.inspect('raw', bytes(data)))

    def test_claims_that_need_not_hold(self):
        self.inspect('qcow2', bytes(4096), require_image_format_match=False)
        self.inspect('vmdk', qcow2(), require_image_format_match=False)

    def test_claims_nobody_can_inspect(self):
        for claim in ('aki', 'ari', 'ami', 'ploop', None):
            self.assertIsNone(self.inspect(claim, bytes(4096)))
        self.inspect('ami', partitioned())

    def test_raw_may_hold_anything_safe(self):
        self.assertEqual(4096, self.inspect('raw', qcow2()))

    def test_exact_claims(self):
        def exact(claim, data, **others):
            inspector = inspection.Inspector(claim, options(**others),
                                             is_exact=True)
            inspector.feed(memoryview(data))
            inspector.finish()
        for data in (qcow2(), vmdk(), iso()):
            self.assertRaises(exceptions.ContentRejected, exact, 'raw', data)
        for data in (b'', bytes(4096), partitioned(), luks()):
            exact('raw', data)
        self.assertRaises(exceptions.ContentRejected, exact, 'qcow2', vmdk(),
                          require_image_format_match=False)

    def test_qcow2_that_reaches_for_other_files(self):
        for claim in ('qcow2', 'raw'):
            self.refused(claim, qcow2(backing=512), 'backing_file')
            self.refused(claim, qcow2(features=4), 'data_file')
            for features in (1 << 40, 1 << 5, 3 << 4, 1 << 63):
                self.refused(claim, qcow2(features=features),
                             'unknown_features')
            # What is known of version 3 says nothing of others.
            self.refused(claim, qcow2(version=4, features=16),
                         'unknown_features')
            self.refused(claim, qcow2(features=4), 'data_file',
                         require_image_format_match=False)

    def test_old_qcow(self):
        self.refused('qcow2', qcow2(version=1))

    def test_vmdk_that_reaches_for_other_files(self):
        flat = vmdk('monolithicFlat', 'RW 1 FLAT "/etc/passwd" 0')
        path = vmdk(extent='RW 1 SPARSE "/etc/passwd"')
        for claim in ('vmdk', 'raw'):
            self.refused(claim, flat, 'vmdk')
            self.refused(claim, path, 'vmdk')
            self.refused(claim, vmdk_text(), 'vmdk')
            # A relative name is another image of the same folder.
            self.refused(claim, vmdk_text('monolithicSparse',
                                          'RW 1 FLAT "other-image" 0'))

    def test_vmdk_types_are_configurable(self):
        self.refused('vmdk', vmdk(), 'type', vmdk_allowed_types=[])
        self.refused('vmdk', vmdk(), 'type',
                     vmdk_allowed_types=['streamOptimized'])
        self.inspect('vmdk', vmdk(), vmdk_allowed_types=['MONOLITHICSPARSE'])

    def test_banned_format(self):
        self.refused('raw', b'QED\0'.ljust(4096, b'\0'), 'qed')

    def test_hybrid_iso(self):
        data = iso(partitioned(boot=7)[:512])
        self.inspect('iso', data)
        self.inspect('raw', data)

    def test_iso_that_says_too_little_of_itself(self):
        data = iso() + bytes(10 * MIB)
        self.assertEqual(len(data), self.inspect('iso', data))

    def test_vmdk_without_its_disk(self):
        for claim in ('vmdk', 'raw'):
            for data in (vmdk_text(), vmdk_text().rstrip()):
                self.refused(claim, data, 'descriptor', 'other files')

    def test_two_formats_at_once(self):
        self.refused('raw', iso(qcow2()[:512]), 'iso', 'qcow2')
        self.refused('qcow2', iso(qcow2()[:512]), 'iso', 'qcow2')

    def test_broken_partition_table(self):
        data = partitioned(boot=7)
        self.refused('raw', data, 'mbr')
        self.refused('ami', data, 'mbr')
        self.refused('raw', partitioned(boot=7, header=4096), 'mbr')
        self.inspect('raw', data, gpt_safety_checks_nonfatal=['mbr'])

    def test_any_boot_sector(self):
        data = partitioned(boot=7, kind=0x83, header=None)
        for claim in ('raw', 'ami', 'ploop', None):
            self.inspect(claim, data)
        for claim in ('qcow2', 'iso', 'vhd'):
            self.refused(claim, data, claim)

    def test_fixed_vhd(self):
        for disk in (bytes(MIB), b'', partitioned(), luks(),
                     partitioned(boot=7, header=None)):
            for piece in (256 << 10, 1000, 100):
                self.assertEqual(len(disk), self.inspect(
                    'vhd', fixed_vhd(disk), piece))
        self.refused('vhd', fixed_vhd(cookie=b'conectiX'), 'vhd')
        self.refused('vhd', fixed_vhd(kind=3), 'vhd')
        self.refused('vhd', fixed_vhd()[:-1], 'vhd')
        # Nobody can say what such data is.
        self.refused('vhd', fixed_vhd(qcow2()), 'qcow2')
        self.refused('qcow2', fixed_vhd(), 'qcow2')

    def test_kernels_look_partitioned(self):
        for claim in ('aki', 'ari'):
            self.inspect(claim, partitioned(boot=7))

    def test_unsupported_luks(self):
        self.refused('raw', luks(version=2), 'luks')

    def test_refusal_does_not_wait_for_the_end(self):
        inspector = inspection.Inspector('vmdk', options())
        data = memoryview(qcow2() + bytes(4 * MIB))
        self.assertRaises(exceptions.ContentRejected, inspector.feed, data)

    def test_only_bare_images(self):
        conf = types.SimpleNamespace(image_format=options())
        for container, expected in [('bare', True), ('ovf', False),
                                    ('docker', False)]:
            found = inspection.for_image(
                {'container_format': container, 'disk_format': 'raw'}, conf)
            self.assertEqual(expected, found is not None)
