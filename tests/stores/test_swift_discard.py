"""What an attempt has written goes, whatever the list of objects says."""

from oslotest import base
import swiftclient

from glance.store.drivers.swift import swift_parts


class Connection:
    """A container whose list lacks some objects."""

    def __init__(self, names, listed):
        self.names, self._listed = set(names), listed

    def get_container(self, container, prefix, full_listing):
        if self._listed is None:
            raise swiftclient.ClientException('', http_status=404)
        return {}, [{'name': name} for name in self._listed]

    def head_object(self, container, name):
        if name not in self.names:
            raise swiftclient.ClientException('', http_status=404)
        return {}

    def left(self):
        found = list(swift_parts.names(self, 'images', 'i-a1'))
        return sorted(self.names.difference(found))


class TestLeft(base.BaseTestCase):

    def test_nothing_stays_that_the_list_lacks(self):
        names = ['i-a1', 'i-a1-00001', 'i-a1-00002', 'i-a1-00003']
        for listed in ([], names[:1], names[1:2], names[2:], names):
            self.assertEqual([], Connection(names, listed).left(), listed)
        self.assertEqual([], Connection(names[:1], []).left())

    def test_segments_arrive_in_any_order(self):
        """Whoever is killed has left out some."""
        for numbers in ((2,), (4,), (1, 3, 7)):
            names = ['i-a1-%05d' % number for number in numbers]
            for listed in ([], names[:1], names):
                self.assertEqual([], Connection(names, listed).left(), names)

    def test_what_others_have_written_stays(self):
        names = ['i', 'i-a10', 'i-a2']
        self.assertEqual(names, Connection(names, names).left())

    def test_without_a_container_there_is_nothing(self):
        self.assertEqual([], list(swift_parts.names(
            Connection([], None), 'images', 'i-a1')))
