"""Files of many tools, said to be of many formats, uploaded to a service."""

import json
import subprocess

import fixtures
import testtools

from tests.fixtures import service
from tests.functional.store import made_files

# Formats that are looked for: what is in none of them is refused.
_INSPECTED = ('qcow2', 'iso', 'vmdk', 'vhd', 'vhdx', 'vdi')
_NOT_INSPECTED = ('aki', 'ari', 'ami', 'ploop')
_OTHER_CONTAINERS = (('ova', 'vmdk'), ('docker', 'raw'), ('ari', 'ari'),
                     ('compressed', 'qcow2'))
# What is written here without a tool, and a word of its refusal.
_WRITTEN = [('luks', made_files.luks(1 << 20), 'encrypted disk'),
            ('docker', made_files.docker_archive(), 'tar archive'),
            ('initrd', made_files.initrd(), 'gzip'),
            ('unpacked initrd', made_files.cpio('init', b'#!'), 'cpio'),
            ('kernel', made_files.bzimage(), 'kernel'),
            ('kernel of ARM', made_files.arm_kernel(), 'kernel'),
            ('memtest', made_files.memtest(), 'kernel'),
            ('GRUB', made_files.grub_floppy(), 'boot sector'),
            ('GRUB on a disk', made_files.grub_disk(False), 'boot sector'),
            ('GRUB and GPT', made_files.grub_disk(True), 'partitions')]


def _virtual_size(path, name):
    return json.loads(subprocess.run(
        ['qemu-img', 'info', '-f', name, '--output', 'json', path],
        check=True, capture_output=True).stdout)['virtual-size']


class TestUploadedFiles(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.maker = made_files.Maker(
            self.useFixture(fixtures.TempDir()).path)
        self.service = self.useFixture(service.Service(conductor=False))
        formats = ['raw', *_INSPECTED, *_NOT_INSPECTED, 'luks']
        self.service.conf.config(group='image_format', disk_formats=formats)

    def upload(self, data, disk_format, container):
        """:returns: answer, image"""
        image = self.service.create(disk_format=disk_format,
                                    container_format=container)['id']
        answer = self.service.upload(image, data)
        return answer, self.service.call('GET', '/v2/images/' + image).json

    def check_taken(self, path, virtual_size, disk_format, container='bare'):
        with open(path, 'rb') as source:
            data = source.read()
        answer, image = self.upload(data, disk_format, container)
        self.assertEqual(
            (204, 'active', len(data), virtual_size),
            (answer.status_int, *(image[name] for name in (
                'status', 'size', 'virtual_size'))),
            (path, disk_format, container, answer.text))

    def check_refused(self, path, word, claims):
        with open(path, 'rb') as source:
            data = source.read()
        for claim in claims:
            answer, image = self.upload(data, claim, 'bare')
            self.assertEqual((415, 'queued'), (
                answer.status_int, image['status']), (path, claim))
            self.assertIn('says that it is ' + claim, answer.text)
            self.assertIn(word, answer.text, (path, claim))

    def check_raw(self, path):
        self.check_taken(path, _virtual_size(path, 'raw'), 'raw')

    def test_discs_that_boot(self):
        for kind, path in self.maker.isos().items():
            size = _virtual_size(path, 'raw')
            self.check_taken(path, size, 'iso')
            self.check_taken(path, size, 'raw')
            self.check_refused(path, 'data is iso', ('qcow2', 'vhd', 'ari'))
            self.check_taken(path, None, 'vmdk', 'ova')

    def test_what_is_in_no_format(self):
        for kind, data, word in _WRITTEN:
            path = self.maker.write(kind, data)
            self.check_raw(path)
            self.check_refused(path, word, _INSPECTED)
            for claim in _NOT_INSPECTED:
                self.check_taken(path, None, claim)
            for container, claim in _OTHER_CONTAINERS:
                self.check_taken(path, None, claim, container)

    def test_disks_in_archives(self):
        path = self.maker.ova()
        self.check_raw(path)
        self.check_taken(path, None, 'vmdk', 'ova')
        self.check_refused(path, 'tar archive', ('vmdk',))

    def test_encrypted_disks(self):
        path = self.maker.encrypted_qcow2()
        self.check_taken(path, _virtual_size(path, 'qcow2'), 'qcow2')
        path = self.maker.write('luks', made_files.luks(1 << 20))
        self.check_taken(path, _virtual_size(path, 'luks'), 'luks')

    def test_downloads_that_were_pages(self):
        path = self.maker.write('page', b'<!DOCTYPE html><h1>404</h1>')
        self.check_refused(path, 'HTML', _INSPECTED)
