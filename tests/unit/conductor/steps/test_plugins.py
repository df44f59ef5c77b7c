"""What imports do with staged data before it is stored."""

import gzip
import io
import pathlib
import types
import unittest
from unittest import mock
import zipfile

import fixtures

from glance.common import exceptions
from glance.conductor.plugins import unlha
from tests.unit.conductor import base
from tests.unit.conductor.base import DATA, IMAGE

ARCHIVES = pathlib.Path(__file__).parents[3] / 'data' / 'archives'


def qcow2(size=1 << 20, encryption=0):
    """The head of an image without data."""
    return (b'QFI\xfb' + (2).to_bytes(4, 'big') + bytes(12)
            + (16).to_bytes(4, 'big') + size.to_bytes(8, 'big')
            + encryption.to_bytes(4, 'big')).ljust(1 << 16, b'\0')


def zipped(*names, data=DATA, method=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, 'w', method) as archive:
        for name in names:
            archive.writestr(name, b'' if name.endswith('/') else data)
    return target.getvalue()


class PluginsTestCase(base.WorkTestCase):

    def import_(self, data, *plugins, progress=None, number=1, **given):
        self.registry.tasks.reset_mock()
        self.registry.imports.reset_mock()
        self.notes.clear()
        self.serve(data)
        return self.work(progress=progress, number=number, **dict({
            'method': 'web-download', 'uri': 'http://source/a',
            'stores': ['fast'], 'plugins': plugins}, **given))

    def check_stored(self, data, **values):
        self.result()
        self.assertEqual([], self.files('staging'))
        found = self.whole('fast')
        self.assertEqual([data], list(found.values()))
        self.fast.delete('file://%s/%s' % (self.folder('fast'), *found))
        stored = self.registry.imports.finish_store.call_args.args[6]
        self.assertEqual(dict(base.facts(data), **values),
                         {name: value for name, value in stored.items()
                          if name in values or name in base.facts(data)})

    def check_refused(self, reason=''):
        self.assertIn(reason, self.failure()[0])
        self.assertEqual([], self.files('staging'))
        self.assertEqual([], self.files('fast'))


class TestDecompression(PluginsTestCase):

    def unpack(self, data, **given):
        return self.import_(data, 'image_decompression', **given)

    def test_archives_of_one_file_are_unpacked(self):
        for data in (gzip.compress(DATA), zipped('a'),
                     zipped('a', method=zipfile.ZIP_STORED)):
            self.unpack(data)
            self.check_stored(DATA)

    def test_other_data_passes(self):
        for data in (DATA, b'', b'\x1f\x8b\x09abc', b'PK\x05\x06abcde'):
            self.unpack(data)
            self.check_stored(data)

    def test_only_bare_disks(self):
        data = gzip.compress(DATA)
        for values in ({'container_format': 'ovf'}, {'disk_format': 'aki'},
                       {'disk_format': 'ari'}, {'disk_format': 'ami'}):
            self.records[IMAGE] = self.record(**values)
            self.unpack(data)
            self.check_stored(data, virtual_size=mock.ANY)

    def test_archives_that_are_damaged(self):
        for data in (gzip.compress(DATA)[:-9], zipped('a')[:-30],
                     gzip.compress(DATA).replace(DATA[:9], b'', 1)[:40]):
            self.unpack(data)
            self.check_refused('damaged')

    def test_archives_of_more_or_less_than_one_file(self):
        for data in (zipped('a', 'b'), zipped('a/')):
            self.unpack(data)
            self.check_refused('exactly one')

    def test_methods_that_give_as_much_as_they_like(self):
        self.unpack(zipped('a', method=zipfile.ZIP_BZIP2))
        self.check_refused('methods')

    def test_archives_are_unpacked_in_pieces(self):
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.plugins.decompression._PIECE', 100))
        for kind, data in ((gzip.GzipFile, gzip.compress(DATA)),
                           (zipfile.ZipExtFile, zipped('a'))):
            real, sizes = kind.read, []
            with mock.patch.object(kind, 'read', autospec=True) as read:
                read.side_effect = lambda source, size=-1: (
                    sizes.append(size) or real(source, size))
                self.unpack(data)
            self.check_stored(DATA)
            self.assertEqual({100}, set(sizes))

    def test_the_cap_counts_what_comes_out(self):
        data = bytes(1 << 21)
        for cap in (len(data), len(data) - 1):
            self.conf.config(image_size_cap=cap)
            self.unpack(gzip.compress(data))
            if cap < len(data):
                self.check_refused('%d bytes' % cap)
            else:
                self.check_stored(data)

    def test_a_full_disk(self):
        for free in (len(DATA), len(DATA) - 1):
            with mock.patch('shutil.disk_usage') as usage:
                usage.return_value.free = free
                self.unpack(gzip.compress(DATA))
            if free < len(DATA):
                self.failure()
            else:
                self.check_stored(DATA)

    def test_what_was_known_of_the_archive_is_not_known_of_its_content(self):
        data = gzip.compress(DATA)
        self.records[IMAGE] = self.record(**base.facts(data, 'sha256'))
        self.unpack(data)
        self.check_stored(DATA, **base.facts(DATA, 'sha256'))

    def test_the_quota_counts_what_comes_out(self):
        self.unpack(gzip.compress(DATA))
        self.assertEqual(
            [len(gzip.compress(DATA)), len(DATA)],
            [note['held']['store_bytes'] for note in self.notes
             if note.get('held')])
        self.check_stored(DATA)

    def test_unchanged_data_is_counted_once(self):
        self.unpack(DATA)
        self.assertEqual(1, len([note for note in self.notes
                                 if note.get('held')]))

    @unittest.skipUnless(unlha.is_there, 'lhafile is not installed')
    def test_lha_archives_are_unpacked_or_refused(self):
        def run(job, *command, output):
            self.total = job.total
            unlha.main(*command[2:])
            self.assertEqual(command[-1], output)
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.steps.tools.run', run))
        for name in ('lh0', 'lh5', 'lh7'):
            data = (ARCHIVES / (name + '.lzh')).read_bytes()
            self.unpack(data)
            content = list(self.whole('fast').values())[0]
            self.assertEqual(len(content), self.total)
            self.assertNotEqual(data, content)
            self.check_stored(content)
        self.check_lha_limits(data, len(content))
        self.conf.config(image_size_cap=1 << 40)
        self.fast.delete('file://%s/%s' % (self.folder('fast'), IMAGE))
        self.unpack((ARCHIVES / 'two.lzh').read_bytes())
        self.check_refused('exactly one')
        self.unpack(b'ab-lh5-' + bytes(50))
        self.check_refused('damaged')

    def check_lha_limits(self, data, size):
        self.assertLess(len(data), size)
        for cap, free in ((size - 1, size), (size, size - 1), (size, size)):
            self.conf.config(image_size_cap=cap)
            with mock.patch('shutil.disk_usage') as usage:
                usage.return_value.free = free
                self.unpack(data)
            if cap < size or free < size:
                self.failure()
                self.assertEqual([], self.files('fast'))
        self.result()

    def test_lha_without_its_library(self):
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.plugins.unlha.is_there', False))
        self.unpack(b'ab-lh5-' + bytes(50))
        self.check_refused('lhafile')


class TestConversion(PluginsTestCase):

    def setUp(self):
        super().setUp()
        self.conf.config(group='image_conversion', output_format='raw')
        self.records[IMAGE]['disk_format'] = 'qcow2'
        self.commands = []
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.steps.tools.run', self.run_tool))

    def run_tool(self, job, *command, output):
        self.commands.append(command)
        self.assertEqual(command[-1], output)
        self.total = job.total
        with open(output, 'wb') as target:
            target.write(DATA)

    def convert(self, data=None, **given):
        return self.import_(qcow2() if data is None else data,
                            'image_conversion', **given)

    def test_converted_data_is_stored_as_raw(self):
        self.convert()
        self.check_stored(DATA, disk_format='raw')
        self.assertEqual(
            [('qemu-img', 'convert', '-f', 'qcow2', '-O', 'raw',
              '%s/%s' % (self.folder('staging'), IMAGE),
              '%s/.%s.w-plugin-0-1.part' % (self.folder('staging'), IMAGE))],
            self.commands)
        self.assertEqual(1 << 20, self.total)

    def test_each_format_that_can_be_converted(self):
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.plugins.staged_data.Staged.judge',
            lambda staged: types.SimpleNamespace(
                is_encrypted=False, virtual_size=5)))
        for found, name in (('qcow2', 'qcow2'), ('vmdk', 'vmdk'),
                            ('vdi', 'vdi'), ('vhd', 'vpc'),
                            ('vhdx', 'vhdx')):
            self.records[IMAGE]['disk_format'] = found
            self.convert(b'x')
            self.check_stored(DATA, disk_format='raw')
            self.assertEqual(('-f', name, '-O', 'raw'),
                             self.commands[-1][2:6])

    def test_into_the_format_of_a_task(self):
        self.records[base.OTHER] = self.record(base.OTHER,
                                               disk_format='qcow2')
        self.serve(qcow2())
        self.work('import', image_id=None, uri='x', stores=['fast'],
                  convert_to='vhd', image=self.records[base.OTHER])
        self.assertEqual(
            ('-f', 'qcow2', '-O', 'vpc'), self.commands[0][2:6])

    def test_an_export_is_converted(self):
        self.active(self.fast, data=qcow2(), disk_format='qcow2')
        self.work('export', store='cold', convert_to='raw')
        self.result()
        self.assertEqual({'w': DATA}, self.whole('cold'))
        self.assertEqual([], self.files('staging'))
        # It is nobody's.
        self.assertEqual([], [note for note in self.notes if note.get('held')])

    def test_an_export_of_damaged_data_is_not_converted(self):
        self.active(self.fast, data=qcow2(), disk_format='qcow2')
        self.records[IMAGE]['checksum'] = '0' * 32
        self.work('export', store='cold', convert_to='raw')
        self.assertIn('checksum', self.failure()[0])
        self.assertEqual([], self.files('staging'))
        self.assertEqual([], self.commands)

    def test_a_converted_export_to_a_web_server(self):
        sent = []
        self.useFixture(fixtures.MonkeyPatch(
            'glance.common.fetching.send', lambda url, body, length:
            sent.append((body.read(1 << 20), length))))
        self.active(self.fast, data=qcow2(), disk_format='qcow2')
        self.work('export', url='http://target', convert_to='raw')
        self.result()
        self.assertEqual([(DATA, len(DATA))], sent)

    def test_what_is_not_converted(self):
        for data, values in ((DATA, {'disk_format': 'raw'}),
                             (DATA, {'disk_format': 'aki'}),
                             (DATA, {'disk_format': 'ploop'}),
                             (qcow2(), {'container_format': 'ovf'})):
            self.records[IMAGE] = self.record(**dict(
                {'disk_format': 'qcow2'}, **values))
            self.convert(data)
            self.result()
            self.assertEqual([data], list(self.whole('fast').values()))
            self.fast.delete('file://%s/%s' % (self.folder('fast'), IMAGE))
        self.assertEqual([], self.commands)

    def test_data_that_is_not_what_it_is_said_to_be(self):
        self.convert(DATA)
        self.check_refused()
        self.records[IMAGE]['disk_format'] = 'raw'
        self.convert(qcow2())
        self.check_refused()
        self.assertEqual([], self.commands)

    def test_encrypted_data_is_refused(self):
        self.convert(qcow2(encryption=1))
        self.check_refused('encrypted')

    def test_too_large_for_an_image(self):
        for cap in (1 << 20, (1 << 20) - 1):
            self.conf.config(image_size_cap=cap)
            self.convert()
            if cap < 1 << 20:
                self.check_refused('larger')
            else:
                self.check_stored(DATA, disk_format='raw')

    def test_a_full_disk(self):
        for blocks in (16, 15):
            with mock.patch('os.statvfs') as status:
                status.return_value.f_bavail = blocks
                status.return_value.f_frsize = 4096
                self.convert()
            if blocks < 16:
                self.failure()
            else:
                self.check_stored(DATA, disk_format='raw')

    def test_cut_off_in_the_middle(self):
        """What the attempt before has left goes, the rest is done again."""
        url = self.put(self.area, data=qcow2(), attempt='w-fetch-1',
                       settled=False)
        with open(self.folder('staging') + '/.%s.w-plugin-0-1.part' % IMAGE,
                  'wb') as left:
            left.write(b'half')
        self.convert(number=2, progress={
            'next': 'plugin:0:image_conversion', 'tries': 1,
            'state': {'staged': {'url': url, 'size': 1 << 16}}})
        self.check_stored(DATA, disk_format='raw')

    def test_a_tool_that_fails(self):
        def fail(*args, **kwargs):
            raise exceptions.Conflict('tool')
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.steps.tools.run', fail))
        self.convert()
        self.check_refused('tool')


class TestOthers(PluginsTestCase):

    def inject(self, roles, ignored=('admin',), **given):
        self.conf.config(group='inject_metadata_properties',
                         inject={'a': 'b', 'status': 'active', 'c': 'new'},
                         ignore_user_roles=list(ignored))
        self.import_(DATA, 'inject_image_metadata', roles=roles, **given)
        self.result()
        self.fast.delete('file://%s/%s' % (self.folder('fast'), IMAGE))
        return self.registry.imports.finish_store.call_args.args[6].get(
            'properties')

    def test_ignored_roles_get_no_properties(self):
        for roles, properties in ((['member'], {'a': 'b', 'c': 'new'}),
                                  (None, {'a': 'b', 'c': 'new'}),
                                  (['x', 'Admin'], None)):
            self.assertEqual(properties, self.inject(roles))
        self.assertIsNone(self.inject(['x', 'admin'], ['ADMIN']))

    def test_properties_that_come_from_another_region_stay(self):
        url = self.put(self.area, attempt='w-fetch-1', settled=False)
        self.assertEqual({'a': 'b', 'c': 'new', 'd': 'e'}, self.inject(
            [], progress={
                'next': 'plugin:0:inject_image_metadata',
                'state': {'staged': {'url': url, 'size': len(DATA)},
                          'values': {'properties': {'c': 'd', 'd': 'e'}}}}))

    def test_several_in_order(self):
        self.conf.config(group='inject_metadata_properties',
                         inject={'a': 'b'}, ignore_user_roles=[])
        self.import_(gzip.compress(DATA), 'image_decompression', 'no_op',
                     'inject_image_metadata')
        self.check_stored(DATA, properties={'a': 'b'})
        self.assertEqual(
            ['image_decompression', 'no_op', 'inject_image_metadata'],
            list(dict.fromkeys(note['step'] for note in self.notes))[2:5])

    def test_an_unknown_plugin_is_refused(self):
        self.import_(DATA, 'dance')
        self.check_refused('no import plugin dance')

    def test_without_plugins_data_is_judged_as_it_comes(self):
        """With them it may have to be unpacked first."""
        self.records[IMAGE]['disk_format'] = 'qcow2'
        for plugins, name in (((), 'fetch'), (('no_op',), 'store:fast')):
            self.import_(DATA, *plugins)
            self.check_refused()
            self.assertIn(name, [note['next'] for note in self.notes])
