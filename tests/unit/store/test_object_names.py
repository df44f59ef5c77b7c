"""Names that are ours, and those that are not."""

import uuid

from oslotest import base

from glance.store.drivers.swift import swift_list
from glance.store import object_names

IMAGE, UPLOAD, OTHER = (str(uuid.uuid4()) for _number in range(3))
TIME = '1970-01-01T00:01:%02d.500000'


class NamesTestCase(base.BaseTestCase):

    def test_our_names_tell_image_attempt_and_part(self):
        for rest, expected in (
                ('', (None, None)), ('-' + UPLOAD, (UPLOAD, None)),
                ('-%s-store-12' % UPLOAD, (UPLOAD + '-store-12', None)),
                ('-%s-00001' % UPLOAD, (UPLOAD, '00001')),
                ('-%s-heal-1-00002' % UPLOAD, (UPLOAD + '-heal-1', '00002'))):
            self.assertEqual((IMAGE, *expected),
                             object_names.parse(IMAGE + rest))

    def test_those_of_others(self):
        for name in ('', 'x', 'volume-' + IMAGE, IMAGE + '_disk',
                     IMAGE + '-a1', IMAGE + '.part', IMAGE + '-00001',
                     IMAGE + '-' + UPLOAD + '-', IMAGE + '\n',
                     IMAGE + '-%s-1-00001' % UPLOAD, IMAGE.upper() + 'G'):
            self.assertIsNone(object_names.parse(name), name)


class ContainerTestCase(base.BaseTestCase):
    """What the objects of a container are together."""

    def read(self, names, pieces=()):
        """:returns: [(attempt, rest of the name, size, changed)]"""
        entries = [{'name': IMAGE + name, 'bytes': 10,
                    'last_modified': TIME % number}
                   for number, name in enumerate(names)]
        found = swift_list.read(
            entries, lambda image_id: [image_id + one for one in pieces])
        return [(one.attempt, one.name and one.name[len(IMAGE):], one.size,
                 one.changed) for one in found]

    def test_manifest_and_its_segments(self):
        parts = ['-%s-%05d' % (UPLOAD, number) for number in (1, 2)]
        self.assertEqual([(None, '', 20, 62.5)],
                         self.read(['', *parts], parts))

    def test_manifest_that_is_not_listed_yet(self):
        parts = ['-%s-%05d' % (UPLOAD, number) for number in (1, 2)]
        self.assertEqual([], self.read(parts, parts))

    def test_segments_without_a_manifest(self):
        self.assertEqual([(UPLOAD, None, 20, 61.5)], self.read(
            ['-%s-%05d' % (UPLOAD, number) for number in (1, 2)]))

    def test_name_with_the_attempt(self):
        self.assertEqual(
            [(None, '', 10, 60.5), (None, '-' + UPLOAD, 20, 63.5)],
            self.read(['', '-' + UPLOAD, '-%s-00001' % UPLOAD,
                       '-%s-00002' % UPLOAD], ['']))

    def test_names_of_others_are_left_out(self):
        self.assertEqual([], self.read(['_disk', '-a1']))
